//! Telegram updates, stored before they are confirmed to Telegram.

use crate::domain::{id::InboxId, time::Timestamp};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// An update that waits to be handled.
#[derive(Clone, Debug)]
pub struct PendingUpdate {
    /// Its place in the order of arrival.
    pub id: InboxId,
    /// The update as Telegram sent it, JSON.
    pub body: String,
    /// How often handling it has failed.
    pub tries: u32,
}

/// Stores an update; one that is already known is left alone.
pub fn add(tx: &Tx<'_>, update_id: i64, body: &str) -> Result<bool, StoreError> {
    let added = tx.run(
        "insert into inbox (update_id, body) values (?, ?) on conflict (update_id) do nothing",
        (update_id, body),
    )?;
    tx.notify(Channel::Inbox);
    Ok(added == 1)
}

/// The updates that wait, in the order of arrival.
pub fn waiting(view: &View<'_>, limit: u32) -> Result<Vec<PendingUpdate>, StoreError> {
    let sql = "select id, body, tries from inbox where handled_at is null order by id limit ?";
    view.all(sql, [limit], |row| {
        Ok(PendingUpdate { id: row.get(0)?, body: row.get(1)?, tries: row.get(2)? })
    })
}

/// Marks an update as handled, in the transaction of the action it caused;
/// `false` when it already was.
pub fn mark_handled(tx: &Tx<'_>, id: InboxId) -> Result<bool, StoreError> {
    let sql = "update inbox set handled_at = ? where id = ? and handled_at is null";
    Ok(tx.run(sql, (tx.now, id))? == 1)
}

/// Counts a failure to handle an update.
pub fn mark_failed(tx: &Tx<'_>, id: InboxId) -> Result<(), StoreError> {
    tx.run("update inbox set tries = tries + 1 where id = ?", [id])?;
    Ok(())
}

/// Forgets at most so many of what was handled before `before`. Telegram may use an update id
/// again after a week of silence, so old ones must not stay.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from inbox where id in (select id from inbox
                   where handled_at is not null and handled_at < ? limit ?)";
    tx.run(sql, (before, most))
}
