//! A fault that lasts, and its log: a line when it begins, one a minute while it lasts,
//! and one when it is over.

use std::{
    fmt::Display,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The shortest time between two lines about the same fault.
const LOG_INTERVAL: Duration = Duration::from_mins(1);

/// Counts the failures of one thing, from any thread, and logs them.
#[derive(Debug)]
pub struct Outage {
    lasts: String,
    over: String,
    hint: Option<&'static str>,
    is_error: bool,
    state: Mutex<OutageState>,
}

#[derive(Debug, Default)]
struct OutageState {
    began: Option<Instant>,
    failures: u64,
    is_logged: bool,
    logged_at: Option<Instant>,
}

/// How often in a row something has failed, and for how long.
type OutageReport = (u64, Duration);

impl Outage {
    /// With the log lines for while it lasts, a warning, and for when it is over.
    pub fn new(lasts: impl Into<String>, over: impl Into<String>) -> Self {
        let (lasts, over) = (lasts.into(), over.into());
        Self { lasts, over, hint: None, is_error: false, state: Mutex::default() }
    }

    /// With what the operator can do about it.
    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Logged as an error.
    #[must_use]
    pub fn error(self) -> Self {
        Self { is_error: true, ..self }
    }

    /// It has failed, for this reason.
    pub fn failed(&self, reason: &dyn Display) {
        self.failed_with(reason, self.hint);
    }

    /// The same, where the hint depends on the reason.
    pub fn failed_with(&self, reason: &dyn Display, hint: Option<&'static str>) {
        let Some((failures, lasted)) = self.count(Instant::now()) else { return };
        let reason = reason.to_string();
        if self.is_error {
            tracing::error!(reason, failures, ?lasted, hint, "{}", self.lasts);
        } else {
            tracing::warn!(reason, failures, ?lasted, hint, "{}", self.lasts);
        }
    }

    /// It has worked.
    pub fn worked(&self) {
        if let Some((failures, lasted)) = self.end(Instant::now()) {
            tracing::info!(failures, ?lasted, "{}", self.over);
        }
    }

    /// Counts a failure at `now`; there is a report when it is time for a line.
    fn count(&self, now: Instant) -> Option<OutageReport> {
        let mut state = self.state();
        state.failures += 1;
        let began = *state.began.get_or_insert(now);
        if state.logged_at.is_some_and(|last| now.saturating_duration_since(last) < LOG_INTERVAL) {
            return None;
        }
        (state.logged_at, state.is_logged) = (Some(now), true);
        Some((state.failures, now.saturating_duration_since(began)))
    }

    /// Ends what lasts, if anything does; there is a report when it was logged.
    fn end(&self, now: Instant) -> Option<OutageReport> {
        let mut state = self.state();
        let began = state.began.take()?;
        let ended = std::mem::take(&mut *state);
        state.logged_at = ended.logged_at;
        ended.is_logged.then(|| (ended.failures, now.saturating_duration_since(began)))
    }

    fn state(&self) -> MutexGuard<'_, OutageState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_lasting_fault_is_logged_once_a_minute_and_when_it_is_over() {
        let (outage, start) = (Outage::new("it fails", "it works again"), Instant::now());
        assert_eq!(outage.end(start), None);
        let logged: Vec<u64> = (0..150)
            .filter_map(|second| outage.count(start + SECOND * second))
            .map(|(failures, _)| failures)
            .collect();
        assert_eq!(logged, [1, 61, 121]);
        assert_eq!(outage.end(start + SECOND * 150), Some((150, SECOND * 150)));
        assert_eq!(outage.end(start + SECOND * 151), None);
    }

    #[test]
    fn a_fault_that_comes_and_goes_does_not_flood_the_log() {
        let (outage, start) = (Outage::new("it fails", "it works again"), Instant::now());
        let mut lines = 0;
        for second in 0..60 {
            let now = start + SECOND * second;
            lines += usize::from(outage.count(now).is_some());
            lines += usize::from(outage.end(now).is_some());
        }
        assert_eq!(lines, 2);
    }
}
