//! How far a person's orders are.

use std::collections::BTreeMap;

use crate::chat::{
    caption::{idea_name, product_name},
    conversation::Conversation,
    order_status,
    screen::Screen,
    screens::{
        self,
        cancellable::{Cancellable, OrderName},
    },
};
use crate::domain::{article::Product, id::OrderId};
use crate::store::{
    error::StoreError,
    orders::{self, Order},
    standing::Standing,
};

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

/// How the orders stand together, and what can be called off.
type Found = Option<(Standing, Vec<Cancellable>)>;

fn standing(conversation: &Conversation<'_>) -> Result<Found, StoreError> {
    let tx = conversation.tx;
    let mut taps: BTreeMap<OrderId, Vec<Order>> = BTreeMap::new();
    for order in orders::open(tx, conversation.user.id)? {
        taps.entry(order.lead.unwrap_or(order.id)).or_default().push(order);
    }
    if taps.is_empty() {
        return Ok(None);
    }
    let flow = order_status::flow(tx, conversation.settings, tx.now)?;
    let (mut all, mut cancellable) = (None::<Standing>, Vec::new());
    for (lead, open) in &taps {
        let standing = Standing::of(tx, *lead, &flow, tx.now)?;
        if standing.cancellable > 0 {
            let is_only = taps.len() == 1;
            let name = if is_only { OrderName::Only } else { name(conversation, open) };
            let videos = standing.cancellable;
            cancellable.push(Cancellable { order: *lead, name, videos });
        }
        all = Some(all.map_or(standing, |before| before.and(&standing)));
    }
    Ok(all.zip(Some(cancellable)))
}

/// What is called off with some orders that one tap has placed: their product, or how many there are.
fn name(conversation: &Conversation<'_>, open: &[Order]) -> OrderName {
    let (voice, presets) = (conversation.voice(), &conversation.settings.presets);
    let time =
        |order: &Order| conversation.settings.timezone.shown(order.created_at, "%d.%m %H:%M");
    match open {
        [one] => match Product::of(one.name.as_deref(), one.place) {
            Some(product) => OrderName::Product(product_name(&voice, product), time(one)),
            None => OrderName::Placed(time(one), idea_name(&voice, presets, one.preset.as_deref())),
        },
        several => {
            let products = u32::try_from(several.len()).unwrap_or(u32::MAX);
            OrderName::Series(products, several.first().map(time).unwrap_or_default())
        }
    }
}
