//! `[credits]`: what people get and may order.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::credits::Credits as Amount;

/// The first credits and the sizes of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Credits {
    /// What a new person starts with; 0 or more.
    pub welcome: Amount,
    /// The buttons "1 / 3 / 5 videos": 1 to 10 each.
    pub counts: Vec<u32>,
}

impl Default for Credits {
    fn default() -> Self {
        Self { welcome: Amount(1), counts: vec![1, 3, 5] }
    }
}
