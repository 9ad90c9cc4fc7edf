//! Telegram's flood limits, as far as they are published: about one message a
//! second per chat with short bursts, about thirty a second overall.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use crate::domain::{id::UserId, time::Timestamp};

/// Messages per second over all chats.
const OVERALL: usize = 30;

/// Messages that one chat takes at once before the pace of one a second begins.
const BURST: f64 = 20.0;

/// Counts what is sent.
#[derive(Debug, Default)]
pub struct FloodLimit {
    recent: VecDeque<Timestamp>,
    chats: BTreeMap<UserId, Bucket>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Timestamp,
}

impl FloodLimit {
    /// Counts a message, or fails with the seconds to wait.
    pub fn count(&mut self, chat: UserId, now: Timestamp) -> Result<(), u64> {
        let second = Duration::from_secs(1);
        while self.recent.front().is_some_and(|sent| now.since(*sent) >= second) {
            self.recent.pop_front();
        }
        let bucket = self.chats.entry(chat).or_insert(Bucket { left: BURST, at: now });
        bucket.left = BURST.min(bucket.left + now.since(bucket.at).as_secs_f64());
        bucket.at = now;
        if self.recent.len() >= OVERALL || bucket.left < 1.0 {
            return Err(1);
        }
        bucket.left -= 1.0;
        self.recent.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_takes_a_burst_and_then_one_a_second() {
        let mut flood = FloodLimit::default();
        let start = Timestamp(0);
        let sent = (0..25).filter(|_| flood.count(UserId(1), start).is_ok()).count();
        assert_eq!(sent, 20);
        assert_eq!(flood.count(UserId(2), start), Ok(()));
        let later = start + Duration::from_secs(1);
        assert_eq!(flood.count(UserId(1), later), Ok(()));
        assert_eq!(flood.count(UserId(1), later), Err(1));
    }

    #[test]
    fn all_chats_together_take_thirty_a_second() {
        let mut flood = FloodLimit::default();
        let sent = (0..40).filter(|chat| flood.count(UserId(*chat), Timestamp(0)).is_ok()).count();
        assert_eq!(sent, 30);
    }
}
