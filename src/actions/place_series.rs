//! A person orders videos of several products at once: all of them, or nothing happens at all.

use crate::actions::{
    place_order::{Checked, PlaceOrder, PlaceOrderError, check, queue},
    rules::Rules,
};
use crate::domain::{
    credits::Credits,
    draft::ScriptState,
    id::{BatchId, OrderId, UserId},
};
use crate::store::{
    batches::{self, ScriptOfBatch},
    error::StoreError,
    ledger,
    orders::PartOfSeries,
    tx::Tx,
};

/// A tap on "10 × 1 video".
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlaceSeries {
    /// The person who tapped.
    pub user: UserId,
    /// The series.
    pub batch: BatchId,
    /// How many of its scripts were ordered when the button was shown.
    pub ordered: u16,
    /// How many of the others are ordered, the first ones.
    pub products: u16,
    /// How many videos of each.
    pub count: u32,
    /// Which offer of the series the button says.
    pub offer: u32,
}

/// Orders that were placed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlacedSeries {
    /// The first of them.
    pub lead: OrderId,
    /// The balance left.
    pub balance: Credits,
}

/// Why there are no new orders. Nothing was charged.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum PlaceSeriesError {
    /// One of them could not be placed for this reason.
    #[error(transparent)]
    Order(#[from] PlaceOrderError),
    /// The button is of a photo that a product of the series has no more.
    #[error("a photo of the series was replaced")]
    PhotoReplaced,
    /// The button says what the series no longer says: its person has not seen what this costs.
    #[error("the series has another offer by now")]
    OfferChanged,
    /// The credits are enough for fewer products.
    #[error("{balance} credits are not enough for {cost}")]
    Short {
        /// What the person has.
        balance: Credits,
        /// What all would cost.
        cost: Credits,
        /// For how many of the products it is enough.
        enough_for: u32,
    },
}

impl From<StoreError> for PlaceSeriesError {
    fn from(error: StoreError) -> Self {
        Self::Order(error.into())
    }
}

/// Charges and queues an order for each product. Each script is ordered once, however often the
/// buttons are tapped.
pub(crate) fn place_series(
    tx: &Tx<'_>,
    rules: &Rules,
    wanted: &PlaceSeries,
) -> Result<PlacedSeries, PlaceSeriesError> {
    let &PlaceSeries { user, batch, products, count, .. } = wanted;
    let found = batches::find(tx, user, batch)?.ok_or(PlaceOrderError::NoScript)?;
    let is_of_other_photos = wanted.offer < found.photo_offer;
    let scripts = batches::scripts(tx, batch)?;
    let are = |state| scripts.iter().filter(move |script| script.state == state);
    if are(ScriptState::Writing).count() > 0 {
        if is_of_other_photos {
            return Err(PlaceSeriesError::PhotoReplaced);
        }
        return Err(PlaceOrderError::NotReady.into());
    }
    let (ordered, before) = (are(ScriptState::Ordered).count(), usize::from(wanted.ordered));
    if ordered > before && [scripts.len(), before + usize::from(products)].contains(&ordered) {
        return Err(PlaceOrderError::AlreadyOrdered.into());
    }
    if is_of_other_photos {
        return Err(PlaceSeriesError::PhotoReplaced);
    }
    if ordered != before || batches::offer(tx, batch)? != wanted.offer {
        return Err(PlaceSeriesError::OfferChanged);
    }
    let scripts: Vec<&ScriptOfBatch> =
        are(ScriptState::Ready).take(usize::from(products)).collect();
    if scripts.is_empty() || scripts.len() < usize::from(products) {
        return Err(PlaceOrderError::NotOffered.into());
    }
    // The sum is looked at before each of its parts: of a series nothing is ordered by halves.
    let prices = scripts.iter().map(|script| script.price.unwrap_or_default().times(count));
    let prices: Vec<Credits> = prices.collect();
    let cost: Credits = sum(&prices);
    let balance = ledger::balance(tx, user)?;
    if balance < cost && rules.counts.contains(&count) {
        let fits = |most: &usize| sum(&prices[..*most]) <= balance;
        let enough_for = (0..prices.len()).rev().find(fits).unwrap_or(0);
        let enough_for = u32::try_from(enough_for).unwrap_or(u32::MAX);
        return Err(PlaceSeriesError::Short { balance, cost, enough_for });
    }
    let orders = scripts.iter().map(|script| PlaceOrder { user, script: script.id, count });
    let checked: Vec<Checked> =
        orders.map(|order| check(tx, rules, &order)).collect::<Result<_, _>>()?;
    let mut lead = None;
    for (order, script) in checked.into_iter().zip(&scripts) {
        let part = PartOfSeries { batch, place: script.number, lead };
        let placed = queue(tx, rules, order, Some(part))?;
        lead = lead.or(Some(placed.order));
    }
    batches::mark_ordered(tx, batch)?;
    let lead = lead.ok_or(PlaceOrderError::NotOffered)?;
    Ok(PlacedSeries { lead, balance: ledger::balance(tx, user)? })
}

fn sum(prices: &[Credits]) -> Credits {
    Credits(prices.iter().map(|price| price.0).sum())
}
