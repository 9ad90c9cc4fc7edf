//! The loops of a run: which are at work, which wait, and which hang.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How much later than it said a waiting loop may come back, on a machine with much else to do.
const SLACK: Duration = Duration::from_mins(1);

/// All loops that run now.
#[derive(Debug, Default)]
pub(crate) struct Loops(Arc<Mutex<Vec<LoopState>>>);

#[derive(Debug)]
struct LoopState {
    number: u64,
    name: &'static str,
    patience: Duration,
    turn: Turn,
}

#[derive(Clone, Copy, Debug)]
enum Turn {
    /// At work since then.
    Works(Instant),
    /// One of those with this name will look for work by then.
    Waits(Instant),
}

impl Loops {
    /// A loop begins. Of loops with one name, which look for the same work, one that waits may look
    /// in the others' stead. A step of it hangs when it takes longer than `patience`.
    pub(crate) fn join(&self, name: &'static str, patience: Duration) -> Loop {
        let mut loops = lock(&self.0);
        let number = loops.iter().map(|other| other.number + 1).max().unwrap_or(0);
        loops.push(LoopState { number, name, patience, turn: Turn::Works(Instant::now()) });
        Loop { number, name, loops: Arc::clone(&self.0) }
    }

    /// What hangs at `now`, in a few words; `None` while all is well.
    pub(crate) fn hanging(&self, now: Instant) -> Option<String> {
        let loops = lock(&self.0);
        let works_too_long = |state: &&LoopState| match state.turn {
            Turn::Works(since) => now.saturating_duration_since(since) > state.patience,
            Turn::Waits(_) => false,
        };
        let hung = loops.iter().filter(works_too_long).map(|state| state.name);
        let hung = hung.chain(loops.iter().map(|state| state.name).filter(|name| {
            let waits = loops.iter().filter(|other| other.name == *name);
            let until = waits.filter_map(|other| match other.turn {
                Turn::Waits(until) => Some(until),
                Turn::Works(_) => None,
            });
            until.max().is_some_and(|until| now.saturating_duration_since(until) > SLACK)
        }));
        let mut hung: Vec<&str> = hung.collect();
        hung.sort_unstable();
        hung.dedup();
        (!hung.is_empty()).then(|| hung.join(", "))
    }
}

/// One loop. Its place is free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Loop {
    number: u64,
    name: &'static str,
    loops: Arc<Mutex<Vec<LoopState>>>,
}

impl Loop {
    /// What it is called.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// It looks for work, and does it.
    pub(crate) fn works(&self) {
        self.turns(Turn::Works(Instant::now()));
    }

    /// It waits, and will look again after this time in any case, itself or another of its name.
    pub(crate) fn waits(&self, at_most: Duration) {
        self.turns(Turn::Waits(Instant::now() + at_most));
    }

    fn turns(&self, turn: Turn) {
        if let Some(state) = lock(&self.loops).iter_mut().find(|other| other.number == self.number)
        {
            state.turn = turn;
        }
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        lock(&self.loops).retain(|other| other.number != self.number);
    }
}

fn lock(loops: &Mutex<Vec<LoopState>>) -> MutexGuard<'_, Vec<LoopState>> {
    loops.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[test]
    fn a_step_that_never_ends_hangs_and_a_long_one_does_not() {
        let loops = Loops::default();
        let worker = loops.join("worker", 10 * MINUTE);
        worker.works();
        let now = Instant::now();
        assert_eq!(loops.hanging(now + 9 * MINUTE), None);
        assert_eq!(loops.hanging(now + 11 * MINUTE).as_deref(), Some("worker"));
        drop(worker);
        assert_eq!(loops.hanging(now + 11 * MINUTE), None);
    }

    #[test]
    fn one_of_those_that_wait_must_come_back_in_time() {
        let loops = Loops::default();
        let [one, two] = [(); 2].map(|()| loops.join("worker", 60 * MINUTE));
        one.waits(MINUTE);
        two.waits(5 * MINUTE);
        let now = Instant::now();
        assert_eq!(loops.hanging(now + 5 * MINUTE), None);
        assert_eq!(loops.hanging(now + 7 * MINUTE).as_deref(), Some("worker"));
        two.works();
        assert_eq!(loops.hanging(now + 7 * MINUTE).as_deref(), Some("worker"), "one is overdue");
        one.works();
        assert_eq!(loops.hanging(now + 7 * MINUTE), None, "both are at work");
    }

    #[test]
    fn a_loop_that_hangs_is_named_once() {
        let loops = Loops::default();
        let all = ["worker", "guard", "worker"].map(|name| loops.join(name, MINUTE));
        assert_eq!(
            loops.hanging(Instant::now() + 2 * MINUTE).as_deref(),
            Some("guard, worker"),
            "{all:?}"
        );
    }
}
