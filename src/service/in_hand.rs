//! What the threads of a pool have in hand, so that no two of them do the same.

use std::{
    collections::HashSet,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is in hand.
pub(crate) struct InHand<T>(Mutex<HashSet<T>>);

/// One thing in hand, until this is dropped: also by a panic.
#[must_use]
pub(crate) struct Held<'a, T: Eq + Hash> {
    all: &'a InHand<T>,
    item: T,
}

impl<T> Default for InHand<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Copy + Eq + Hash> InHand<T> {
    /// Takes what is found, with what is needed to do it. The search is told what is in hand, and nobody
    /// else takes anything meanwhile.
    pub(crate) fn take<W, E>(
        &self,
        find: impl FnOnce(&HashSet<T>) -> Result<Option<(T, W)>, E>,
    ) -> Result<Option<(Held<'_, T>, W)>, E> {
        let mut all = self.all();
        let Some((item, what)) = find(&all)? else { return Ok(None) };
        all.insert(item);
        Ok(Some((Held { all: self, item }, what)))
    }
}

impl<T> InHand<T> {
    fn all(&self) -> MutexGuard<'_, HashSet<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Eq + Hash> Drop for Held<'_, T> {
    fn drop(&mut self) {
        self.all.all().remove(&self.item);
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    /// Takes the first of two that nobody has.
    fn take(in_hand: &InHand<u8>) -> Option<(Held<'_, u8>, ())> {
        let free = |all: &HashSet<u8>| [1, 2].into_iter().find(|item| !all.contains(item));
        in_hand.take(|all| Ok::<_, ()>(free(all).map(|item| (item, ())))).unwrap()
    }

    #[test]
    fn what_is_in_hand_is_free_again_after_a_panic() {
        let in_hand = InHand::default();
        let first = take(&in_hand).unwrap();
        let panics = || {
            let (held, ()) = take(&in_hand).unwrap();
            assert_eq!(held.item, 2);
            assert!(take(&in_hand).is_none());
            panic!("on purpose");
        };
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        assert_eq!(take(&in_hand).unwrap().0.item, 2);
        assert_eq!(first.0.item, 1);
    }
}
