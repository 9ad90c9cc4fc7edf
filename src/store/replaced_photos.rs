//! Photos that people replaced by editing the message that brought them: the new one takes the place of
//! the one before, which is kept until the new one is known to serve.

use crate::domain::id::{DraftId, MessageId, PhotoId, UserId};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// What an open draft has of the photo of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlaceOfPhoto {
    /// The draft.
    pub draft: DraftId,
    /// The photo.
    pub photo: PhotoId,
    /// Whether it is the one that is filmed, and not only another side of the product.
    pub is_filmed: bool,
}

/// Where the photo of a person's message is in their open drafts.
pub(crate) fn places(
    view: &View<'_>,
    user: UserId,
    message: MessageId,
) -> Result<Vec<PlaceOfPhoto>, StoreError> {
    let sql = "select d.id, d.photo_id, 1 from drafts d
               where d.tg_user_id = ?1 and d.closed_at is null and d.message_id = ?2
               union all
               select d.id, p.photo_id, 0 from drafts d join draft_photos p on p.draft_id = d.id
               where d.tg_user_id = ?1 and d.closed_at is null and p.message_id = ?2";
    view.all(sql, (user, message), |row| {
        Ok(PlaceOfPhoto { draft: row.get(0)?, photo: row.get(1)?, is_filmed: row.get(2)? })
    })
}

/// Puts a photo in all places of the one that a message brought.
pub(crate) fn replace(
    tx: &Tx<'_>,
    user: UserId,
    message: MessageId,
    photo: PhotoId,
) -> Result<(), StoreError> {
    let sql = format!(
        "update drafts set photo_before = {}, photo_id = ?3, updated_at = ?4
         where tg_user_id = ?1 and closed_at is null and message_id = ?2 and photo_id <> ?3",
        before("drafts")
    );
    tx.run(&sql, (user, message, photo, tx.now))?;
    let sql = format!(
        "update draft_photos set photo_before = {}, photo_id = ?3
         where draft_id in (select id from drafts where tg_user_id = ?1 and closed_at is null)
           and message_id = ?2 and photo_id <> ?3",
        before("draft_photos")
    );
    tx.run(&sql, (user, message, photo)).map(drop)
}

/// The photo to go back to when `?3` cannot serve: the one that it replaces; while nobody knows whether
/// that can, the one before it.
fn before(table: &str) -> String {
    format!(
        "nullif(iif((select checked_at from photos where id = {table}.photo_id) is null,
                    coalesce({table}.photo_before, {table}.photo_id), {table}.photo_id), ?3)"
    )
}

/// Gives the photo before its place back in a draft where `photo` cannot serve; says whether there was
/// one, and whether it is filmed.
pub(crate) fn put_back(
    tx: &Tx<'_>,
    draft: DraftId,
    photo: PhotoId,
) -> Result<Option<PlaceOfPhoto>, StoreError> {
    let sql = "update drafts set photo_id = photo_before, photo_before = null, updated_at = ?
               where id = ? and photo_id = ? and photo_before is not null";
    let is_filmed = tx.run(sql, (tx.now, draft, photo))? > 0;
    let sql = "update draft_photos set photo_id = photo_before, photo_before = null
               where draft_id = ? and photo_id = ? and photo_before is not null";
    let is_there = tx.run(sql, (draft, photo))? > 0 || is_filmed;
    Ok(is_there.then_some(PlaceOfPhoto { draft, photo, is_filmed }))
}

/// Takes a photo that cannot serve from the sides of a draft that films another one. The others keep
/// their numbers. Says whether it was there.
pub(crate) fn leave_out(tx: &Tx<'_>, draft: DraftId, photo: PhotoId) -> Result<bool, StoreError> {
    let sql = "delete from draft_photos where draft_id = ?1 and photo_id = ?2
                   and ?2 <> (select photo_id from drafts where id = ?1)";
    Ok(tx.run(sql, (draft, photo))? > 0)
}

/// The open drafts that have a photo among the sides of their product.
pub(crate) fn drafts_with_side(
    view: &View<'_>,
    photo: PhotoId,
) -> Result<Vec<(UserId, DraftId)>, StoreError> {
    let sql = "select d.tg_user_id, d.id from draft_photos p join drafts d on d.id = p.draft_id
               where p.photo_id = ? and d.closed_at is null order by d.id";
    view.all(sql, [photo], |row| Ok((row.get(0)?, row.get(1)?)))
}
