//! A person tapped "1 / 3 / 5 videos", or called an order off.

use std::time::Duration;

use crate::actions::{
    cancel_order::{CancelOrderError, Cancelled, cancel_order},
    place_order::{PlaceOrder, PlaceOrderError, Placed, place_order},
};
use crate::chat::{
    conversation::Conversation,
    handlers::{
        photo,
        script::{on_offer_changed, on_photo_replaced},
    },
    key::Key,
    order_status,
    reply::{Anchor, Reply},
    screens::{self, order::Shortage},
};
use crate::domain::{
    draft::{ScriptId, ScriptState},
    id::OrderId,
};
use crate::store::{error::StoreError, orders, scripts, standing::Standing, status_messages};

/// A second tap on an ordered script within this time is no second request: the
/// message shows already that the order was accepted.
const SAME_REQUEST: Duration = Duration::from_mins(1);

/// Places the order, or shows why there is none.
pub(crate) fn on_order(
    conversation: &mut Conversation<'_>,
    script: ScriptId,
    count: u32,
    offer: u32,
) -> Result<Reply, StoreError> {
    if let Some(shown) = scripts::find(conversation.tx, script)? {
        match shown.state {
            ScriptState::Ready | ScriptState::Writing if offer < shown.photo_offer => {
                return on_photo_replaced(conversation, script);
            }
            // The button says what its script no longer says: its person has not seen what this costs.
            ScriptState::Ready if offer != shown.offer => {
                return on_offer_changed(conversation, script, Key::ToastOfferChanged);
            }
            _ => {}
        }
    }
    let (voice, rules) = (conversation.voice(), &conversation.settings.rules);
    let order = PlaceOrder { user: conversation.user.id, script, count };
    let refused = match place_order(conversation.tx, rules, &order) {
        Ok(placed) => return accepted(conversation, &order, placed),
        Err(refused) => refused,
    };
    Ok(match refused {
        PlaceOrderError::Store(error) => return Err(error),
        PlaceOrderError::AlreadyOrdered if is_same_request(conversation, script)? => {
            conversation.toast(Key::ToastAccepted)
        }
        PlaceOrderError::AlreadyOrdered => Reply::Hint(screens::order::already_ordered(&voice)),
        PlaceOrderError::Short { balance, cost } => {
            let support = &conversation.settings.support;
            let shortage = Shortage { count, cost, balance, support };
            Reply::Hint(screens::order::too_few_credits(&voice, &shortage))
        }
        PlaceOrderError::Paused => Reply::Hint(screens::order::paused(&voice)),
        PlaceOrderError::PhotoGone => photo::gone(conversation),
        PlaceOrderError::NotReady => Reply::Hint(screens::script::still_writing(&voice)),
        PlaceOrderError::PriceChanged | PlaceOrderError::NotOffered => {
            return on_offer_changed(conversation, script, Key::ToastOfferChanged);
        }
        PlaceOrderError::PhotosChanged => {
            return on_offer_changed(conversation, script, Key::ToastPhotosChanged);
        }
        PlaceOrderError::EdgesChanged => {
            return on_offer_changed(conversation, script, Key::ToastEdgesChanged);
        }
        PlaceOrderError::NoScript => conversation.stale(),
    })
}

/// The message with the script says from now on how the order stands.
fn accepted(
    conversation: &Conversation<'_>,
    order: &PlaceOrder,
    placed: Placed,
) -> Result<Reply, StoreError> {
    let tx = conversation.tx;
    let flow = order_status::flow(tx, conversation.settings, tx.now)?;
    let standing = Standing::of(tx, placed.order, &flow, tx.now)?;
    let voice = conversation.voice();
    let screen = screens::order::accepted(&voice, placed.order, &standing, placed.balance);
    let (anchor, shown) = (Anchor::Script(order.script), screen.fingerprint());
    status_messages::begin(tx, placed.order, order.user, &anchor.to_string(), shown)?;
    Ok(Reply::Edit(anchor, screen))
}

/// "✖️ Cancel": what came back is said at once, and the message of the order follows.
pub(crate) fn on_cancel_order(
    conversation: &mut Conversation<'_>,
    order: OrderId,
) -> Result<Reply, StoreError> {
    let voice = conversation.voice();
    let refused = match cancel_order(conversation.tx, conversation.user.id, order) {
        Ok(Cancelled { videos, credits, going_on }) => {
            let key = if going_on > 0 { Key::ToastCancelledSome } else { Key::ToastCancelled };
            let values = [
                ("videos", videos.into()),
                ("credits", credits.into()),
                ("filming", going_on.into()),
            ];
            return Ok(Reply::Toast(voice.text(key, &values)));
        }
        Err(refused) => refused,
    };
    match refused {
        CancelOrderError::Store(error) => Err(error),
        CancelOrderError::TooLate => Ok(conversation.toast(Key::ToastFilming)),
        CancelOrderError::Ended => Ok(conversation.toast(Key::ToastEnded)),
        CancelOrderError::NoOrder => Ok(conversation.stale()),
    }
}

fn is_same_request(conversation: &Conversation<'_>, script: ScriptId) -> Result<bool, StoreError> {
    let order = orders::of_script(conversation.tx, script)?;
    Ok(order.is_some_and(|order| conversation.tx.now.since(order.created_at) < SAME_REQUEST))
}
