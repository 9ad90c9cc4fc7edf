//! Orders: what a tap on "1 / 3 / 5 videos" bought.

use rusqlite::Row;

use crate::domain::{
    credits::Credits,
    id::{DraftId, OrderId, PhotoId, UserId},
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// The row.
    pub id: OrderId,
    /// The person who ordered.
    pub user: UserId,
    /// The draft it came from: one order each.
    pub draft: DraftId,
    /// The product photo.
    pub photo: PhotoId,
    /// How many videos.
    pub count: u32,
    /// Credits for one video.
    pub price: Credits,
    /// When it was placed.
    pub created_at: Timestamp,
}

/// What an order is placed with.
#[derive(Clone, Debug)]
pub(crate) struct NewOrder {
    /// The person who orders.
    pub user: UserId,
    /// The draft.
    pub draft: DraftId,
    /// The product photo.
    pub photo: PhotoId,
    /// The final prompt.
    pub prompt: String,
    /// The model's slug.
    pub model: String,
    /// How many videos.
    pub count: u32,
    /// Credits for one video.
    pub price: Credits,
}

const COLUMNS: &str = "id, tg_user_id, draft_id, photo_id, count, price, created_at";

fn order(row: &Row<'_>) -> rusqlite::Result<Order> {
    Ok(Order {
        id: row.get(0)?,
        user: row.get(1)?,
        draft: row.get(2)?,
        photo: row.get(3)?,
        count: row.get(4)?,
        price: row.get(5)?,
        created_at: row.get(6)?,
    })
}

/// The order with that id, of that person.
pub(crate) fn find(
    view: &View<'_>,
    user: UserId,
    id: OrderId,
) -> Result<Option<Order>, StoreError> {
    let sql = format!("select {COLUMNS} from orders where id = ? and tg_user_id = ?");
    view.first(&sql, (id, user), order)
}

/// The order that a draft has become.
pub(crate) fn of_draft(view: &View<'_>, draft: DraftId) -> Result<Option<Order>, StoreError> {
    view.first(&format!("select {COLUMNS} from orders where draft_id = ?"), [draft], order)
}

/// Adds an order, still without its jobs.
pub(crate) fn add(tx: &Tx<'_>, new: &NewOrder) -> Result<OrderId, StoreError> {
    let sql =
        "insert into orders (tg_user_id, draft_id, photo_id, prompt, count, price, created_at)
               values (?, ?, ?, ?, ?, ?, ?)";
    let values = (new.user, new.draft, new.photo, &new.prompt, new.count, new.price, tx.now);
    tx.add(sql, values).map(OrderId)
}

/// How the jobs of an order stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Jobs that have not ended.
    pub open: u32,
    /// Jobs that have completed.
    pub completed: u32,
    /// How many were ordered.
    pub count: u32,
}

/// Counts the jobs of an order.
pub(crate) fn tally(view: &View<'_>, id: OrderId) -> Result<Tally, StoreError> {
    let sql = "select coalesce(sum(status in ('queued', 'processing')), 0),
                      coalesce(sum(status = 'completed'), 0), count(*)
               from generation_jobs where order_id = ?";
    view.one(sql, [id], |row| {
        Ok(Tally { open: row.get(0)?, completed: row.get(1)?, count: row.get(2)? })
    })
}

/// Notes that the last job of an order has ended; `false` when that was noted before.
pub(crate) fn close(tx: &Tx<'_>, id: OrderId) -> Result<bool, StoreError> {
    let sql = "update orders set closed_at = ? where id = ? and closed_at is null";
    Ok(tx.run(sql, (tx.now, id))? == 1)
}
