//! What becomes of a message that waits in the outbox, after it was tried.
//!
//! A sent message has no key by which Telegram would know it again, so a lost
//! answer leaves a choice between a message twice and a message never. An edit
//! may be repeated as often as one likes. A screen answers somebody who waits in
//! front of it, so it is repeated up to three times after lost answers, and a little
//! longer while servers are in trouble, when most likely nothing was done. News tell of money and of finished orders: to be told twice is better
//! than never, within bounds.

use std::time::Duration;

use crate::domain::id::MessageId;
use crate::domain::time::Timestamp;
use crate::store::outbox::Kind;
use crate::store::outbox::Message;
use crate::telegram::trouble::Trouble;

/// The wait before the first repetition; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_secs(2);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// How old a message may grow: nobody waits for it any more.
const LIFETIME: Duration = Duration::from_hours(24);

/// How often each may be repeated though it may have arrived.
const SCREEN_AFTER_LOST_ANSWER: u32 = 3;
const SCREEN_WHILE_DOWN: u32 = 5;
const NEWS: u32 = 8;

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has been told, in this message if Telegram said which.
    Sent(Option<MessageId>),
    /// It is tried again then.
    Later(Timestamp),
    /// It is given up; why.
    GivenUp(String),
    /// The person blocked the bot or is gone; why.
    Unreachable(String),
    /// The person was known to have blocked the bot.
    StillBlocked,
}

/// What becomes of a message that met this trouble; `doubts` counts how often it
/// may have arrived by now.
pub fn after(message: &Message, trouble: &Trouble, doubts: u32, now: Timestamp) -> Outcome {
    let old = now.since(message.created_at) >= LIFETIME;
    let again = match trouble {
        Trouble::Blocked(text) => return Outcome::Unreachable(text.clone()),
        Trouble::NotModified => return Outcome::Sent(message.edits),
        Trouble::RetryAfter(wait) => now + (*wait).max(Duration::from_secs(1)),
        Trouble::NotSent(_) | Trouble::TokenWrong(_) | Trouble::Conflict(_) => {
            now + backoff(message.tries)
        }
        Trouble::Down(_) | Trouble::Unknown(_) if doubts <= patience(message, trouble) => {
            now + backoff(message.tries)
        }
        Trouble::Down(_)
        | Trouble::Unknown(_)
        | Trouble::EditGone(_)
        | Trouble::QueryTooOld
        | Trouble::TooLarge(_)
        | Trouble::Refused(_) => return Outcome::GivenUp(trouble.to_string()),
    };
    if old { Outcome::GivenUp(format!("after a day: {trouble}")) } else { Outcome::Later(again) }
}

/// Whether a message may have arrived in spite of this trouble.
pub fn is_doubtful(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Down(_) | Trouble::Unknown(_))
}

fn patience(message: &Message, trouble: &Trouble) -> u32 {
    match (message.edits, message.kind, trouble) {
        (Some(_), _, _) => u32::MAX,
        (None, Kind::News, _) => NEWS,
        (None, Kind::Screen, Trouble::Down(_)) => SCREEN_WHILE_DOWN,
        (None, Kind::Screen, _) => SCREEN_AFTER_LOST_ANSWER,
    }
}

fn backoff(tries: u32) -> Duration {
    (FIRST_WAIT * 2_u32.pow(tries.min(10))).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::OutboxId;
    use crate::domain::id::UserId;
    use crate::domain::user::Language;

    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn message(kind: Kind, edits: Option<MessageId>) -> Message {
        Message {
            id: OutboxId(1),
            to: UserId(7),
            language: Language::Ru,
            kind,
            body: String::new(),
            anchor: None,
            edits,
            tries: 0,
            created_at: NOW,
        }
    }

    fn given_up(outcome: &Outcome) -> bool {
        matches!(outcome, Outcome::GivenUp(_))
    }

    /// How often a message is repeated that meets this trouble each time.
    fn repetitions(message: &Message, trouble: &Trouble) -> u32 {
        (1..100)
            .find(|doubts| given_up(&after(message, trouble, *doubts, NOW)))
            .map_or(100, |n| n - 1)
    }

    #[test]
    fn what_may_have_arrived_is_repeated_within_bounds() {
        let (lost, down) = (Trouble::Unknown(String::new()), Trouble::Down(String::new()));
        let screen = message(Kind::Screen, None);
        assert_eq!((repetitions(&screen, &lost), repetitions(&screen, &down)), (3, 5));
        let news = message(Kind::News, None);
        assert_eq!((repetitions(&news, &lost), repetitions(&news, &down)), (8, 8));
        let edit = message(Kind::Screen, Some(MessageId(5)));
        assert_eq!((repetitions(&edit, &lost), repetitions(&edit, &down)), (100, 100));
    }

    #[test]
    fn a_screen_is_repeated_after_a_lost_answer_also_when_servers_were_in_trouble_before() {
        let screen = message(Kind::Screen, None);
        for doubts in [1, 2, 3] {
            let lost = Trouble::Unknown("the connection broke".to_owned());
            assert!(!given_up(&after(&screen, &lost, doubts, NOW)), "{doubts}");
        }
    }

    #[test]
    fn waits_double_up_to_five_minutes_and_end_after_a_day() {
        let mut screen = message(Kind::Screen, None);
        let trouble = Trouble::NotSent(String::new());
        let mut waits = Vec::new();
        for tries in [0, 1, 2, 7, 8, 4_000_000_000] {
            screen.tries = tries;
            let Outcome::Later(at) = after(&screen, &trouble, 0, NOW) else { panic!("given up") };
            waits.push(at.since(NOW).as_secs());
        }
        assert_eq!(waits, [2, 4, 8, 256, 300, 300]);
        assert!(given_up(&after(&screen, &trouble, 0, NOW + LIFETIME)));
    }

    #[test]
    fn telegrams_wait_is_obeyed_and_its_no_is_final() {
        let screen = message(Kind::Screen, None);
        let told = Trouble::RetryAfter(Duration::from_secs(14));
        let later = Outcome::Later(NOW + Duration::from_secs(14));
        assert_eq!(after(&screen, &told, 0, NOW), later);
        assert!(given_up(&after(&screen, &Trouble::Refused("no".into()), 0, NOW)));
        let blocked = Trouble::Blocked("gone".into());
        assert_eq!(after(&screen, &blocked, 0, NOW), Outcome::Unreachable("gone".into()));
    }
}
