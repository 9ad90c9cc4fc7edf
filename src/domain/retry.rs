//! When to try again.

use std::time::Duration;

/// The delays between the attempts at one video.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retries(Vec<Duration>);

impl Retries {
    /// Attempt 2 comes after the first delay, attempt 3 after the second, …
    pub fn new(delays: Vec<Duration>) -> Self {
        Self(delays)
    }

    /// How long to wait after `attempt` (1, 2, …) failed; `None` when it was the last one.
    pub fn after(&self, attempt: u32) -> Option<Duration> {
        let index = usize::try_from(attempt.checked_sub(1)?).ok()?;
        self.0.get(index).copied()
    }
}

/// `first`, doubled with each of `tries` (0, 1, …), up to `most`.
pub(crate) fn doubling(first: Duration, tries: u32, most: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(tries)).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_attempts_then_the_end() {
        let retries = Retries::new([10, 20, 40].map(Duration::from_secs).to_vec());
        let delays = [1, 2, 3, 4].map(|attempt| retries.after(attempt).map(|d| d.as_secs()));
        assert_eq!(delays, [Some(10), Some(20), Some(40), None]);
    }

    #[test]
    fn doubling_stops_at_the_ceiling() {
        let after =
            |tries| doubling(Duration::from_secs(10), tries, Duration::from_mins(10)).as_secs();
        assert_eq!([0, 1, 2, 6, 7, 99].map(after), [10, 20, 40, 600, 600, 600]);
    }
}
