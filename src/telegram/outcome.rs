//! What becomes of a message in the outbox after an attempt to send it.
//!
//! Telegram has no idempotency key for messages, so a lost answer leaves a choice
//! between a message twice and a message never. The person needs the screen to go on,
//! and a notification is about money: twice is better than never, within bounds. An
//! edit is idempotent and may be repeated without bounds, and so may a call that a
//! failing server refused, when most likely nothing was done.

use std::time::Duration;

use crate::domain::{id::MessageId, time::Timestamp};
use crate::store::{
    away::{AWAY, GONE},
    outbox::Kind,
    send_queue::Message,
};
use crate::telegram::error::TelegramError;

/// The wait before the first repetition; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_secs(2);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(5);

/// How old a message may become: nobody waits for it any more.
const LIFETIME: Duration = Duration::from_hours(24);

/// How often each may be repeated though it may have arrived.
const SCREEN_REPEATS: u32 = 3;
const NOTIFICATION_REPEATS: u32 = 8;

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SendOutcome {
    /// It was sent, as this message if Telegram named it.
    Sent(Option<MessageId>),
    /// It is sent again then.
    Later(Timestamp),
    /// It is given up; why.
    GivenUp(String),
    /// The person blocked the bot or is gone: their news wait, so long at most; why.
    Unreachable(Duration, String),
    /// The person was known to have blocked the bot.
    StillBlocked,
}

/// What becomes of a message after this error; `doubts` counts how often it may
/// have arrived by now.
pub(crate) fn after(
    message: &Message,
    error: &TelegramError,
    doubts: u32,
    now: Timestamp,
) -> SendOutcome {
    if let Some((wait, why)) = away_for(error) {
        return SendOutcome::Unreachable(wait, why);
    }
    let old = now.since(message.created_at) >= LIFETIME;
    let again = match error {
        TelegramError::NotModified => return SendOutcome::Sent(message.edits),
        TelegramError::RetryAfter(wait) => now + (*wait).max(Duration::from_secs(1)),
        TelegramError::NotSent(_)
        | TelegramError::Down(_)
        | TelegramError::TokenWrong(_)
        | TelegramError::Conflict(_) => now + backoff(message.tries),
        TelegramError::Unknown(_) if doubts <= max_doubts(message) => now + backoff(message.tries),
        TelegramError::Unknown(_)
        | TelegramError::EditGone(_)
        | TelegramError::QueryTooOld
        | TelegramError::TooLarge(_)
        | TelegramError::Blocked(_)
        | TelegramError::Deactivated(_)
        | TelegramError::Refused(_) => return SendOutcome::GivenUp(error.to_string()),
    };
    if old {
        SendOutcome::GivenUp(format!("after a day: {error}"))
    } else {
        SendOutcome::Later(again)
    }
}

/// For how long the news wait of a person who cannot be reached, and why that is; `None` for an error that
/// says nothing of the person.
pub(crate) fn away_for(error: &TelegramError) -> Option<(Duration, String)> {
    match error {
        TelegramError::Blocked(text) => Some((AWAY, text.clone())),
        TelegramError::Deactivated(text) => Some((GONE, text.clone())),
        _ => None,
    }
}

fn max_doubts(message: &Message) -> u32 {
    match (message.edits, message.kind) {
        (Some(_), _) => u32::MAX,
        (None, Kind::Notification) => NOTIFICATION_REPEATS,
        (None, Kind::Screen) => SCREEN_REPEATS,
    }
}

fn backoff(tries: u32) -> Duration {
    (FIRST_WAIT * 2_u32.pow(tries.min(10))).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        id::{OutboxId, UserId},
        lane::Lane,
        user::Language,
    };

    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn message(kind: Kind, edits: Option<MessageId>) -> Message {
        Message {
            id: OutboxId(1),
            to: UserId(7),
            lane: Lane::Answers,
            language: Language::Ru,
            quiet: None,
            is_blocked: false,
            kind,
            body: String::new(),
            anchor: None,
            generation: 0,
            edits,
            version: 0,
            tries: 0,
            created_at: NOW,
        }
    }

    fn given_up(outcome: &SendOutcome) -> bool {
        matches!(outcome, SendOutcome::GivenUp(_))
    }

    /// How often a message is repeated that meets this error each time.
    fn repetitions(message: &Message, error: &TelegramError) -> u32 {
        (1..100)
            .find(|doubts| given_up(&after(message, error, *doubts, NOW)))
            .map_or(100, |n| n - 1)
    }

    #[test]
    fn what_may_have_arrived_is_repeated_within_bounds() {
        let (lost, down) =
            (TelegramError::Unknown(String::new()), TelegramError::Down(String::new()));
        let screen = message(Kind::Screen, None);
        assert_eq!((repetitions(&screen, &lost), repetitions(&screen, &down)), (3, 100));
        let notification = message(Kind::Notification, None);
        assert_eq!(
            (repetitions(&notification, &lost), repetitions(&notification, &down)),
            (8, 100)
        );
        let edit = message(Kind::Screen, Some(MessageId(5)));
        assert_eq!((repetitions(&edit, &lost), repetitions(&edit, &down)), (100, 100));
    }

    #[test]
    fn waits_double_up_to_five_minutes_and_end_after_a_day() {
        let mut screen = message(Kind::Screen, None);
        let error = TelegramError::NotSent(String::new());
        let mut waits = Vec::new();
        for tries in [0, 1, 2, 7, 8, 4_000_000_000] {
            screen.tries = tries;
            let SendOutcome::Later(at) = after(&screen, &error, 0, NOW) else { panic!("given up") };
            waits.push(at.since(NOW).as_secs());
        }
        assert_eq!(waits, [2, 4, 8, 256, 300, 300]);
        assert!(given_up(&after(&screen, &error, 0, NOW + LIFETIME)));
    }

    #[test]
    fn telegrams_wait_is_kept_and_a_refusal_is_final() {
        let screen = message(Kind::Screen, None);
        let wait = TelegramError::RetryAfter(Duration::from_secs(14));
        let later = SendOutcome::Later(NOW + Duration::from_secs(14));
        assert_eq!(after(&screen, &wait, 0, NOW), later);
        assert!(given_up(&after(&screen, &TelegramError::Refused("no".into()), 0, NOW)));
        let blocked = TelegramError::Blocked("gone".into());
        let unreachable = |wait| SendOutcome::Unreachable(wait, "gone".into());
        assert_eq!(after(&screen, &blocked, 0, NOW), unreachable(AWAY));
        let deleted = TelegramError::Deactivated("gone".into());
        assert_eq!(after(&screen, &deleted, 0, NOW), unreachable(GONE));
    }
}
