//! The pulse of a run: when each of its parts last did what it is there for.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::service::{
    business::Business,
    loops::Loops,
    vitals::{RunState, Vitals, Work},
};

/// What is noted each time that it went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beat {
    /// Telegram answered a request for updates.
    Poll,
    /// A step of a job was settled.
    Step,
    /// Telegram took a message.
    Text,
    /// A change of the database was committed.
    Commit,
}

/// The beats of a run, in the machine's steady time: no jump of a clock makes them look younger or
/// older, and the time for which the machine slept is not counted. Noting one costs an atomic store.
#[derive(Debug)]
pub(crate) struct Pulse {
    began: Instant,
    /// Milliseconds from `began` on, and one; 0 before the first.
    beats: [AtomicU64; 4],
    /// The loops of the run.
    pub(crate) loops: Loops,
    /// What it does for people.
    pub(crate) business: Business,
    state: Mutex<PulseState>,
}

#[derive(Debug, Default)]
struct PulseState {
    run: RunState,
    work: Work,
    /// Since when the database fails, and how.
    fault: Option<(Instant, String)>,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            beats: Default::default(),
            loops: Loops::default(),
            business: Business::default(),
            state: Mutex::default(),
        }
    }
}

impl Pulse {
    /// Notes that it went well just now.
    pub(crate) fn beat(&self, beat: Beat) {
        self.beat_at(beat, Instant::now());
    }

    fn beat_at(&self, beat: Beat, now: Instant) {
        let at = millis(now.saturating_duration_since(self.began)) + 1;
        self.beats[beat as usize].fetch_max(at, Ordering::Relaxed);
        if beat == Beat::Commit {
            self.state().fault = None;
        }
    }

    /// How long ago it last went well; `None` before the first time.
    pub(crate) fn since(&self, beat: Beat) -> Option<Duration> {
        self.since_at(beat, Instant::now())
    }

    fn since_at(&self, beat: Beat, now: Instant) -> Option<Duration> {
        let at = self.beats[beat as usize].load(Ordering::Relaxed).checked_sub(1)?;
        Some(now.saturating_duration_since(self.began + Duration::from_millis(at)))
    }

    /// Notes that the database cannot be used, for this reason. A commit shows that it is over.
    pub(crate) fn database_failed(&self, reason: &str) {
        let now = Instant::now();
        self.state().fault.get_or_insert_with(|| (now, reason.to_owned()));
    }

    /// Whether the database could not be used when somebody last tried.
    pub(crate) fn is_failing(&self) -> bool {
        self.state().fault.is_some()
    }

    /// Notes what the run does from now on.
    pub(crate) fn enter(&self, run: RunState) {
        self.state().run = run;
    }

    /// Notes how much there is to do, and what was done today.
    pub(crate) fn note_work(&self, work: Work) {
        self.state().work = work;
    }

    /// How the run is doing.
    pub(crate) fn vitals(&self) -> Vitals {
        self.vitals_at(Instant::now())
    }

    fn vitals_at(&self, now: Instant) -> Vitals {
        let ago = |beat| self.since_at(beat, now).map(millis);
        let state = self.state();
        let fault = state.fault.as_ref();
        Vitals {
            state: state.run,
            up_ms: millis(now.saturating_duration_since(self.began)),
            polled_ms_ago: ago(Beat::Poll),
            settled_ms_ago: ago(Beat::Step),
            sent_ms_ago: ago(Beat::Text),
            committed_ms_ago: ago(Beat::Commit),
            database_fault: fault.map(|(_, reason)| reason.clone()),
            database_failing_ms: fault
                .map(|(since, _)| millis(now.saturating_duration_since(*since))),
            hanging: self.loops.hanging(now),
            work: state.work,
        }
    }

    fn state(&self) -> MutexGuard<'_, PulseState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_part_has_a_time_of_its_own_that_never_goes_back() {
        let pulse = Pulse::default();
        let at = |seconds| pulse.began + SECOND * seconds;
        pulse.beat_at(Beat::Poll, at(5));
        pulse.beat_at(Beat::Poll, at(3));
        pulse.beat_at(Beat::Commit, at(4));
        let beats = [Beat::Poll, Beat::Step, Beat::Text, Beat::Commit];
        let ages = [Some(SECOND * 2), None, None, Some(SECOND * 3)];
        assert_eq!(beats.map(|beat| pulse.since_at(beat, at(7))), ages);
    }

    #[test]
    fn a_fault_of_the_database_lasts_until_something_is_committed() {
        let pulse = Pulse::default();
        pulse.database_failed("disk full");
        pulse.database_failed("disk full again");
        pulse.beat(Beat::Poll);
        assert_eq!(pulse.vitals().database_fault.as_deref(), Some("disk full"));
        pulse.beat(Beat::Commit);
        assert_eq!(pulse.vitals().database_fault, None);
    }
}
