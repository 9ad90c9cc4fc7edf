//! The photos of a product from several sides.

use crate::domain::id::{DraftId, MessageId, OrderId, PhotoId};
use crate::store::{
    bots::is_ours,
    error::StoreError,
    tx::{Tx, View},
};

/// One of several photos of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DraftPhoto {
    /// Its number: 1, 2, …
    pub place: u32,
    /// The photo.
    pub photo: PhotoId,
    /// The message that brought it, if it is known.
    pub message: Option<MessageId>,
}

/// Adds a photo, once however often it came.
pub(crate) fn add(
    tx: &Tx<'_>,
    draft: DraftId,
    photo: PhotoId,
    message: Option<MessageId>,
) -> Result<(), StoreError> {
    let sql = "insert into draft_photos (draft_id, place, photo_id, message_id)
               select ?1, (select count(*) + 1 from draft_photos where draft_id = ?1), ?2, ?3
               where not exists
                   (select 1 from draft_photos where draft_id = ?1 and photo_id = ?2)";
    tx.run(sql, (draft, photo, message)).map(drop)
}

/// The photos of a draft in their order; none where there is no other than the draft's own.
pub(crate) fn of_draft(view: &View<'_>, draft: DraftId) -> Result<Vec<DraftPhoto>, StoreError> {
    let sql = "select place, photo_id, message_id from draft_photos where draft_id = ?
               order by place";
    view.all(sql, [draft], |row| {
        Ok(DraftPhoto { place: row.get(0)?, photo: row.get(1)?, message: row.get(2)? })
    })
}

/// How many photos of its product that can be had a draft has; 0 where there is no other than its own.
pub(crate) fn count(view: &View<'_>, draft: DraftId) -> Result<u32, StoreError> {
    let sql = format!(
        "select count(*) from draft_photos d join photos p on p.id = d.photo_id
         where d.draft_id = ? and {}",
        is_ours("p.bot_id")
    );
    view.one(&sql, [draft], |row| row.get(0))
}

/// The same of an order.
pub(crate) fn count_of_order(view: &View<'_>, order: OrderId) -> Result<u32, StoreError> {
    let sql = "select count(*) from order_photos where order_id = ?";
    view.one(sql, [order], |row| row.get(0))
}

/// Gives a draft the photos of another one.
pub(crate) fn copy(tx: &Tx<'_>, from: DraftId, to: DraftId) -> Result<(), StoreError> {
    let sql = "insert into draft_photos (draft_id, place, photo_id, message_id)
               select ?, place, photo_id, message_id from draft_photos where draft_id = ?";
    tx.run(sql, (to, from)).map(drop)
}

/// Keeps the photos of a draft for an order of it.
pub(crate) fn keep_for(tx: &Tx<'_>, order: OrderId, draft: DraftId) -> Result<(), StoreError> {
    let sql = "insert into order_photos (order_id, place, photo_id, message_id)
               select ?, place, photo_id, message_id from draft_photos where draft_id = ?";
    tx.run(sql, (order, draft)).map(drop)
}

/// Gives a draft the photos of an order.
pub(super) fn take_over(tx: &Tx<'_>, order: OrderId, to: DraftId) -> Result<(), StoreError> {
    let sql = "insert into draft_photos (draft_id, place, photo_id, message_id)
               select ?, place, photo_id, message_id from order_photos where order_id = ?";
    tx.run(sql, (to, order)).map(drop)
}
