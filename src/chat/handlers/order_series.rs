//! A person tapped "10 × 1 video".

use crate::actions::{
    place_order::PlaceOrderError,
    place_series::{PlaceSeries, PlaceSeriesError, place_series},
};
use crate::chat::{
    conversation::Conversation,
    handlers::series::{number, on_script},
    key::Key,
    reply::{Anchor, Reply},
    screens::{self, series::SeriesShortage},
};
use crate::domain::{draft::ScriptState, id::BatchId};
use crate::store::{
    batches::{self, ScriptOfBatch},
    error::StoreError,
};

/// Places the orders, or shows why there are none.
pub(crate) fn on_order_series(
    conversation: &mut Conversation<'_>,
    batch: BatchId,
    (skipped, products, count): (u32, u32, u32),
) -> Result<Reply, StoreError> {
    let (tx, user, voice) = (conversation.tx, conversation.user.id, conversation.voice());
    let settings = conversation.settings;
    let wanted = PlaceSeries { user, batch, skipped, products, count };
    let refused = match place_series(tx, &settings.rules, &wanted) {
        Ok(placed) => {
            let is_left = |script: &&ScriptOfBatch| script.state == ScriptState::Ready;
            let rest = batches::scripts(tx, batch)?.iter().filter(is_left).count();
            let (videos, balance) = (placed.videos, placed.balance);
            let screen = screens::series::accepted(&voice, batch, videos, balance, number(rest));
            return Ok(Reply::Edit(Anchor::Series(batch), screen));
        }
        Err(refused) => refused,
    };
    let refused = match refused {
        PlaceSeriesError::Short { balance, cost, enough_for } => {
            let scripts = batches::scripts(tx, batch)?;
            let scripts = &scripts[skipped as usize..][..products as usize];
            let support = &settings.support;
            return Ok(Reply::Hint(screens::series::too_few_credits(
                &voice,
                &SeriesShortage {
                    batch,
                    scripts,
                    skipped,
                    count,
                    cost,
                    balance,
                    enough_for,
                    support,
                },
            )));
        }
        PlaceSeriesError::Order(refused) => refused,
    };
    match refused {
        PlaceOrderError::Store(error) => Err(error),
        PlaceOrderError::AlreadyOrdered => Ok(conversation.toast(Key::ToastAccepted)),
        PlaceOrderError::Paused => Ok(Reply::Hint(screens::order::paused(&voice))),
        PlaceOrderError::NotReady => Ok(Reply::Hint(screens::script::still_writing(&voice))),
        PlaceOrderError::PriceChanged
        | PlaceOrderError::NotOffered
        | PlaceOrderError::Short { .. } => on_script(conversation, batch),
        PlaceOrderError::NoScript => Ok(conversation.stale()),
    }
}
