//! The pace at which messages may go out: over all chats, in each, and in the lane of statuses.
//!
//! All are the generic cell rate algorithm: each message moves the time at
//! which a steady stream would send its next one, and a burst may run ahead
//! of that time by so many messages. What a burst over all chats has taken is missing at the end of its
//! second: Telegram refuses more in any second than its limit. Beyond that it may ask for a wait: in one
//! chat, or, when it asks in several at once, in all.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::domain::{id::UserId, lane::Lane, ports::Clock, time::Timestamp};

/// How many messages may go to one chat in a row: Telegram allows short bursts.
const CHAT_BURST: i32 = 5;

/// Over all chats a burst of only a sixth of a second.
const BURST_SHARE: f64 = 6.0;

/// The share of statuses: so many times as few of them as of messages at all.
const STATUS_SHARE: f64 = 5.0;

/// When Telegram asks for a wait in so many chats within this time, it means all.
const CHATS_OF_ALL: usize = 3;
const AT_ONCE: Duration = Duration::from_secs(2);

/// Idle chats are removed when there are this many.
const PRUNE_AT: usize = 1024;

/// The pace of one bot, shared by all senders.
pub struct Pace {
    clock: Arc<dyn Clock>,
    overall: Rate,
    /// Over all chats so many messages at most in the time in which a steady stream sends as many.
    window: usize,
    status: Rate,
    chat: Rate,
    state: Mutex<PaceState>,
}

/// A rate: the time between two messages of a steady stream, and how far ahead a burst may run.
#[derive(Clone, Copy, Debug)]
struct Rate {
    interval: Duration,
    ahead: Duration,
}

#[derive(Debug)]
struct PaceState {
    overall: Timestamp,
    /// When the last messages went out, as many as there may be in a window.
    recent: VecDeque<Timestamp>,
    status: Timestamp,
    /// Until when Telegram wants nothing at all.
    held: Timestamp,
    /// Where and when Telegram asked for a wait last.
    asked: VecDeque<(Timestamp, UserId)>,
    chats: HashMap<UserId, Chat>,
    prune_at: usize,
}

/// When the next message of a steady stream would be sent, and until when Telegram wants none.
#[derive(Clone, Copy, Debug)]
struct Chat {
    next: Timestamp,
    held: Timestamp,
}

impl Rate {
    fn new(per_second: f64, burst: f64) -> Self {
        // Whole milliseconds, as time is counted here; rather too slow than too fast.
        let millis = (1000.0 / per_second.clamp(0.001, 1000.0)).ceil();
        let interval = Duration::from_secs_f64(millis / 1000.0);
        Self { interval, ahead: interval.mul_f64((burst - 1.0).max(0.0)) }
    }
}

impl Pace {
    /// A pace in messages a second, over all chats and in each; both over 0.
    pub fn new(clock: Arc<dyn Clock>, per_second: f64, per_second_per_chat: f64) -> Self {
        let never = Timestamp(0);
        let state = PaceState {
            overall: never,
            recent: VecDeque::new(),
            status: never,
            held: never,
            asked: VecDeque::new(),
            chats: HashMap::new(),
            prune_at: PRUNE_AT,
        };
        let status = per_second / STATUS_SHARE;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 1000")]
        let window = per_second.clamp(1.0, 1000.0) as usize;
        Self {
            clock,
            overall: Rate::new(per_second, per_second / BURST_SHARE),
            window,
            status: Rate::new(status, status / BURST_SHARE),
            chat: Rate::new(per_second_per_chat, CHAT_BURST.into()),
            state: Mutex::new(state),
        }
    }

    /// When the next message may go to anybody at all; a time in the past, if it may go now.
    pub fn opens_at(&self) -> Timestamp {
        let state = self.state();
        let steady = (state.overall - self.overall.ahead).max(state.held);
        match state.recent.front() {
            Some(first) if state.recent.len() >= self.window => {
                let window = u32::try_from(self.window).unwrap_or(u32::MAX);
                steady.max(*first + self.overall.interval * window)
            }
            _ => steady,
        }
    }

    /// When the next message of a lane may go to this chat; a time in the past, if it may
    /// go now. ("Now" itself would lie in the future of a caller that read the
    /// clock before.)
    pub fn ready_at(&self, chat: UserId, lane: Lane) -> Timestamp {
        let (open, state) = (self.opens_for(lane), self.state());
        let own = state.chats.get(&chat).map(|chat| (chat.next - self.chat.ahead).max(chat.held));
        own.map_or(open, |own| own.max(open))
    }

