//! What every answer needs: the words, the offer, and a way to show a screen.

use std::sync::Arc;

use crate::actions::rules::Rules;
use crate::chat::screen::Screen;
use crate::chat::screens::script::Offer;
use crate::chat::words::Words;
use crate::domain::credits::Credits;
use crate::domain::id::DraftId;
use crate::domain::id::UserId;
use crate::domain::preset::Preset;
use crate::store::error::StoreError;
use crate::store::error::StoreErrorKind;
use crate::store::outbox;
use crate::store::tx::Tx;

/// The conversation of one bot: what it says and what it offers.
pub struct Conversation {
    /// The words.
    pub words: Arc<Words>,
    /// The prompt buttons.
    pub presets: Vec<Preset>,
    /// What is offered, for how much.
    pub rules: Rules,
    /// The operator's contact; may be empty.
    pub support: String,
}

impl Conversation {
    /// The preset with that id, if the operator still offers it.
    pub fn preset(&self, id: &str) -> Option<&Preset> {
        self.presets.iter().find(|preset| preset.id == id)
    }

    /// What videos cost, for somebody with that balance.
    pub fn offer(&self, balance: Credits) -> Offer<'_> {
        Offer { counts: &self.rules.counts, price: self.rules.price, balance }
    }
}

/// The message in which a draft shows itself.
pub fn draft_anchor(draft: DraftId) -> String {
    format!("draft {draft}")
}

/// Shows a screen in a new message.
pub fn show(tx: &Tx<'_>, to: UserId, screen: &Screen) -> Result<(), StoreError> {
    outbox::put_screen(tx, to, &body(screen)?, None)
}

/// Shows a screen in the message of an anchor, or in a new one that becomes it.
pub fn show_at(tx: &Tx<'_>, to: UserId, anchor: &str, screen: &Screen) -> Result<(), StoreError> {
    outbox::put_screen(tx, to, &body(screen)?, Some(anchor))
}

fn body(screen: &Screen) -> Result<String, StoreError> {
    serde_json::to_string(screen)
        .map_err(|error| StoreError::new(StoreErrorKind::Other, error.to_string()))
}
