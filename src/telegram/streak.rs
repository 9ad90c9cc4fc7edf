//! How often fetching has failed in a row: how long to wait, and when there is no point in it.

use std::time::Duration;

use thiserror::Error;

use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::telegram::error::TelegramError;

/// The longest wait between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The longest wait after the database did not take them: people wait for us,
/// not for Telegram.
const LONGEST_STORE_PAUSE: Duration = Duration::from_secs(5);

/// So many conflicts in a row, over so long a time, are no hand-over from a
/// program that was just stopped: somebody else polls with this token.
const CONFLICTS: u32 = 5;
const CONFLICT_TIME: Duration = Duration::from_secs(15);

/// So many refusals of the token in a row, each said by getMe too, are no slip of a server: a
/// right token was seen to be refused once in the middle of a run.
const REFUSALS: u32 = 4;

/// Why updates could not be fetched this time.
#[derive(Clone, Debug, Error)]
pub enum PollFault {
    /// Telegram did not give them.
    #[error(transparent)]
    Telegram(#[from] TelegramError),
    /// The database did not take them; Telegram will give them again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why there will be no more updates.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PollEnd {
    /// The token is wrong.
    #[error("Telegram does not accept the bot token: {0}")]
    TokenWrong(String),
    /// Somebody else fetches this bot's updates.
    #[error("{0}")]
    Conflict(String),
    /// Telegram pushes this bot's updates to a web address.
    #[error("{0}")]
    Webhook(String),
}

/// How often fetching has failed in a row.
#[derive(Default)]
pub(crate) struct Streak {
    faults: u32,
    refusals: u32,
    conflicts: u32,
    since: Option<Timestamp>,
}

/// From what length on a wait that Telegram demands is one that people notice.
const LONG_WAIT: Duration = Duration::from_secs(30);

impl Streak {
    /// How long to wait after this fault, or why there is no point in waiting.
    pub(crate) fn after(&mut self, fault: PollFault, now: Timestamp) -> Result<Duration, PollEnd> {
        match &fault {
            PollFault::Telegram(error) if !error.passes() => {
                tracing::warn!(%fault, "no updates");
            }
            // What lasts is logged as an outage by `Bot` and by the database.
            _ => tracing::debug!(%fault, "no updates"),
        }
        if !matches!(fault, PollFault::Telegram(TelegramError::Conflict(_))) {
            (self.conflicts, self.since) = (0, None);
        }
        if !matches!(fault, PollFault::Telegram(TelegramError::TokenWrong(_))) {
            self.refusals = 0;
        }
        let most = match fault {
            PollFault::Telegram(TelegramError::RetryAfter(wait)) => {
                if wait >= LONG_WAIT {
                    let seconds = wait.as_secs();
                    tracing::warn!(seconds, "Telegram gives no updates, and makes the bot wait");
                }
                return Ok(wait);
            }
            PollFault::Telegram(TelegramError::TokenWrong(text)) => {
                self.refusals += 1;
                if self.refusals >= REFUSALS {
                    return Err(PollEnd::TokenWrong(text));
                }
                LONGEST_PAUSE
            }
            PollFault::Telegram(TelegramError::Conflict(text)) => {
                self.conflicts += 1;
                let since = *self.since.get_or_insert(now);
                if self.conflicts >= CONFLICTS && now.since(since) >= CONFLICT_TIME {
                    return Err(conflict(text));
                }
                LONGEST_PAUSE
            }
            PollFault::Telegram(_) => LONGEST_PAUSE,
            PollFault::Store(_) => LONGEST_STORE_PAUSE,
        };
        self.faults += 1;
        let doubled = Duration::from_secs(1 << (self.faults - 1).min(5));
        Ok(doubled.min(most))
    }
}

/// Telegram says in words alone which of the two conflicts it is.
fn conflict(text: String) -> PollEnd {
    let is_webhook = text.to_lowercase().contains("webhook");
    if is_webhook { PollEnd::Webhook(text) } else { PollEnd::Conflict(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_refusals_in_a_row_end_the_loop() {
        let wrong = || PollFault::Telegram(TelegramError::TokenWrong("Unauthorized".into()));
        let down = || PollFault::Telegram(TelegramError::Down(String::new()));
        let mut streak = Streak::default();
        for _ in 1..REFUSALS {
            assert!(streak.after(wrong(), Timestamp(0)).is_ok());
        }
        streak.after(down(), Timestamp(0)).unwrap();
        for _ in 1..REFUSALS {
            assert!(streak.after(wrong(), Timestamp(0)).is_ok());
        }
        let end = PollEnd::TokenWrong("Unauthorized".into());
        assert_eq!(streak.after(wrong(), Timestamp(0)), Err(end));
    }

    #[test]
    fn a_webhook_is_distinguished_from_another_poller() {
        let text = "Conflict: can't use getUpdates method while webhook is active; use \
                    deleteWebhook to delete the webhook first";
        assert_eq!(conflict(text.to_owned()), PollEnd::Webhook(text.to_owned()));
        let text = "Conflict: terminated by other getUpdates request";
        assert_eq!(conflict(text.to_owned()), PollEnd::Conflict(text.to_owned()));
    }

    #[test]
    fn pauses_double_up_to_half_a_minute() {
        let mut streak = Streak::default();
        let down = || PollFault::Telegram(TelegramError::Down(String::new()));
        let pauses: Vec<u64> =
            (0..8).map(|_| streak.after(down(), Timestamp(0)).unwrap().as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30, 30]);
        let wait = PollFault::Telegram(TelegramError::RetryAfter(Duration::from_secs(77)));
        assert_eq!(streak.after(wait, Timestamp(0)), Ok(Duration::from_secs(77)));
    }

    #[test]
    fn only_a_lasting_conflict_ends_the_loop() {
        let conflict = || PollFault::Telegram(TelegramError::Conflict("two".into()));
        let at = |streak: &mut Streak, second: i64| {
            streak.after(conflict(), Timestamp(second * 1000)).is_err()
        };
        let mut quick = Streak::default();
        assert!((0..10).all(|_| !at(&mut quick, 1)), "a second is a hand-over");
        let mut lasting = Streak::default();
        let ends: Vec<bool> = [0, 1, 3, 7, 15].iter().map(|s| at(&mut lasting, *s)).collect();
        assert_eq!(ends, [false, false, false, false, true]);
        let mut broken = Streak::default();
        for second in 0..4 {
            assert!(!at(&mut broken, second));
        }
        let store = StoreError::new(crate::store::error::StoreErrorKind::Full, "full");
        broken.after(PollFault::Store(store), Timestamp(5000)).unwrap();
        assert!(!at(&mut broken, 60), "something else came between");
    }
}
