//! Bells: how a commit tells threads that there is something to do.

use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

/// One bell. A waiter marks, looks for work, then waits on the mark: a ring
/// between the look and the wait is never lost.
#[derive(Debug, Default)]
pub struct Bell {
    rings: Mutex<u64>,
    rung: Condvar,
}

/// How often a bell had rung when somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

impl Bell {
    /// To be taken before looking for work.
    pub fn mark(&self) -> Mark {
        Mark(*self.count())
    }

    /// Wakes everybody who waits.
    pub fn ring(&self) {
        *self.count() += 1;
        self.rung.notify_all();
    }

    /// Wakes one of those who wait: where one pair of hands is enough.
    pub fn ring_one(&self) {
        *self.count() += 1;
        self.rung.notify_one();
    }

    /// Waits until the bell has rung since `mark`, for `most` at most.
    pub fn wait(&self, mark: Mark, most: Duration) {
        let waited = self.rung.wait_timeout_while(self.count(), most, |rings| *rings == mark.0);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    fn count(&self) -> MutexGuard<'_, u64> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bells of the house.
#[derive(Debug, Default)]
pub struct Bells {
    /// A step has become due.
    pub work: Bell,
    /// A script is to be written.
    pub writing: Bell,
    /// Something is to be told.
    pub outbox: Bell,
    /// An update has arrived.
    pub inbox: Bell,
}

/// The name of a bell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ring {
    /// [`Bells::work`]
    Work,
    /// [`Bells::writing`]
    Writing,
    /// [`Bells::outbox`]
    Outbox,
    /// [`Bells::inbox`]
    Inbox,
}

impl Bells {
    /// The bell of that name.
    pub fn get(&self, name: Ring) -> &Bell {
        match name {
            Ring::Work => &self.work,
            Ring::Writing => &self.writing,
            Ring::Outbox => &self.outbox,
            Ring::Inbox => &self.inbox,
        }
    }

    /// Wakes everybody, so that they see that the house closes.
    pub fn ring_all(&self) {
        for name in [Ring::Work, Ring::Writing, Ring::Outbox, Ring::Inbox] {
            self.get(name).ring();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_between_look_and_wait_is_not_lost() {
        let bell = Bell::default();
        let mark = bell.mark();
        bell.ring();
        bell.wait(mark, Duration::from_hours(1));
        assert_ne!(bell.mark(), mark);
    }
}
