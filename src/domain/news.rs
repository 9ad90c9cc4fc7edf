//! News: facts that a person must be told, as they rest in the outbox. They
//! become words only when they are sent, in the language of that moment.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::credits::Credits;
use crate::domain::failure::FailureKind;
use crate::domain::failure::Violation;
use crate::domain::id::OrderId;

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
    /// The operator gave credits.
    CreditsGranted {
        /// How many.
        amount: Credits,
        /// The new balance.
        balance: Credits,
    },
}
