//! Clocks: the system's, a faster one for the sandbox, one moved by hand for tests.

use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use crate::domain::ports::Clock;
use crate::domain::time::Timestamp;

/// The machine's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(0) + since
    }

    fn real(&self, duration: Duration) -> Duration {
        duration
    }
}

/// A clock that starts at the present and runs `speed` times as fast.
#[derive(Clone, Copy, Debug)]
pub struct FastClock {
    start: Timestamp,
    began: Instant,
    speed: f64,
}

impl FastClock {
    /// A clock that runs `speed` (over 0) times as fast as the machine's.
    pub fn new(speed: f64) -> Self {
        Self { start: SystemClock.now(), began: Instant::now(), speed }
    }
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        self.start + self.began.elapsed().mul_f64(self.speed)
    }

    fn real(&self, duration: Duration) -> Duration {
        duration.div_f64(self.speed)
    }
}

/// A clock that stands still until it is moved: nothing in a story needs to sleep.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl HandClock {
    /// A clock that shows `start`.
    pub fn at(start: Timestamp) -> Self {
        Self(AtomicI64::new(start.0))
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        let later = (self.now() + by).0;
        self.0.store(later, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    fn real(&self, _: Duration) -> Duration {
        Duration::ZERO
    }
}
