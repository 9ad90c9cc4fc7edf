//! `[credits]`: what people get and may order.

use serde::{Deserialize, Serialize};

use crate::config::findings::Findings;
use crate::domain::credits::Credits as Amount;

/// The most credits at a time. A balance far beyond it would be no whole number to SQLite.
pub(crate) const MOST: Amount = Amount(1_000_000);

/// The first credits and the sizes of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Credits {
    /// What a new person starts with, 0 to a million.
    pub welcome: Amount,
    /// The buttons "1 / 3 / 5 videos": 1 to 10 each.
    pub counts: Vec<u32>,
}

impl Default for Credits {
    fn default() -> Self {
        Self { welcome: Amount(1), counts: vec![1, 3, 5] }
    }
}

impl Credits {
    /// Notes what is wrong in `[credits]`.
    pub fn check(&self, findings: &mut Findings) {
        if !(Amount(0)..=MOST).contains(&self.welcome) {
            let hint = "write the number of credits that a new person starts with, or 0";
            findings.add("credits.welcome", format!("is {}", self.welcome), hint);
        }
        if self.counts.is_empty() {
            findings.add("credits.counts", "is empty", "name at least one, as in [1, 3, 5]");
        }
        for (index, count) in self.counts.iter().enumerate() {
            findings.expect_within("credits.counts", (*count).into(), 1..=10);
            if self.counts[..index].contains(count) {
                let hint = "name each number once: each is a button";
                findings.add("credits.counts", format!("has {count} twice"), hint);
            }
        }
    }
}
