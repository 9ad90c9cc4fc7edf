//! A person orders videos: the credits are charged and the jobs are queued, or
//! nothing happens at all.

use crate::actions::{
    offered::{of_photos, offered},
    rules::Rules,
};
use crate::domain::{
    credits::{Credits, EntryKind},
    draft::ScriptId,
    id::{OrderId, UserId},
    options::Quote,
};
use crate::service::business::Event;
use crate::store::{
    draft_photos,
    drafts::{self, Draft},
    error::StoreError,
    jobs,
    ledger::{self, Entry},
    orders::{self, NewOrder, PartOfSeries},
    photos,
    scripts::{self, Script},
    switches,
    tx::Tx,
};

/// A tap on "1 / 3 / 5 videos".
#[derive(Clone, Copy, Debug)]
pub struct PlaceOrder {
    /// The person who tapped.
    pub user: UserId,
    /// The script on which the button was.
    pub script: ScriptId,
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
    /// There is no such script, it is another person's, or its draft is no longer open.
    #[error("no such script")]
    NoScript,
    /// The script was ordered before: a second tap.
    #[error("already ordered")]
    AlreadyOrdered,
    /// The script is not written yet.
    #[error("the script is being written")]
    NotReady,
    /// Its photo can be had no more: it is to be sent again.
    #[error("the photo is gone")]
    PhotoGone,
    /// The operator takes no orders just now.
    #[error("no orders are taken just now")]
    Paused,
    /// The script was shown with another price than today's for its shape and length.
    #[error("the price has changed")]
    PriceChanged,
    /// The script was shown with another number of photos of the product than would be filmed today.
    #[error("another number of photos would be shown")]
    PhotosChanged,
    /// The script was shown with other edges of its photo.
    #[error("other edges of the photo would be shown")]
    EdgesChanged,
    /// The operator does not offer this count, shape or length.
    #[error("this count, shape or length is not offered")]
    NotOffered,
    /// Not enough credits.
    #[error("{balance} credits are not enough")]
    Short {
        /// What the person has.
        balance: Credits,
        /// What the videos cost together.
        cost: Credits,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Charges and queues. A script is ordered once, however often its buttons are tapped.
pub fn place_order(
    tx: &Tx<'_>,
    rules: &Rules,
    wanted: &PlaceOrder,
) -> Result<Placed, PlaceOrderError> {
    let order = check(tx, rules, wanted)?;
    Ok(queue(tx, rules, order, None)?)
}

/// An order that can be placed, as things are in this transaction.
#[derive(Debug)]
pub(crate) struct Checked {
    wanted: PlaceOrder,
    draft: Draft,
    script: Script,
    prompt: String,
    /// What its buttons say.
    quote: Quote,
    /// What all its videos cost.
    pub(crate) cost: Credits,
}

/// Whether an order can be placed. Nothing is changed.
pub(crate) fn check(
    tx: &Tx<'_>,
    rules: &Rules,
    wanted: &PlaceOrder,
) -> Result<Checked, PlaceOrderError> {
    if let Some(order) = orders::of_script(tx, wanted.script)? {
        let is_own = order.user == wanted.user;
        return Err(if is_own {
            PlaceOrderError::AlreadyOrdered
        } else {
            PlaceOrderError::NoScript
        });
    }
    let draft = drafts::find(tx, wanted.user, wanted.script.draft)?;
    let script = scripts::find(tx, wanted.script)?;
    let (draft, script) = draft.zip(script).ok_or(PlaceOrderError::NoScript)?;
    let (prompt, shown_price) =
        script.prompt.clone().zip(script.price).ok_or(PlaceOrderError::NotReady)?;
    if !photos::is_here(tx, draft.photo)? {
        return Err(PlaceOrderError::PhotoGone);
    }
    let offered = offered(tx, rules)?;
    if !rules.counts.contains(&wanted.count) || !offered.takes(script.shown) {
        return Err(PlaceOrderError::NotOffered);
    }
    if switches::paused_since(tx)?.is_some() {
        return Err(PlaceOrderError::Paused);
    }
    let quote = offered.quote(script.shown.or(drafts::choice(tx, draft.id)?));
    if shown_price != quote.price {
        return Err(PlaceOrderError::PriceChanged);
    }
    let now = of_photos(tx, &offered, draft.id, quote.options.aspect)?;
    if script.photos.is_some_and(|shown| shown != now.photos) {
        return Err(PlaceOrderError::PhotosChanged);
    }
    // What nobody knew then or knows now says nothing: a late look at a photo refuses no order.
    if script.edges.zip(now.edges).is_some_and(|(shown, now)| shown != now) {
        return Err(PlaceOrderError::EdgesChanged);
    }
    let cost = quote.price.times(wanted.count);
    let balance = ledger::balance(tx, wanted.user)?;
    if balance < cost {
        return Err(PlaceOrderError::Short { balance, cost });
    }
    Ok(Checked { wanted: *wanted, draft, script, prompt, quote, cost })
}

/// Charges and queues an order that was checked in the same transaction.
pub(crate) fn queue(
    tx: &Tx<'_>,
    rules: &Rules,
    order: Checked,
    part: Option<PartOfSeries>,
) -> Result<Placed, StoreError> {
    let Checked { wanted, draft, script, prompt, quote, cost } = order;
    let new = NewOrder {
        user: wanted.user,
        script: wanted.script,
        photo: draft.photo,
        prompt,
        summary: script.summary,
        scenes: script.scenes,
        preset: script.source.preset().map(str::to_owned),
        name: draft.name,
        part,
        model: rules.model.clone(),
        count: wanted.count,
        price: quote.price,
        aspect: quote.options.aspect,
        seconds: quote.options.seconds,
    };
    let order = orders::add(tx, &new)?;
    draft_photos::keep_for(tx, order, draft.id)?;
    jobs::add(tx, order, &new)?;
    scripts::mark_ordered(tx, wanted.script)?;
    drafts::touch(tx, draft.id)?;
    charge(tx, wanted.user, order, cost)?;
    let (user, videos) = (wanted.user, wanted.count);
    tx.tell(Event::Ordered { order, user, videos, credits: cost });
    Ok(Placed { order, balance: ledger::balance(tx, wanted.user)? })
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
