//! A window of time in which only so many calls are allowed.

use std::{collections::VecDeque, time::Duration};

use crate::domain::time::Timestamp;

/// The times of the latest calls.
#[derive(Debug, Default)]
pub(crate) struct Window(VecDeque<Timestamp>);

impl Window {
    /// Counts a call.
    pub(crate) fn count(&mut self, at: Timestamp) {
        self.0.push_back(at);
    }

    /// Takes back the newest call.
    pub(crate) fn uncount(&mut self) {
        self.0.pop_back();
    }

    /// When a window of `limit` calls opens again; `None` when it is open. The times ascend,
    /// so only those that leave it are read: this runs before every claim. Times in the
    /// future are left over from before the clock was put back.
    pub(crate) fn opens(
        &mut self,
        limit: usize,
        length: Duration,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let times = &mut self.0;
        while times.pop_back_if(|time| *time > now).is_some() {}
        while times.pop_front_if(|time| *time + length <= now).is_some() {}
        let excess = (times.len() + 1).checked_sub(limit).filter(|excess| *excess > 0)?;
        times.get(excess - 1).map(|time| *time + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_opens_when_its_oldest_entry_leaves_it() {
        let second = Duration::from_secs(1);
        let mut window = Window([100, 400, 700].map(Timestamp).into());
        assert_eq!(window.opens(4, second, Timestamp(900)), None);
        assert_eq!(window.opens(3, second, Timestamp(900)), Some(Timestamp(1100)));
        assert_eq!(window.opens(2, second, Timestamp(900)), Some(Timestamp(1400)));
        assert_eq!(window.opens(3, second, Timestamp(1100)), None);
        assert_eq!(window.0, [400, 700].map(Timestamp));
    }

    #[test]
    fn a_clock_that_was_put_back_does_not_close_a_window() {
        let mut window = Window([5_000_000, 5_000_001].map(Timestamp).into());
        assert_eq!(window.opens(1, Duration::from_secs(10), Timestamp(900)), None);
    }
}
