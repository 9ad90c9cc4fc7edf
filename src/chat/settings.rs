//! What the operator decided about the conversation.

use std::sync::Arc;

use crate::actions::rules::Rules;
use crate::chat::{screens::script::Offer, words::Words};
use crate::domain::{credits::Credits, preset::Preset};

/// The words and the offer: the same for everybody.
pub struct ChatSettings {
    /// The words.
    pub words: Arc<Words>,
    /// The prompt buttons.
    pub presets: Vec<Preset>,
    /// What is offered, for how much.
    pub rules: Rules,
    /// The operator's contact; may be empty.
    pub support: String,
}

impl ChatSettings {
    /// The preset with that id, if the operator still offers it.
    pub fn preset(&self, id: &str) -> Option<&Preset> {
        self.presets.iter().find(|preset| preset.id == id)
    }

    /// What videos cost, for a person with that balance.
    pub fn offer(&self, balance: Credits) -> Offer<'_> {
        Offer { counts: &self.rules.counts, price: self.rules.price, balance }
    }
}
