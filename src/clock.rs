//! Clocks: the system's, a faster one for the sandbox, one moved by hand for tests.

use std::fmt;
use std::str::FromStr;
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

/// A clock that showed the machine's time at some moment and has run `speed` times as fast
/// since. Written as `moment@speed`, it can be handed to another process, which then
/// lives in the same time.
#[derive(Clone, Copy, Debug)]
pub struct FastClock {
    since: Timestamp,
    speed: f64,
    start: Timestamp,
    began: Instant,
}

impl FastClock {
    /// A clock that runs `speed` (over 0) times as fast as the machine's from now on.
    pub fn new(speed: f64) -> Self {
        Self::since(SystemClock.now(), speed)
    }

    fn since(since: Timestamp, speed: f64) -> Self {
        let passed = SystemClock.now().since(since);
        Self { since, speed, start: since + passed.mul_f64(speed), began: Instant::now() }
    }
}

impl fmt::Display for FastClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.since.0, self.speed)
    }
}

impl FromStr for FastClock {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('@').and_then(|(since, speed)| {
            let (since, speed) = (since.parse().ok()?, speed.parse::<f64>().ok()?);
            (speed.is_finite() && speed > 0.0).then_some((since, speed))
        });
        let (since, speed) = parts.ok_or("is no clock: write Unix milliseconds @ speed")?;
        Ok(Self::since(Timestamp(since), speed))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_handed_on_shows_the_same_time() {
        let since = SystemClock.now() - Duration::from_hours(1);
        let clock: FastClock = format!("{}@60", since.0).parse().unwrap();
        let handed_on: FastClock = clock.to_string().parse().unwrap();
        assert!(clock.now() >= since + Duration::from_hours(60));
        assert!(handed_on.now().since(clock.now()) < Duration::from_hours(1));
        assert_eq!(clock.real(Duration::from_mins(1)), Duration::from_secs(1));
        for wrong in ["", "5", "@2", "5@0", "5@-1", "5@inf", "x@2"] {
            assert!(wrong.parse::<FastClock>().is_err(), "{wrong}");
        }
    }
}
