//! Photos that people sent, by Telegram file id.

use rusqlite::Row;

use crate::domain::{
    id::{DraftId, OrderId, PhotoId, UserId},
    photo::Flaw,
};
use crate::service::notify::Channel;
use crate::store::{
    bots::{BOT, is_ours},
    error::StoreError,
    tx::{Tx, View},
};

/// Keeps a photo and returns its row. One that the person has sent before keeps the row it has,
/// with its uploads. `unique_id` is Telegram's, the same whenever the photo comes again.
pub(crate) fn keep(
    tx: &Tx<'_>,
    user: UserId,
    file_id: &str,
    unique_id: Option<&str>,
) -> Result<PhotoId, StoreError> {
    let sql = format!(
        "update photos set file_id = ?3, bot_id = {BOT} where tg_user_id = ?1 and unique_id = ?2"
    );
    if tx.run(&sql, (user, unique_id, file_id))? == 1 {
        let sql = "select id from photos where tg_user_id = ? and unique_id = ?";
        return tx.one(sql, (user, unique_id), |row| row.get(0)).map(PhotoId);
    }
    tx.notify(Channel::Photos);
    let sql = format!(
        "insert into photos (tg_user_id, unique_id, file_id, bot_id) values (?, ?, ?, {BOT})"
    );
    tx.add(&sql, (user, unique_id, file_id)).map(PhotoId)
}

/// The photo of a person's that comes as this file, if it was kept.
pub(crate) fn find(
    view: &View<'_>,
    user: UserId,
    file_id: &str,
    unique_id: Option<&str>,
) -> Result<Option<PhotoId>, StoreError> {
    let sql = "select id from photos where tg_user_id = ?1
                   and iif(?2 is null, file_id = ?3, unique_id = ?2) limit 1";
    view.first(sql, (user, unique_id, file_id), |row| row.get(0))
}

/// The Telegram file id of a photo, and whether its bytes were found usable. Without an id it can be
/// had no more: it was sent to another bot, or Telegram does not find it.
pub(crate) fn file(view: &View<'_>, photo: PhotoId) -> Result<(Option<String>, bool), StoreError> {
    let sql =
        format!("select {}, checked_at is not null from photos where id = ?", file_id("photos"));
    view.one(&sql, [photo], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// A photo's file id, if it is good for this bot.
pub(super) fn file_id(photos: &str) -> String {
    format!("case when {} then {photos}.file_id end", is_ours(&format!("{photos}.bot_id")))
}

/// Whether a photo can still be had from Telegram, as far as is known.
pub(crate) fn is_here(view: &View<'_>, photo: PhotoId) -> Result<bool, StoreError> {
    let sql = format!("select {} from photos where id = ?", is_ours("bot_id"));
    view.one(&sql, [photo], |row| row.get(0))
}

/// The same of the photo of an order.
pub(crate) fn is_here_of(view: &View<'_>, order: OrderId) -> Result<bool, StoreError> {
    let sql = "select photo_id from orders where id = ?";
    let photo = view.first(sql, [order], |row| row.get(0))?;
    photo.map_or(Ok(false), |photo| is_here(view, photo))
}

/// Notes that Telegram does not find a photo, under the id that this bot has of it.
pub(crate) fn mark_gone(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    let sql = format!("update photos set bot_id = 0 where id = ? and {}", is_ours("bot_id"));
    tx.run(&sql, [photo]).map(drop)
}

/// What was found of a photo when its pixels were looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looked {
    /// Width and height as it is seen, in pixels; `None` where nobody has looked yet, or nothing was
    /// to be seen.
    pub sides: Option<(u32, u32)>,
    /// Its flaws, the worst first.
    pub flaws: Vec<Flaw>,
}

/// A photo at which nobody has looked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewPhoto {
    /// The row.
    pub photo: PhotoId,
    /// With it the file can be fetched; nothing where it was sent to another bot.
    pub file_id: Option<String>,
    /// How many looks were begun.
    pub looks: u32,
}

