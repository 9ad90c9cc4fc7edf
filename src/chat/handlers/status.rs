//! How far a person's orders are.

use crate::chat::{
    conversation::Conversation,
    screens::{self, order::Progress},
};
use crate::store::{error::StoreError, orders, wait};

/// The orders that are being made, with how long it may still take; `None` when there are none.
pub(crate) fn status(conversation: &Conversation<'_>) -> Result<Option<String>, StoreError> {
    let (tx, rules) = (conversation.tx, &conversation.settings.rules);
    let mut lines = Vec::new();
    for order in orders::open(tx, conversation.user.id)? {
        let tally = orders::tally(tx, order.id)?;
        let wait = wait::expected(tx, rules.models(&rules.model), order.id)?;
        let (ready, count) = (tally.completed, tally.count);
        lines.push(Progress { ready, open: tally.open, count, wait });
    }
    Ok((!lines.is_empty()).then(|| screens::order::progress(&conversation.voice(), &lines)))
}
