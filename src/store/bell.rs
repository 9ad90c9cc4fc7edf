//! Bells: how a commit tells threads that there is something to do.

use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;
use std::time::Instant;

/// How long those wait who rely on the ring alone.
const UNWATCHED: Duration = Duration::from_hours(1);

/// One bell. A waiter marks, looks for work, then waits on the mark: a ring
/// between the look and the wait is never lost.
#[derive(Debug, Default)]
pub struct Bell {
    state: Mutex<State>,
    rung: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// How often it has rung, for one or for all.
    rings: u64,
    /// How often it has rung for all.
    calls: u64,
    /// How many of the rings were followed by a look.
    looked: u64,
    /// The earliest time that one of a company keeps.
    watched: Option<Instant>,
}

impl State {
    /// Whether nothing concerns one of a company that looked at `mark`.
    fn sleeps(&self, mark: Mark) -> bool {
        self.rings == self.looked && self.calls == mark.calls
    }

    /// Takes the watch until `own`, unless somebody is awake before.
    fn keeps_time(&mut self, now: Instant, own: Instant) -> bool {
        let is_kept = self.watched.is_some_and(|watched| now <= watched && watched <= own);
        if !is_kept {
            self.watched = Some(own);
        }
        !is_kept
    }
}

/// How often a bell had rung when somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    rings: u64,
    calls: u64,
}

impl Bell {
    /// To be taken before looking for work.
    pub fn mark(&self) -> Mark {
        let mut state = self.state();
        state.looked = state.rings;
        Mark { rings: state.rings, calls: state.calls }
    }

    /// Wakes one of those who wait. Who finds something to do rings for the next
    /// before doing it: so nobody wakes in vain, and there is always one who looks.
    pub fn ring(&self) {
        self.state().rings += 1;
        self.rung.notify_one();
    }

    /// Wakes everybody who waits.
    pub fn ring_all(&self) {
        let mut state = self.state();
        state.rings += 1;
        state.calls += 1;
        drop(state);
        self.rung.notify_all();
    }

    /// Waits until the bell has rung since `mark`, for `most` at most.
    pub fn wait(&self, mark: Mark, most: Duration) {
        let state = self.state();
        let waited = self.rung.wait_timeout_while(state, most, |state| state.rings == mark.rings);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// As [`Self::wait`], for one of several who look for the same work: a ring after
    /// which one of them has looked concerns the others no more, and of all who wait one
    /// keeps the time; the others rely on the ring. When the one who watches finds
    /// something to do, its ring wakes another, who keeps watch in its stead.
    pub fn wait_in_company(&self, mark: Mark, most: Duration) {
        let now = Instant::now();
        let (mut state, own) = (self.state(), now + most);
        let most = if state.keeps_time(now, own) { most } else { UNWATCHED };
        let waited = self.rung.wait_timeout_while(state, most, |state| state.sleeps(mark));
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.watched == Some(own) {
            state.watched = None;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn what_one_of_a_company_has_looked_after_concerns_no_other() {
        let bell = Bell::default();
        let mark = bell.mark();
        bell.ring();
        assert!(!is_quiet(&bell, mark), "nobody has looked since");
        let late = bell.mark();
        assert!(is_quiet(&bell, mark) && is_quiet(&bell, late), "one has");
        bell.ring_all();
        let newest = bell.mark();
        assert!(!is_quiet(&bell, mark), "a call is for everybody");
        assert!(is_quiet(&bell, newest));
    }

    /// Whether one of a company who looked at `mark` would sleep on.
    fn is_quiet(bell: &Bell, mark: Mark) -> bool {
        bell.state().sleeps(mark)
    }

    #[test]
    fn of_all_who_wait_one_keeps_the_time() {
        let (mut state, now) = (State::default(), Instant::now());
        let at = |seconds| now + Duration::from_secs(seconds);
        assert!(state.keeps_time(now, at(5)));
        assert!(!state.keeps_time(now, at(7)), "another is awake before that");
        assert!(state.keeps_time(now, at(3)), "nobody is awake by then");
        assert!(state.keeps_time(at(4), at(9)), "the one who watched is late, or gone");
    }
}