/// The photos at which nobody has looked yet, oldest first.
pub(crate) fn not_looked_at(view: &View<'_>, limit: u32) -> Result<Vec<NewPhoto>, StoreError> {
    let sql = format!(
        "select id, {}, looks from photos where looked_at is null order by id limit ?",
        file_id("photos")
    );
    view.all(&sql, [limit], |row| {
        Ok(NewPhoto { photo: row.get(0)?, file_id: row.get(1)?, looks: row.get(2)? })
    })
}

/// Counts a look at a photo before it is taken: what kills the process counts as well.
pub(crate) fn count_look(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    tx.run("update photos set looks = looks + 1 where id = ?", [photo]).map(drop)
}

/// Notes what was found of a photo. A look in vain forgets nothing of what is known.
pub(crate) fn mark_looked_at(
    tx: &Tx<'_>,
    photo: PhotoId,
    looked: &Looked,
) -> Result<(), StoreError> {
    let sql = "update photos set width = coalesce(?, width), height = coalesce(?, height),
                   verdict = coalesce(?, verdict), looked_at = ? where id = ?";
    let (width, height) = looked.sides.unzip();
    let verdict = (!looked.flaws.is_empty()).then(|| serde_json::json!(looked.flaws).to_string());
    tx.run(sql, (width, height, verdict, tx.now, photo)).map(drop)
}

/// What was found of a photo.
pub(crate) fn looked(view: &View<'_>, photo: PhotoId) -> Result<Looked, StoreError> {
    let sql = "select width, height, verdict from photos where id = ?";
    view.one(sql, [photo], |row| found(row, 0))
}

/// What was found of a photo, from three columns that stand together.
pub(super) fn found(row: &Row<'_>, width: usize) -> rusqlite::Result<Looked> {
    let (height, flaws) = (row.get::<_, Option<u32>>(width + 1)?, row.get(width + 2)?);
    let width: Option<u32> = row.get(width)?;
    let flaws: Option<String> = flaws;
    // What another version has found, and this one has no words for, is not told.
    let flaws = flaws.and_then(|flaws| serde_json::from_str(&flaws).ok());
    Ok(Looked { sides: width.zip(height), flaws: flaws.unwrap_or_default() })
}

/// Notes that the bytes of a photo are usable.
pub(crate) fn mark_checked(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    tx.run("update photos set checked_at = ? where id = ?", (tx.now, photo))?;
    Ok(())
}

/// Notes the width and the height of a photo, in pixels, as it is seen.
pub(crate) fn set_sides(
    tx: &Tx<'_>,
    photo: PhotoId,
    (width, height): (u32, u32),
) -> Result<(), StoreError> {
    let sql = "update photos set width = ?, height = ? where id = ?";
    tx.run(sql, (width, height, photo)).map(drop)
}

/// The width and the height of a draft's photo, where they are known.
pub(crate) fn sides_of_draft(
    view: &View<'_>,
    draft: DraftId,
) -> Result<Option<(u32, u32)>, StoreError> {
    let sql = "select p.width, p.height from drafts d join photos p on p.id = d.photo_id
               where d.id = ? and p.width is not null and p.height is not null";
    view.first(sql, [draft], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Photos that neither a draft nor an order names. It looks at every photo.
pub(crate) fn unnamed(view: &View<'_>) -> Result<Vec<PhotoId>, StoreError> {
    view.all(&format!("select id from photos where {UNNAMED}"), [], |row| row.get(0))
}

/// Forgets a photo, unless something names it by now.
pub(crate) fn forget(tx: &Tx<'_>, photo: PhotoId) -> Result<usize, StoreError> {
    tx.run(&format!("delete from photos where id = ? and {UNNAMED}"), [photo])
}

const UNNAMED: &str = "not exists (select 1 from orders where orders.photo_id = photos.id)
     and not exists (select 1 from drafts where drafts.photo_id = photos.id)
     and not exists (select 1 from drafts where drafts.photo_before = photos.id)
     and not exists (select 1 from draft_photos d where d.photo_id = photos.id)
     and not exists (select 1 from draft_photos d where d.photo_before = photos.id)
     and not exists (select 1 from order_photos o where o.photo_id = photos.id)";
