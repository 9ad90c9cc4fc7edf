//! Notifications: facts for a person, as they are stored in the outbox. They become words
//! only when they are sent, in the language of that moment.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{
    credits::Credits,
    failure::{FailureKind, Violation},
    id::{BatchId, OrderId},
};

/// What needs the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Concern {
    /// A KIE account has no credits left.
    AccountEmpty,
    /// A KIE account will soon have none.
    LowBalance,
    /// KIE does not accept a key.
    KeyDead,
    /// A key has reached its own cap.
    KeyCapped,
    /// Tasks were made with a key that this run does not know.
    KeyGone,
    /// There is no key that could be used.
    NoKeys,
    /// An account meets one rate limit after the other.
    RateLimit,
    /// KIE has paused or withdrawn a model.
    ModelDown,
    /// KIE refuses what we send as invalid.
    OurBug,
    /// KIE says what nobody has seen before.
    Unknown,
    /// The audit found an invariant broken.
    Audit,
    /// The database file is damaged.
    Damage,
    /// Telegram has photos that cannot be read from here.
    TelegramFiles,
    /// The database file is no longer at its path.
    DatabaseMoved,
    /// The changed config cannot be used.
    Config,
    /// Telegram told of a payment that nothing here could handle.
    Payment,
    /// No backup could be made, or one is of no use.
    Backup,
}

impl Concern {
    /// Every concern.
    pub const ALL: [Self; 17] = [
        Self::AccountEmpty,
        Self::LowBalance,
        Self::KeyDead,
        Self::KeyCapped,
        Self::KeyGone,
        Self::NoKeys,
        Self::RateLimit,
        Self::ModelDown,
        Self::OurBug,
        Self::Unknown,
        Self::Audit,
        Self::Damage,
        Self::TelegramFiles,
        Self::DatabaseMoved,
        Self::Config,
        Self::Payment,
        Self::Backup,
    ];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::AccountEmpty => "account_empty",
            Self::LowBalance => "low_balance",
            Self::KeyDead => "key_dead",
            Self::KeyCapped => "key_capped",
            Self::KeyGone => "key_gone",
            Self::NoKeys => "no_keys",
            Self::RateLimit => "rate_limit",
            Self::ModelDown => "model_down",
            Self::OurBug => "our_bug",
            Self::Unknown => "unknown",
            Self::Audit => "audit",
            Self::Damage => "damage",
            Self::TelegramFiles => "telegram_files",
            Self::DatabaseMoved => "database_moved",
            Self::Config => "config",
            Self::Payment => "payment",
            Self::Backup => "backup",
        }
    }
}

/// What an operator is alerted about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What is wrong.
    pub concern: Concern,
    /// With which account, key, model or invariant.
    pub subject: String,
    /// The provider's words, or a number.
    pub detail: String,
}

/// For how long an operator mutes alerts of one concern about one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MuteFor {
    /// Until the same time tomorrow: somebody is at it.
    Day,
    /// For a week: it is known and has to wait.
    Week,
}

impl MuteFor {
    /// Every length, in the order of the buttons.
    pub const ALL: [Self; 2] = [Self::Day, Self::Week];

    /// Whole days.
    pub fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Week => 7,
        }
    }

    /// The time itself.
    pub fn length(self) -> Duration {
        Duration::from_hours(24) * self.days()
    }
}

/// One fact for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notification", rename_all = "snake_case")]
pub enum Notification {
    /// Videos of an order failed for good, for one cause, and their credits are back: how many, is
    /// counted when it is told.
    VideosFailed {
        /// The order.
        order: OrderId,
        /// Why.
        kind: FailureKind,
        /// Which rule was broken, for a violation.
        violation: Option<Violation>,
    },
    /// The same of one video, as an older version wrote it.
    VideoFailed {
        /// Why.
        kind: FailureKind,
        /// Which rule was broken, for a violation.
        violation: Option<Violation>,
        /// What came back.
        refund: Credits,
    },
    /// The last video of an order has ended: time for the closing keyboard.
    OrderClosed {
        /// The order.
        order: OrderId,
    },
    /// The last order of a series has ended: one summary of all of them.
    SeriesClosed {
        /// The series.
        batch: BatchId,
    },
    /// The model is down; the order keeps its place and its credits.
    OrderHeld {
        /// The order; none, as an older version wrote it.
        #[serde(default)]
        order: Option<OrderId>,
    },
    /// For an operator: something must be looked after.
    Alert(Alert),
    /// The operator gave credits.
    CreditsGranted {
        /// How many.
        amount: Credits,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_version_left_can_still_be_told() {
        let rests = [
            r#"{"notification":"video_failed","kind":"temporary","violation":null,"refund":1}"#,
            r#"{"notification":"order_closed","order":3,"delivered":2,"count":3}"#,
            r#"{"notification":"credits_granted","amount":5,"balance":8}"#,
            r#"{"notification":"order_held"}"#,
        ];
        let read = rests.map(|rests| serde_json::from_str::<Notification>(rests).unwrap());
        let (kind, violation, refund) = (FailureKind::Temporary, None, Credits(1));
        let expected = [
            Notification::VideoFailed { kind, violation, refund },
            Notification::OrderClosed { order: OrderId(3) },
            Notification::CreditsGranted { amount: Credits(5) },
            Notification::OrderHeld { order: None },
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn an_alert_that_waits_while_the_program_is_updated_can_still_be_read() {
        let rests =
            r#"{"notification":"alert","concern":"our_bug","subject":"main","detail":"422"}"#;
        let (subject, detail) = ("main".to_owned(), "422".to_owned());
        let alert = Notification::Alert(Alert { concern: Concern::OurBug, subject, detail });
        assert_eq!(serde_json::to_string(&alert).unwrap(), rests);
        assert_eq!(serde_json::from_str::<Notification>(rests).unwrap(), alert);
    }
}
