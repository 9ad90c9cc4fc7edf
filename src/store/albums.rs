//! Albums that people sent: of each only the first photo is used.

use crate::domain::{id::UserId, time::Timestamp};
use crate::store::{error::StoreError, tx::Tx};

/// Notes a photo of an album; returns its number in the order of arrival.
pub(crate) fn count(tx: &Tx<'_>, user: UserId, group: &str) -> Result<u32, StoreError> {
    let sql = "insert into albums (chat_id, group_id, seen_at) values (?, ?, ?)
               on conflict do update set photos = photos + 1";
    tx.run(sql, (user, group, tx.now))?;
    let sql = "select photos from albums where chat_id = ? and group_id = ?";
    tx.one(sql, (user, group), |row| row.get(0))
}

/// Forgets at most so many albums seen before `before`.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from albums where (chat_id, group_id) in
                   (select chat_id, group_id from albums where seen_at < ? limit ?)";
    tx.run(sql, (before, most))
}