    /// When the next message of a lane may go to anybody at all; a time in the past, if it may go now.
    pub fn opens_for(&self, lane: Lane) -> Timestamp {
        let overall = self.opens_at();
        match lane {
            Lane::Status => overall.max(self.state().status - self.status.ahead),
            Lane::Answers | Lane::News | Lane::Broadcast => overall,
        }
    }

    /// Counts a message of a lane to this chat.
    pub fn take(&self, chat: UserId, lane: Lane) {
        let now = self.clock.now();
        let mut state = self.state();
        state.overall = state.overall.max(now) + self.overall.interval;
        if state.recent.len() >= self.window {
            state.recent.pop_front();
        }
        state.recent.push_back(now);
        if lane == Lane::Status {
            state.status = state.status.max(now) + self.status.interval;
        }
        let entry = state.entry(chat, now);
        entry.next = entry.next.max(now) + self.chat.interval;
    }

    /// Holds this chat back until then, as Telegram asked; and every chat, when it has just asked in
    /// several.
    pub fn hold(&self, chat: UserId, until: Timestamp) {
        let now = self.clock.now();
        let mut state = self.state();
        if state.asks_all(chat, now) {
            state.held = state.held.max(until);
        }
        let entry = state.entry(chat, now);
        entry.held = entry.held.max(until);
    }

    fn state(&self) -> MutexGuard<'_, PaceState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PaceState {
    /// Whether Telegram, which asks for a wait in this chat, means all of them.
    fn asks_all(&mut self, chat: UserId, now: Timestamp) -> bool {
        self.asked.retain(|(at, asked)| now.since(*at) <= AT_ONCE && *asked != chat);
        self.asked.push_back((now, chat));
        // What is not needed to count so far is forgotten.
        let extra = self.asked.len().saturating_sub(CHATS_OF_ALL);
        self.asked.drain(..extra);
        self.asked.len() == CHATS_OF_ALL
    }

