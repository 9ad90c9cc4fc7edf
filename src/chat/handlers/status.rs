//! How far a person's orders are.

use crate::chat::{conversation::Conversation, order_status, screen::Screen, screens};
use crate::domain::id::OrderId;
use crate::store::{error::StoreError, orders, standing::Standing};

/// How far the orders are that are being made, with how long it may still take and what can be called off;
/// `None` when there are none.
pub(crate) fn status(conversation: &Conversation<'_>) -> Result<Option<Screen>, StoreError> {
    let (voice, found) = (conversation.voice(), standing(conversation)?);
    Ok(found.map(|(all, cancellable)| screens::order::progress(&voice, &all, &cancellable)))
}

/// The same in short.
pub(crate) fn status_in_short(
    conversation: &Conversation<'_>,
) -> Result<Option<String>, StoreError> {
    let (voice, found) = (conversation.voice(), standing(conversation)?);
    Ok(found.map(|(all, _)| screens::order::progress_in_short(&voice, &all)))
}

/// How the orders stand together, and of each that can be called off how many videos.
type Found = Option<(Standing, Vec<(OrderId, u32)>)>;

fn standing(conversation: &Conversation<'_>) -> Result<Found, StoreError> {
    let tx = conversation.tx;
    let orders = orders::open(tx, conversation.user.id)?;
    if orders.is_empty() {
        return Ok(None);
    }
    let flow = order_status::flow(tx, conversation.settings, tx.now)?;
    let (mut all, mut cancellable) = (None::<Standing>, Vec::new());
    for order in &orders {
        let standing = Standing::of(tx, order.id, &flow, tx.now)?;
        if standing.cancellable > 0 {
            cancellable.push((order.id, standing.cancellable));
        }
        all = Some(all.map_or(standing, |before| before.and(&standing)));
    }
    Ok(all.zip(Some(cancellable)))
}
