//! Albums that people sent: what came together. Their usable photos are drafts.

use crate::domain::{
    album::AlbumKind,
    id::{AlbumId, UserId},
    photo::PhotoFault,
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// An album.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Album {
    /// The row, carried in callback data.
    pub id: AlbumId,
    /// How many of its files cannot serve.
    pub unusable: u32,
    /// Why these cannot: each reason once.
    pub faults: Vec<PhotoFault>,
    /// What its photos show, once the person has said it.
    pub kind: Option<AlbumKind>,
}

/// The album that Telegram calls so, begun with the first file of it that comes.
pub(crate) fn of_group(tx: &Tx<'_>, user: UserId, group: &str) -> Result<AlbumId, StoreError> {
    let sql = "insert into albums (chat_id, group_id, seen_at) values (?, ?, ?)
               on conflict do update set seen_at = excluded.seen_at";
    tx.run(sql, (user, group, tx.now))?;
    let sql = "select id from albums where chat_id = ? and group_id = ?";
    tx.one(sql, (user, group), |row| row.get(0))
}

/// An album of that person.
pub(crate) fn find(
    view: &View<'_>,
    user: UserId,
    id: AlbumId,
) -> Result<Option<Album>, StoreError> {
    let sql = "select id, unusable, faults, kind from albums where id = ? and chat_id = ?";
    view.first(sql, (id, user), |row| {
        let faults: String = row.get(2)?;
        // What another version has noted, and this one has no words for, is not told.
        let faults = serde_json::from_str(&faults).unwrap_or_default();
        Ok(Album { id: row.get(0)?, unusable: row.get(1)?, faults, kind: row.get(3)? })
    })
}

/// Counts a file of an album that cannot serve.
pub(crate) fn add_unusable(
    tx: &Tx<'_>,
    album: &mut Album,
    fault: PhotoFault,
) -> Result<(), StoreError> {
    album.unusable += 1;
    if !album.faults.contains(&fault) {
        album.faults.push(fault);
    }
    let faults = serde_json::json!(album.faults).to_string();
    let sql = "update albums set unusable = ?, faults = ? where id = ?";
    tx.run(sql, (album.unusable, faults, album.id)).map(drop)
}

/// Notes what the photos show; `false` when that was noted before.
pub(crate) fn decide(tx: &Tx<'_>, id: AlbumId, kind: AlbumKind) -> Result<bool, StoreError> {
    let sql = "update albums set kind = ? where id = ? and kind is null";
    Ok(tx.run(sql, (kind, id))? == 1)
}

/// Forgets at most so many albums seen before `before`.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from albums where id in (select id from albums where seen_at < ? limit ?)";
    tx.run(sql, (before, most))
}
