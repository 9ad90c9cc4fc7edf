//! The pulse of a run: when each of its parts last did what it is there for.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::domain::time::Timestamp;

/// What is noted each time that it went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    /// Telegram answered a request for updates.
    Poll,
    /// A step of a job was settled.
    Step,
    /// Telegram took a message.
    Text,
    /// A transaction was committed.
    Commit,
}

/// The times of the last beats, by the clock of the run. Noting one costs an atomic store.
#[derive(Debug, Default)]
pub(crate) struct Pulse([AtomicI64; 4]);

impl Pulse {
    /// Notes that it went well at `now`.
    pub(crate) fn beat(&self, beat: Beat, now: Timestamp) {
        self.0[beat as usize].fetch_max(now.0, Ordering::Relaxed);
    }

    /// When it last went well; `None` before the first time.
    pub(crate) fn last(&self, beat: Beat) -> Option<Timestamp> {
        let at = self.0[beat as usize].load(Ordering::Relaxed);
        (at > 0).then_some(Timestamp(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_a_time_of_its_own_that_never_goes_back() {
        let pulse = Pulse::default();
        pulse.beat(Beat::Poll, Timestamp(5));
        pulse.beat(Beat::Poll, Timestamp(3));
        pulse.beat(Beat::Commit, Timestamp(4));
        let beats = [Beat::Poll, Beat::Step, Beat::Text, Beat::Commit];
        let times = [Some(Timestamp(5)), None, None, Some(Timestamp(4))];
        assert_eq!(beats.map(|beat| pulse.last(beat)), times);
    }
}
