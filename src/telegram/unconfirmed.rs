//! Updates that are stored and that Telegram is not told of yet.

use std::{collections::VecDeque, time::Duration};

use crate::domain::time::Timestamp;

/// The updates of the last moments. Telegram keeps what it was not told of: should this site and its
/// database be lost, another one that goes on from an older copy gets them once more.
#[derive(Debug)]
pub(crate) struct Unconfirmed {
    after: Duration,
    /// Their numbers, each with the time at which it was stored, the oldest first.
    waiting: VecDeque<(i64, Timestamp)>,
    /// What follows all that was stored.
    next: i64,
}

impl Unconfirmed {
    /// Tells Telegram of an update so long after it was stored.
    pub(crate) fn new(after: Duration) -> Self {
        Self { after, waiting: VecDeque::new(), next: 0 }
    }

    /// Notes updates that were stored just now.
    pub(crate) fn stored(&mut self, numbers: &[i64], now: Timestamp) {
        // Of these alone: after a week of silence Telegram begins anew, anywhere.
        self.next = numbers.iter().max().map_or(self.next, |last| last.saturating_add(1));
        self.waiting.extend(numbers.iter().map(|number| (*number, now)));
    }

    /// Whether an update is known, and only comes again because Telegram was not told of it.
    pub(crate) fn has(&self, number: i64) -> bool {
        self.waiting.iter().any(|(known, _)| *known == number)
    }

    /// What to ask Telegram for, which tells it that all before has arrived.
    pub(crate) fn offset(&mut self, now: Timestamp) -> i64 {
        self.forget(now);
        self.waiting.iter().map(|(number, _)| *number).min().unwrap_or(self.next)
    }

    /// Whether Telegram was told of all. If not, it answers each request at once, with what is known.
    pub(crate) fn is_empty(&mut self, now: Timestamp) -> bool {
        self.forget(now);
        self.waiting.is_empty()
    }

    fn forget(&mut self, now: Timestamp) {
        self.waiting.retain(|(_, at)| now.since(*at) < self.after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp(1_764_000_000_000 + millis)
    }

    #[test]
    fn telegram_is_told_of_each_update_so_much_later() {
        let mut unconfirmed = Unconfirmed::new(Duration::from_secs(2));
        assert_eq!(unconfirmed.offset(at(0)), 0);
        unconfirmed.stored(&[7, 8], at(0));
        unconfirmed.stored(&[9], at(1000));
        assert_eq!(unconfirmed.offset(at(1999)), 7);
        assert!(unconfirmed.has(8) && unconfirmed.has(9) && !unconfirmed.has(10));
        assert_eq!(unconfirmed.offset(at(2000)), 9);
        assert!(!unconfirmed.has(8) && !unconfirmed.is_empty(at(2000)));
        assert_eq!(unconfirmed.offset(at(3000)), 10);
        assert!(unconfirmed.is_empty(at(3000)));
    }

    #[test]
    fn without_a_lag_it_is_told_with_the_next_request() {
        let mut unconfirmed = Unconfirmed::new(Duration::ZERO);
        unconfirmed.stored(&[7, 9, 8], at(0));
        assert_eq!(unconfirmed.offset(at(0)), 10);
        unconfirmed.stored(&[], at(1));
        assert_eq!(unconfirmed.offset(at(1)), 10);
        unconfirmed.stored(&[3], at(2));
        assert_eq!(unconfirmed.offset(at(2)), 4);
    }
}
