//! Bells: how a commit tells threads that there is something to do.

use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

/// How long those wait who rely on the ring alone.
const UNWATCHED: Duration = Duration::from_hours(1);

/// One bell. A waiter marks, looks for work, then waits on the mark: a ring
/// between the look and the wait is never lost.
#[derive(Debug, Default)]
pub struct Bell {
    rings: Mutex<u64>,
    rung: Condvar,
    watch: Mutex<()>,
}

/// How often a bell had rung when somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(u64);

impl Bell {
    /// To be taken before looking for work.
    pub fn mark(&self) -> Mark {
        Mark(*self.count())
    }

    /// Wakes one of those who wait. Who finds something to do rings for the next
    /// before doing it: so nobody wakes in vain, and there is always one who looks.
    pub fn ring(&self) {
        *self.count() += 1;
        self.rung.notify_one();
    }

    /// Wakes everybody who waits.
    pub fn ring_all(&self) {
        *self.count() += 1;
        self.rung.notify_all();
    }

    /// Waits until the bell has rung since `mark`, for `most` at most.
    pub fn wait(&self, mark: Mark, most: Duration) {
        let waited = self.rung.wait_timeout_while(self.count(), most, |rings| *rings == mark.0);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// As [`Self::wait`], but of all who wait like this one keeps the time; the others
    /// rely on the ring. When the one who watches finds something to do, its ring
    /// wakes another, who keeps watch in its stead.
    pub fn wait_in_company(&self, mark: Mark, most: Duration) {
        let (_watch, most) = self.watch(most);
        self.wait(mark, most);
    }

    /// The watch, if nobody has it, and how long to wait then.
    fn watch(&self, most: Duration) -> (Option<MutexGuard<'_, ()>>, Duration) {
        match self.watch.try_lock() {
            Ok(watch) => (Some(watch), most),
            Err(_) => (None, UNWATCHED),
        }
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
    /// The write-ahead log has grown long.
    pub log: Bell,
    /// The house closes. No commit rings it.
    pub closing: Bell,
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
    /// [`Bells::log`]
    Log,
}

impl Bells {
    /// The bell of that name.
    pub fn get(&self, name: Ring) -> &Bell {
        match name {
            Ring::Work => &self.work,
            Ring::Writing => &self.writing,
            Ring::Outbox => &self.outbox,
            Ring::Inbox => &self.inbox,
            Ring::Log => &self.log,
        }
    }

    /// Wakes everybody, so that they see that the house closes.
    pub fn ring_all(&self) {
        for name in [Ring::Work, Ring::Writing, Ring::Outbox, Ring::Inbox, Ring::Log] {
            self.get(name).ring_all();
        }
        self.closing.ring_all();
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

    #[test]
    fn of_all_who_wait_one_keeps_the_time() {
        let bell = Bell::default();
        let most = Duration::from_secs(5);
        let (watch, own) = bell.watch(most);
        assert_eq!((watch.is_some(), own), (true, most));
        let (none, long) = bell.watch(most);
        assert_eq!((none.is_some(), long), (false, UNWATCHED));
        drop(watch);
        assert_eq!(bell.watch(most).1, most);
    }
}