    fn entry(&mut self, chat: UserId, now: Timestamp) -> &mut Chat {
        if self.chats.len() >= self.prune_at {
            self.chats.retain(|_, chat| chat.next > now || chat.held > now);
            self.prune_at = PRUNE_AT.max(self.chats.len() * 2);
        }
        self.chats.entry(chat).or_insert(Chat { next: now, held: now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    const ANN: UserId = UserId(1);
    const BEN: UserId = UserId(2);

    fn pace() -> (Arc<ManualClock>, Pace) {
        let clock = Arc::new(ManualClock::at(Timestamp(1_000_000)));
        let pace = Pace::new(Arc::clone(&clock) as Arc<dyn Clock>, 30.0, 1.0);
        (clock, pace)
    }

    /// Milliseconds until the next message may go.
    fn wait(clock: &ManualClock, pace: &Pace, chat: UserId) -> u128 {
        pace.ready_at(chat, Lane::Answers).since(clock.now()).as_millis()
    }

    #[test]
    fn a_chat_may_burst_and_then_keeps_its_pace() {
        let (clock, pace) = pace();
        for _ in 0..CHAT_BURST {
            assert_eq!(wait(&clock, &pace, ANN), 0);
            pace.take(ANN, Lane::Answers);
        }
        assert_eq!(wait(&clock, &pace, ANN), 1000);
        clock.advance(Duration::from_secs(1));
        assert_eq!(wait(&clock, &pace, ANN), 0);
        pace.take(ANN, Lane::News);
        assert_eq!(wait(&clock, &pace, ANN), 1000);
        assert_eq!(wait(&clock, &pace, BEN), 0, "another chat is not held back");
    }

    #[test]
    fn all_chats_together_keep_the_pace() {
        let (clock, pace) = pace();
        let mut sent = 0;
        let second = clock.now() + Duration::from_secs(1);
        while clock.now() < second {
            let chat = UserId(100 + sent);
            while wait(&clock, &pace, chat) == 0 {
                pace.take(chat, Lane::Answers);
                sent += 1;
            }
            clock.advance(Duration::from_millis(1));
        }
        assert_eq!(sent, 30);
    }

    #[test]
    fn no_second_of_a_flood_has_more_than_the_limit() {
        let (clock, pace) = pace();
        let mut sent: Vec<Timestamp> = Vec::new();
        let end = clock.now() + Duration::from_secs(20);
        while clock.now() < end {
            let chat = UserId(100 + i64::try_from(sent.len()).unwrap());
            let wait = wait(&clock, &pace, chat);
            if wait == 0 {
                pace.take(chat, Lane::Answers);
                sent.push(clock.now());
            }
            // Now and then nothing is to be sent for a while.
            let pause = if sent.len().is_multiple_of(97) { 700 } else { wait.min(1) };
            clock.advance(Duration::from_millis(u64::try_from(pause).unwrap()));
        }
        let most = sent.iter().map(|from| {
            let second = *from + Duration::from_secs(1);
            sent.iter().filter(|at| (*from..second).contains(at)).count()
        });
        assert_eq!(most.max(), Some(30));
        assert!(sent.len() > 500, "{}", sent.len());
    }

    #[test]
    fn telegrams_wait_holds_one_chat_only() {
        let (clock, pace) = pace();
        pace.hold(ANN, clock.now() + Duration::from_secs(14));
        pace.hold(ANN, clock.now() + Duration::from_secs(3));
        assert_eq!(wait(&clock, &pace, ANN), 14_000);
        assert_eq!(wait(&clock, &pace, BEN), 0);
        clock.advance(Duration::from_secs(14));
        assert_eq!(wait(&clock, &pace, ANN), 0);
    }

    #[test]
    fn a_wait_in_three_chats_at_once_is_a_wait_for_all() {
        let asked = |chats: &[i64], gap: u64| {
            let (clock, pace) = pace();
            for chat in chats {
                pace.hold(UserId(*chat), clock.now() + Duration::from_secs(9));
                clock.advance(Duration::from_millis(gap));
            }
            wait(&clock, &pace, UserId(99)) > 0
        };
        for (chats, gap, all) in [
            (&[1, 2, 3][..], 900, true),
            (&[1, 2, 3], 1100, false),
            (&[1, 2], 0, false),
            (&[1, 1, 1, 1], 0, false),
            (&[1, 2, 1, 2], 0, false),
            (&[1, 1, 1, 2, 2, 3], 0, true),
            (&[1, 2, 3, 4], 900, true),
        ] {
            assert_eq!(asked(chats, gap), all, "{chats:?} {gap} ms apart");
        }
    }

    #[test]
    fn a_wait_for_all_ends_by_itself() {
        let (clock, pace) = pace();
        for chat in [1, 2, 3] {
            pace.hold(UserId(chat), clock.now() + Duration::from_secs(9));
        }
        assert_eq!((wait(&clock, &pace, BEN), wait(&clock, &pace, UserId(99))), (9000, 9000));
        assert_eq!(pace.opens_at().since(clock.now()), Duration::from_secs(9));
        clock.advance(Duration::from_secs(9));
        assert_eq!(wait(&clock, &pace, UserId(99)), 0);
    }

    #[test]
    fn statuses_take_at_most_a_fifth() {
        let (clock, pace) = pace();
        let (mut statuses, mut others) = (0, 0);
        let end = clock.now() + Duration::from_secs(10);
        while clock.now() < end {
            let chat = UserId(100 + statuses + others);
            if pace.ready_at(chat, Lane::Status) <= clock.now() {
                pace.take(chat, Lane::Status);
                statuses += 1;
            } else if pace.ready_at(chat, Lane::Broadcast) <= clock.now() {
                pace.take(chat, Lane::Broadcast);
                others += 1;
            } else {
                clock.advance(Duration::from_millis(1));
            }
        }
        assert!((55..=62).contains(&statuses), "{statuses}");
        assert!((230..=250).contains(&others), "{others}");
    }

    #[test]
    fn idle_chats_are_forgotten_and_held_ones_are_not() {
        let (clock, pace) = pace();
        pace.hold(ANN, clock.now() + Duration::from_secs(1_000_000));
        for chat in 10..10_000 {
            pace.take(UserId(chat), Lane::Answers);
            clock.advance(Duration::from_millis(100));
        }
        assert!(pace.state().chats.len() <= PRUNE_AT, "{}", pace.state().chats.len());
        assert!(wait(&clock, &pace, ANN) > 0);
    }
}
