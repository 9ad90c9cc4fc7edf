//! Albums that people sent: of each only the first photo is used.

use crate::domain::{
    id::{DraftId, UserId},
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Notes a photo of an album; returns its number in the order of arrival.
pub(crate) fn count(tx: &Tx<'_>, user: UserId, group: &str) -> Result<u32, StoreError> {
    let sql = "insert into albums (chat_id, group_id, seen_at) values (?, ?, ?)
               on conflict do update set photos = photos + 1";
    tx.run(sql, (user, group, tx.now))?;
    let sql = "select photos from albums where chat_id = ? and group_id = ?";
    tx.one(sql, (user, group), |row| row.get(0))
}

/// Notes the draft of the photo that is used.
pub(crate) fn set_draft(
    tx: &Tx<'_>,
    user: UserId,
    group: &str,
    draft: DraftId,
) -> Result<(), StoreError> {
    let sql = "update albums set draft_id = ? where chat_id = ? and group_id = ?";
    tx.run(sql, (draft, user, group)).map(drop)
}

/// The draft of the photo that is used.
pub(crate) fn draft(
    view: &View<'_>,
    user: UserId,
    group: &str,
) -> Result<Option<DraftId>, StoreError> {
    let sql = "select draft_id from albums where chat_id = ? and group_id = ?";
    Ok(view.first(sql, (user, group), |row| row.get(0))?.flatten())
}

/// Forgets at most so many albums seen before `before`.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from albums where (chat_id, group_id) in
                   (select chat_id, group_id from albums where seen_at < ? limit ?)";
    tx.run(sql, (before, most))
}
