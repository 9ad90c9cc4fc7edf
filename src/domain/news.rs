//! News: facts that a person must be told, as they rest in the outbox. They
//! become words only when they are sent, in the language of that moment.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::credits::Credits;
use crate::domain::failure::FailureKind;
use crate::domain::failure::Violation;
use crate::domain::id::OrderId;

/// What the operator must look after.
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
    /// There is no key that could be used.
    NoKeys,
    /// Rate limits have lasted so long that orders fail.
    RateLimit,
    /// KIE has paused or withdrawn a model.
    ModelDown,
    /// KIE refuses what we send as invalid.
    OurBug,
    /// KIE says what nobody has seen before.
    Unknown,
    /// The audit found an invariant broken.
    Audit,
}

impl Concern {
    /// Every concern.
    pub const ALL: [Self; 10] = [
        Self::AccountEmpty,
        Self::LowBalance,
        Self::KeyDead,
        Self::KeyCapped,
        Self::NoKeys,
        Self::RateLimit,
        Self::ModelDown,
        Self::OurBug,
        Self::Unknown,
        Self::Audit,
    ];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::AccountEmpty => "account_empty",
            Self::LowBalance => "low_balance",
            Self::KeyDead => "key_dead",
            Self::KeyCapped => "key_capped",
            Self::NoKeys => "no_keys",
            Self::RateLimit => "rate_limit",
            Self::ModelDown => "model_down",
            Self::OurBug => "our_bug",
            Self::Unknown => "unknown",
            Self::Audit => "audit",
        }
    }
}

/// One fact for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
pub enum News {
    /// A video failed for good and its credit is back.
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
        /// How many videos arrived.
        delivered: u32,
        /// How many were ordered.
        count: u32,
    },
    /// The model is down; the order keeps its place and its credits.
    OrderHeld,
    /// For an operator: something must be looked after.
    Alert {
        /// What.
        concern: Concern,
        /// Which account, key or model.
        subject: String,
        /// The provider's words, or a number.
        detail: String,
    },
    /// The operator gave credits.
    CreditsGranted {
        /// How many.
        amount: Credits,
        /// The new balance.
        balance: Credits,
    },
}
