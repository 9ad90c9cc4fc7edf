//! How far a person's orders are.

use crate::chat::{
    conversation::Conversation,
    screens::{self, order::Progress},
};
use crate::store::{error::StoreError, orders, wait};

/// How far the orders are that are being made, with how long it may still take; `None` when there
/// are none.
pub(crate) fn status(conversation: &Conversation<'_>) -> Result<Option<String>, StoreError> {
    let (tx, rules) = (conversation.tx, &conversation.settings.rules);
    let orders = orders::open(tx, conversation.user.id)?;
    let Some(last) = orders.last() else { return Ok(None) };
    let wait = wait::expected(tx, rules.models(&rules.model), last.id)?;
    let mut progress = Progress { ready: 0, count: 0, wait };
    for order in &orders {
        let tally = orders::tally(tx, order.id)?;
        progress.ready += tally.completed;
        progress.count += tally.count;
    }
    Ok(Some(screens::order::progress(&conversation.voice(), &progress)))
}
