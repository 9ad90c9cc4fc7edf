//! How many workers may do the same kind of step at once. A server that accepts
//! calls and never answers blocks the workers that call it for minutes; the others
//! go on with steps of the other kinds.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::domain::job::Step;

/// One of so many workers is kept free of each kind of step.
const RESERVE: usize = 5;

/// The limits of all kinds, shared by the workers.
#[derive(Debug)]
pub struct StepLimits {
    most: usize,
    taken: [AtomicUsize; 3],
}

/// The right to do one step; it is given back when it is dropped.
#[derive(Debug)]
pub struct StepPermit {
    limits: Arc<StepLimits>,
    step: Step,
}

impl StepLimits {
    /// Limits for so many workers.
    pub fn new(workers: usize) -> Self {
        let reserve = (workers / RESERVE).max(1);
        Self { most: workers.saturating_sub(reserve).max(1), taken: Default::default() }
    }

    /// Whether one more step of this kind may begin.
    pub fn is_free(&self, step: Step) -> bool {
        self.taken(step).load(Ordering::SeqCst) < self.most
    }

    /// Takes a permit. Claims come one after the other, under the writer's mutex, so
    /// no other worker takes the last one in between.
    pub fn take(self: &Arc<Self>, step: Step) -> StepPermit {
        self.taken(step).fetch_add(1, Ordering::SeqCst);
        StepPermit { limits: Arc::clone(self), step }
    }

    fn taken(&self, step: Step) -> &AtomicUsize {
        match step {
            Step::Submit => &self.taken[0],
            Step::Poll => &self.taken[1],
            Step::Deliver => &self.taken[2],
        }
    }
}

impl Drop for StepPermit {
    fn drop(&mut self) {
        self.limits.taken(self.step).fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kind_of_step_never_takes_all_workers() {
        for (workers, most) in [(1, 1), (2, 1), (5, 4), (20, 16), (256, 205)] {
            let limits = Arc::new(StepLimits::new(workers));
            let mut taken = Vec::new();
            while limits.is_free(Step::Poll) {
                taken.push(limits.take(Step::Poll));
            }
            assert_eq!(taken.len(), most, "{workers} workers");
            assert!(limits.is_free(Step::Submit) && limits.is_free(Step::Deliver));
            taken.pop();
            assert!(limits.is_free(Step::Poll));
        }
    }
}
