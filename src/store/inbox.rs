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
    tx.notify(Channel::Inbox);
    if insert(tx, update_id, body)? {
        return Ok(true);
    }
    // Telegram begins anew with its numbers after a week of silence, and what is put off may be
    // older than that: it makes way.
    let sql = "update inbox set update_id = -id
               where update_id = ? and body <> ? and due_at is not null";
    Ok(tx.run(sql, (update_id, body))? == 1 && insert(tx, update_id, body)?)
}

fn insert(tx: &Tx<'_>, update_id: i64, body: &str) -> Result<bool, StoreError> {
    let sql =
        "insert into inbox (update_id, body) values (?, ?) on conflict (update_id) do nothing";
    Ok(tx.run(sql, (update_id, body))? == 1)
}

/// The updates that wait and are not put off, in the order of arrival.
pub fn waiting(
    view: &View<'_>,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<PendingUpdate>, StoreError> {
    let sql = "select id, body, tries from inbox
               where handled_at is null and (due_at is null or due_at <= ?) order by id limit ?";
    view.all(sql, (now, limit), |row| {
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

/// Counts a failure, and puts the update off: it waits for nobody, and nobody waits for it.
pub fn put_off(tx: &Tx<'_>, id: InboxId, until: Timestamp) -> Result<(), StoreError> {
    let sql = "update inbox set tries = tries + 1, due_at = ? where id = ?";
    tx.run(sql, (until, id))?;
    Ok(())
}

/// Forgets at most so many of what was handled before `before`. Telegram may use an update id
/// again after a week of silence, so old ones must not stay.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from inbox where id in (select id from inbox
                   where handled_at is not null and handled_at < ? limit ?)";
    tx.run(sql, (before, most))
}
