//! Clocks: the system's, one that does not follow its jumps, a faster one for
//! the sandbox, one that tests move.

use std::{
    fmt,
    str::FromStr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::domain::{ports::Clock, time::Timestamp};

/// The machine's wall clock, for commands: they are over before it jumps.
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

/// How much faster or slower than real time a steady clock runs while it is off,
/// as a share: a wait of half an hour becomes one of 27 to 33 minutes, and an hour is
/// caught up with in ten.
const STEERING: i64 = 10;

/// How far off the machine's clock must be to be worth a line in the log.
const JUMP: Duration = Duration::from_secs(30);

/// A clock for what runs for long. It counts real time, whatever somebody does to
/// the machine's clock, and only steers towards what that one shows: when it is put
/// back nothing waits for an hour, and when it leaps ahead no render times out.
#[derive(Debug)]
pub(crate) struct SteadyClock {
    began: Instant,
    state: Mutex<(Steering, bool)>,
}

impl SteadyClock {
    /// A clock that shows what the machine's shows now.
    pub(crate) fn start() -> Self {
        let state = Mutex::new((Steering::at(nanos(SystemClock.now())), false));
        Self { began: Instant::now(), state }
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (steering, jumped) = &mut *state;
        let shown = steering.steer(whole(wall), self.began.elapsed());
        if *jumped != (steering.off.unsigned_abs() >= JUMP.as_nanos().try_into().unwrap_or(0)) {
            *jumped = !*jumped;
            log_jump(steering.off, *jumped);
        }
        shown
    }

    fn real(&self, duration: Duration) -> Duration {
        duration
    }
}

fn log_jump(off: i64, jumped: bool) {
    let seconds = off / 1_000_000_000;
    if jumped {
        let hint =
            "timeouts and waits go by real time; the times that reelbot records follow slowly";
        tracing::warn!(seconds, hint, "the machine's clock has jumped");
    } else {
        tracing::info!("reelbot's clock and the machine's agree again");
    }
}

/// What a steady clock shows, from what the machine's shows and the time that has
/// really passed. All in nanoseconds.
#[derive(Debug)]
struct Steering {
    shown: i64,
    at: i64,
    /// How far the machine's clock is ahead.
    off: i64,
}

impl Steering {
    fn at(start: i64) -> Self {
        Self { shown: start, at: 0, off: 0 }
    }

    fn steer(&mut self, wall: i64, elapsed: Duration) -> Timestamp {
        let elapsed = whole(elapsed);
        let passed = elapsed.saturating_sub(self.at).max(0);
        let steady = self.shown.saturating_add(passed);
        let most = passed / STEERING;
        let step = wall.saturating_sub(steady).clamp(-most, most);
        (self.shown, self.at) = (steady.saturating_add(step), elapsed.max(self.at));
        self.off = wall.saturating_sub(self.shown);
        Timestamp(self.shown / 1_000_000)
    }
}

fn nanos(time: Timestamp) -> i64 {
    time.0.saturating_mul(1_000_000)
}

fn whole(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

/// A clock that showed the machine's time at some moment and has run `speed` times as fast
/// since. Written as `moment@speed`, it can be handed to another process, which then
/// has the same time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FastClock {
    since: Timestamp,
    speed: f64,
    start: Timestamp,
    began: Instant,
}

impl FastClock {
    /// A clock that runs `speed` (over 0) times as fast as the machine's from now on.
    pub(crate) fn new(speed: f64) -> Self {
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

/// A clock that stands still until it is moved: no test needs to sleep.
/// It is steady too: when the machine's clock jumps, it does not.
#[derive(Debug)]
pub struct ManualClock(Mutex<ManualTime>);

#[derive(Debug)]
struct ManualTime {
    steering: Steering,
    wall: i64,
    passed: Duration,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn at(start: Timestamp) -> Self {
        let wall = nanos(start);
        Self(Mutex::new(ManualTime { steering: Steering::at(wall), wall, passed: Duration::ZERO }))
    }

    /// Time passes.
    pub fn advance(&self, by: Duration) {
        self.with(|time| {
            time.wall += whole(by);
            time.passed += by;
        });
    }

    /// Somebody puts the machine's clock forward, or back by so many seconds.
    pub fn jump(&self, seconds: i64) {
        self.with(|time| time.wall += seconds * 1_000_000_000);
    }

    /// The program is started anew: it knows no other time than the machine's.
    pub fn restart(&self) {
        self.with(|time| {
            (time.steering, time.passed) = (Steering::at(time.wall), Duration::ZERO);
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut ManualTime) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.with(|time| time.steering.steer(time.wall, time.passed))
    }

    fn real(&self, _: Duration) -> Duration {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_passed_to_another_process_shows_the_same_time() {
        let since = SystemClock.now() - Duration::from_hours(1);
        let clock: FastClock = format!("{}@60", since.0).parse().unwrap();
        let passed_on: FastClock = clock.to_string().parse().unwrap();
        assert!(clock.now() >= since + Duration::from_hours(60));
        assert!(passed_on.now().since(clock.now()) < Duration::from_hours(1));
        assert_eq!(clock.real(Duration::from_mins(1)), Duration::from_secs(1));
        for wrong in ["", "5", "@2", "5@0", "5@-1", "5@inf", "x@2"] {
            assert!(wrong.parse::<FastClock>().is_err(), "{wrong}");
        }
    }

    const HOUR: i64 = 3600;
    const MINUTE: Duration = Duration::from_mins(1);

    fn clock() -> ManualClock {
        ManualClock::at(Timestamp(1_795_000_000_000))
    }

    /// Minutes that the clock counts while so many pass, read every second.
    fn counted(clock: &ManualClock, minutes: u32) -> f64 {
        let before = clock.now();
        for _ in 0..minutes * 60 {
            clock.advance(MINUTE / 60);
            clock.now();
        }
        clock.now().since(before).as_secs_f64() / 60.0
    }

    #[test]
    fn a_jump_moves_nothing_and_is_followed_slowly() {
        for (jump, after_half_an_hour) in [(HOUR, 33.0), (-HOUR, 27.0), (-24 * HOUR, 27.0)] {
            let clock = clock();
            let before = clock.now();
            clock.jump(jump);
            assert_eq!(clock.now(), before, "{jump} s");
            let found = counted(&clock, 30);
            assert!((found - after_half_an_hour).abs() < 0.01, "{jump} s: {found}");
        }
    }

    #[test]
    fn a_jump_that_is_taken_back_leaves_next_to_nothing() {
        for jump in [HOUR, -HOUR] {
            let clock = clock();
            clock.jump(jump);
            counted(&clock, 5);
            clock.jump(-jump);
            counted(&clock, 5);
            let found = counted(&clock, 30);
            assert!((found - 30.0).abs() < 0.01, "{jump} s: {found}");
        }
    }

    #[test]
    fn it_agrees_with_the_machine_again_after_ten_hours_and_never_runs_backwards() {
        let clock = clock();
        clock.jump(-HOUR);
        let mut last = clock.now();
        for _ in 0..601 {
            clock.advance(MINUTE);
            assert!(clock.now() > last);
            last = clock.now();
        }
        clock.restart();
        assert_eq!(clock.now(), last);
    }

    #[test]
    fn however_often_it_is_read_it_steers_the_same() {
        let steer = |reads: u32| {
            let mut steering = Steering::at(0);
            for read in 1..=reads {
                let passed = Duration::from_secs(10) * read / reads;
                steering.steer(whole(passed) + nanos(Timestamp(HOUR * 1000)), passed);
            }
            steering.shown / 1_000_000
        };
        assert_eq!((steer(1), steer(100_000)), (11_000, 11_000));
    }

    #[test]
    fn a_steady_clock_shows_the_time() {
        let clock = SteadyClock::start();
        let off = clock.now().0.abs_diff(SystemClock.now().0);
        assert!(off < 60_000, "{off} ms");
    }
}
