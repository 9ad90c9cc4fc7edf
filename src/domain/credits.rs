//! Credits: what a person pays videos with.

use std::{fmt, ops::Neg};

use serde::{Deserialize, Serialize};

/// A whole number of credits; negative where credits leave a person's balance.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Credits(pub i64);

impl Credits {
    /// The price of `count` videos at this price for one.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(i64::from(count)))
    }
}

impl Neg for Credits {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why credits came or went: the `kind` of a ledger entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A new person's first credits.
    Welcome,
    /// Given by the operator.
    Grant,
    /// Taken back by the operator.
    Take,
    /// Paid for an order.
    Charge,
    /// Given back for a video that failed.
    Refund,
    /// Bought.
    Purchase,
    /// Taken back with the money of a purchase.
    Chargeback,
    /// Given for a code.
    Promo,
    /// Given for somebody who came by the person's link.
    Referral,
}

impl EntryKind {
    /// Every kind, a row of `entry_kinds` each.
    pub const ALL: [Self; 9] = [
        Self::Welcome,
        Self::Grant,
        Self::Take,
        Self::Charge,
        Self::Refund,
        Self::Purchase,
        Self::Chargeback,
        Self::Promo,
        Self::Referral,
    ];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::Grant => "grant",
            Self::Take => "take",
            Self::Charge => "charge",
            Self::Refund => "refund",
            Self::Purchase => "purchase",
            Self::Chargeback => "chargeback",
            Self::Promo => "promo",
            Self::Referral => "referral",
        }
    }
}
