//! A person tapped "10 × 1 video".

use crate::actions::{
    place_order::PlaceOrderError,
    place_series::{PlaceSeries, PlaceSeriesError, PlacedSeries, place_series},
};
use crate::chat::{
    conversation::Conversation,
    handlers::series_offer::{on_offer_changed, show_with_word},
    key::Key,
    order_status,
    reply::{Anchor, Reply},
    screens::{
        self,
        series::{OfferedSeries, SeriesShortage},
    },
};
use crate::domain::{draft::ScriptState, id::BatchId};
use crate::store::{
    batches::{self, ScriptOfBatch},
    drafts,
    error::StoreError,
    photos,
    standing::Standing,
    status_messages,
};

/// Places the orders, or shows why there are none.
pub(crate) fn on_order_series(
    conversation: &mut Conversation<'_>,
    wanted: &PlaceSeries,
) -> Result<Reply, StoreError> {
    let (tx, settings, voice) = (conversation.tx, conversation.settings, conversation.voice());
    let &PlaceSeries { batch, ordered, products, count, offer, .. } = wanted;
    let is_left = |script: &ScriptOfBatch| script.state == ScriptState::Ready;
    let refused = match place_series(tx, &settings.rules, wanted) {
        Ok(placed) => return accepted(conversation, batch, placed),
        Err(refused) => refused,
    };
    let refused = match refused {
        PlaceSeriesError::Short { balance, cost, enough_for } => {
            let scripts = batches::scripts(tx, batch)?.into_iter().filter(is_left);
            let scripts = &scripts.take(usize::from(products)).collect::<Vec<_>>();
            let offered = OfferedSeries { batch, ordered: ordered.into(), offer };
            let support = &settings.support;
            return Ok(Reply::Hint(screens::series::too_few_credits(
                &voice,
                &SeriesShortage { offered, scripts, count, cost, balance, enough_for, support },
            )));
        }
        PlaceSeriesError::OfferChanged => return on_offer_changed(conversation, batch),
        PlaceSeriesError::PhotoReplaced => {
            return show_with_word(conversation, batch, Key::ToastPhotoReplaced);
        }
        PlaceSeriesError::Order(refused) => refused,
    };
    match refused {
        PlaceOrderError::Store(error) => Err(error),
        PlaceOrderError::AlreadyOrdered => Ok(conversation.toast(Key::ToastAccepted)),
        PlaceOrderError::Paused => Ok(Reply::Hint(screens::order::paused(&voice))),
        PlaceOrderError::PhotoGone => {
            leave_out_gone(conversation, batch)?;
            show_with_word(conversation, batch, Key::ToastPhotoGone)
        }
        PlaceOrderError::NotReady => Ok(Reply::Hint(screens::script::still_writing(&voice))),
        PlaceOrderError::PriceChanged
        | PlaceOrderError::NotOffered
        | PlaceOrderError::Short { .. } => on_offer_changed(conversation, batch),
        PlaceOrderError::PhotosChanged => {
            show_with_word(conversation, batch, Key::ToastPhotosChanged)
        }
        PlaceOrderError::EdgesChanged => {
            show_with_word(conversation, batch, Key::ToastEdgesChanged)
        }
        PlaceOrderError::NoScript => Ok(conversation.stale()),
    }
}

/// A product whose photo can be had no more is no part of a series any longer; the others are.
fn leave_out_gone(conversation: &Conversation<'_>, batch: BatchId) -> Result<(), StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let scripts = batches::scripts(tx, batch)?.into_iter();
    for script in scripts.filter(|script| script.state == ScriptState::Ready) {
        let Some(draft) = drafts::find(tx, user, script.id.draft)? else { continue };
        if !photos::is_here(tx, draft.photo)? {
            drafts::close(tx, draft.id)?;
        }
    }
    Ok(())
}

/// The message with the scripts says from now on how their orders stand.
fn accepted(
    conversation: &Conversation<'_>,
    batch: BatchId,
    placed: PlacedSeries,
) -> Result<Reply, StoreError> {
    let (tx, voice, PlacedSeries { lead, balance }) =
        (conversation.tx, conversation.voice(), placed);
    let flow = order_status::flow(tx, conversation.settings, tx.now)?;
    let standing = Standing::of(tx, lead, &flow, tx.now)?;
    let rest = screens::series::rest(&voice, batch, batches::count_left(tx, batch)?);
    let screen = screens::order::accepted(&voice, lead, &standing, balance).row(rest);
    // The rest of the series is shown by an anchor of its own.
    let (anchor, shown) = (Anchor::Orders(lead), screen.fingerprint());
    status_messages::begin(tx, lead, conversation.user.id, &anchor.to_string(), shown)?;
    Ok(Reply::Edit(anchor, screen))
}
