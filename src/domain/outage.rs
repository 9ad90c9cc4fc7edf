//! A fault that lasts, and how often it is worth a line in the log: when it
//! begins, once a minute while it lasts, and when it is over.

use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

/// The shortest time between two lines about the same thing.
const QUIET: Duration = Duration::from_mins(1);

/// Keeps count of one thing's failures, from any thread.
#[derive(Debug, Default)]
pub struct Outage(Mutex<Spell>);

#[derive(Debug, Default)]
struct Spell {
    began: Option<Instant>,
    failures: u64,
    told: bool,
    said: Option<Instant>,
}

/// What is worth saying of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutageReport {
    /// How often it has struck in a row.
    pub failures: u64,
    /// For how long.
    pub lasted: Duration,
}

impl Outage {
    /// Counts a failure at `now`; the report is to be told, where there is one.
    pub fn failed(&self, now: Instant) -> Option<OutageReport> {
        let mut spell = self.spell();
        spell.failures += 1;
        let began = *spell.began.get_or_insert(now);
        if spell.said.is_some_and(|said| now.saturating_duration_since(said) < QUIET) {
            return None;
        }
        (spell.said, spell.told) = (Some(now), true);
        Some(OutageReport {
            failures: spell.failures,
            lasted: now.saturating_duration_since(began),
        })
    }

    /// It has worked at `now`. There is a report when a fault was told of, and is over.
    pub fn worked(&self, now: Instant) -> Option<OutageReport> {
        let mut spell = self.spell();
        let began = spell.began.take()?;
        let ended = std::mem::take(&mut *spell);
        spell.said = ended.said;
        let lasted = now.saturating_duration_since(began);
        ended.told.then_some(OutageReport { failures: ended.failures, lasted })
    }

    fn spell(&self) -> MutexGuard<'_, Spell> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_lasting_fault_is_told_once_a_minute_and_when_it_is_over() {
        let (outage, start) = (Outage::default(), Instant::now());
        assert_eq!(outage.worked(start), None);
        let told: Vec<u64> = (0..150)
            .filter_map(|second| outage.failed(start + SECOND * second))
            .map(|report| report.failures)
            .collect();
        assert_eq!(told, [1, 61, 121]);
        let over = OutageReport { failures: 150, lasted: SECOND * 150 };
        assert_eq!(outage.worked(start + SECOND * 150), Some(over));
        assert_eq!(outage.worked(start + SECOND * 151), None);
    }

    #[test]
    fn what_comes_and_goes_all_the_time_is_no_flood_of_lines() {
        let (outage, start) = (Outage::default(), Instant::now());
        let mut lines = 0;
        for second in 0..60 {
            let now = start + SECOND * second;
            lines += usize::from(outage.failed(now).is_some());
            lines += usize::from(outage.worked(now).is_some());
        }
        assert_eq!(lines, 2);
    }
}
