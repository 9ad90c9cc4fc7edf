//! A person orders videos: the credits are charged and the jobs are queued, or
//! nothing happens at all.

use crate::actions::rules::Rules;
use crate::domain::{
    credits::{Credits, EntryKind},
    draft::{DraftMove, DraftState},
    id::{DraftId, OrderId, UserId},
};
use crate::store::{
    drafts::{self, Draft},
    error::StoreError,
    jobs,
    ledger::{self, Entry},
    orders::{self, NewOrder},
    switches,
    tx::Tx,
};

/// A tap on "1 / 3 / 5 videos".
#[derive(Clone, Copy, Debug)]
pub struct PlaceOrder {
    /// The person who tapped.
    pub user: UserId,
    /// The draft on whose script the button was.
    pub draft: DraftId,
    /// The script on which the button was.
    pub revision: u32,
    /// How many videos.
    pub count: u32,
}

/// An order that was placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The order.
    pub order: OrderId,
    /// The balance left.
    pub balance: Credits,
}

/// Why there is no new order. Nothing was charged.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PlaceOrderError {
    /// The draft is not there, is another person's, or was put aside.
    #[error("no such draft")]
    NoDraft,
    /// The draft has become an order before: a second tap on the same script.
    #[error("already ordered")]
    AlreadyOrdered,
    /// The script has been replaced since the button was shown.
    #[error("the script has been replaced")]
    Stale,
    /// The operator takes no orders just now.
    #[error("no orders are taken just now")]
    Paused,
    /// The script was shown with another price than today's.
    #[error("the price has changed")]
    PriceChanged,
    /// The operator does not offer this count.
    #[error("this count is not offered")]
    NotOffered,
    /// Not enough credits.
    #[error("{balance} credits are not enough")]
    Short {
        /// What the person has.
        balance: Credits,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Charges and queues. The draft is consumed, so however often a button is
/// tapped there is one order.
pub fn place_order(
    tx: &Tx<'_>,
    rules: &Rules,
    wanted: &PlaceOrder,
) -> Result<Placed, PlaceOrderError> {
    let draft = drafts::find(tx, wanted.user, wanted.draft)?.ok_or(PlaceOrderError::NoDraft)?;
    let prompt = script(&draft, wanted.revision)?;
    if !rules.counts.contains(&wanted.count) {
        return Err(PlaceOrderError::NotOffered);
    }
    if switches::paused_since(tx)?.is_some() {
        return Err(PlaceOrderError::Paused);
    }
    if draft.price != Some(rules.price) {
        return Err(PlaceOrderError::PriceChanged);
    }
    let price = rules.price.times(wanted.count);
    let balance = ledger::balance(tx, wanted.user)?;
    if balance < price {
        return Err(PlaceOrderError::Short { balance });
    }
    let new = NewOrder {
        user: wanted.user,
        draft: draft.id,
        photo: draft.photo,
        prompt,
        model: rules.model.clone(),
        count: wanted.count,
        price: rules.price,
    };
    let order = orders::add(tx, &new)?;
    jobs::add(tx, order, &new)?;
    if !drafts::try_transition(tx, draft.id, None, DraftMove::Order)? {
        return Err(PlaceOrderError::AlreadyOrdered);
    }
    charge(tx, wanted.user, order, price)?;
    Ok(Placed { order, balance: ledger::balance(tx, wanted.user)? })
}

/// The prompt of the script on which the button was.
fn script(draft: &Draft, revision: u32) -> Result<String, PlaceOrderError> {
    match &draft.state {
        DraftState::Ordered => Err(PlaceOrderError::AlreadyOrdered),
        DraftState::Dropped => Err(PlaceOrderError::NoDraft),
        DraftState::Ready { prompt, .. } if draft.revision == revision => Ok(prompt.clone()),
        DraftState::Ready { .. }
        | DraftState::Choosing
        | DraftState::Describing
        | DraftState::Writing(_) => Err(PlaceOrderError::Stale),
    }
}

fn charge(tx: &Tx<'_>, user: UserId, order: OrderId, price: Credits) -> Result<(), StoreError> {
    let entry = Entry {
        user,
        amount: -price,
        kind: EntryKind::Charge,
        once: format!("charge order {order}"),
        order: Some(order),
        job: None,
        note: None,
    };
    ledger::add(tx, &entry).map(drop)
}
