//! A person tapped "1 / 3 / 5 videos".

use std::time::Duration;

use crate::actions::place_order::{PlaceOrder, PlaceOrderError, Placed, place_order};
use crate::chat::{
    conversation::Conversation,
    handlers::draft::on_offer_changed,
    key::Key,
    reply::{Anchor, Reply},
    screens::{self, order::Shortage},
};
use crate::domain::{draft::DraftState, id::DraftId};
use crate::store::{drafts, error::StoreError, jobs, orders};

/// A second tap on an ordered script within this time is no second request: the
/// message shows already that the order was accepted.
const SAME_REQUEST: Duration = Duration::from_mins(1);

/// Places the order, or shows why there is none.
pub(crate) fn on_order(
    conversation: &mut Conversation<'_>,
    draft: DraftId,
    revision: u32,
    count: u32,
) -> Result<Reply, StoreError> {
    let (voice, rules) = (conversation.voice(), &conversation.settings.rules);
    let order = PlaceOrder { user: conversation.user.id, draft, revision, count };
    let refused = match place_order(conversation.tx, rules, &order) {
        Ok(placed) => return accepted(conversation, &order, placed),
        Err(refused) => refused,
    };
    Ok(Reply::Message(match refused {
        PlaceOrderError::Store(error) => return Err(error),
        PlaceOrderError::AlreadyOrdered if is_same_request(conversation, draft)? => {
            return Ok(conversation.toast(Key::ToastAccepted));
        }
        PlaceOrderError::AlreadyOrdered => screens::order::already_ordered(&voice),
        PlaceOrderError::Short { balance } => {
            let (cost, support) = (rules.price.times(count), &conversation.settings.support);
            screens::order::too_few_credits(&voice, &Shortage { count, cost, balance, support })
        }
        PlaceOrderError::Paused => screens::order::paused(&voice),
        PlaceOrderError::Stale if is_writing(conversation, draft)? => {
            screens::script::still_writing(&voice)
        }
        PlaceOrderError::PriceChanged | PlaceOrderError::NotOffered => {
            return on_offer_changed(conversation, draft);
        }
        PlaceOrderError::NoDraft | PlaceOrderError::Stale => return Ok(conversation.stale()),
    }))
}

fn accepted(
    conversation: &Conversation<'_>,
    order: &PlaceOrder,
    placed: Placed,
) -> Result<Reply, StoreError> {
    let wait = jobs::median_render(conversation.tx, &conversation.settings.rules.model)?;
    let voice = conversation.voice();
    let screen = screens::order::accepted(&voice, order.count, placed.balance, wait);
    Ok(Reply::Edit(Anchor::Draft(order.draft), screen))
}

fn is_same_request(conversation: &Conversation<'_>, draft: DraftId) -> Result<bool, StoreError> {
    let order = orders::of_draft(conversation.tx, draft)?;
    Ok(order.is_some_and(|order| conversation.tx.now.since(order.created_at) < SAME_REQUEST))
}

fn is_writing(conversation: &Conversation<'_>, draft: DraftId) -> Result<bool, StoreError> {
    let draft = drafts::find(conversation.tx, conversation.user.id, draft)?;
    Ok(draft.is_some_and(|draft| matches!(draft.state, DraftState::Writing(_))))
}
