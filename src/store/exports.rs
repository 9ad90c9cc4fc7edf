//! What people asked to have again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{
    export::{Effort, Export},
    id::{ExportId, JobId, UserId},
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Asked for again this soon, it is a second tap.
const SAME_REQUEST: Duration = Duration::from_secs(5);

/// A video of an archive that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// The job that made it.
    pub job: JobId,
    /// The part that it is in; 0 of one that could not be had.
    pub part: u32,
    /// The name of its file there.
    pub file: String,
}

/// An open request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenExport {
    /// The row.
    pub id: ExportId,
    /// Who asked.
    pub user: UserId,
    /// What for.
    pub what: Export,
    /// Of an archive: the videos that are done.
    pub packed: Vec<Packed>,
    /// How often it has failed since something of it was sent.
    pub tries: u32,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// Asks for something; `false` when it is asked for already, or was a moment ago.
pub(crate) fn request(tx: &Tx<'_>, user: UserId, what: Export) -> Result<bool, StoreError> {
    let words = what.to_string();
    let sql = "select 1 from exports
               where tg_user_id = ?1 and what = ?2
                 and (done_at is null or (done_at > ?3 and done_at <= ?4)) limit 1";
    let same = (user, &words, tx.now - SAME_REQUEST, tx.now);
    if tx.first(sql, same, |_| Ok(()))?.is_some() {
        return Ok(false);
    }
    let sql = "insert into exports (tg_user_id, what, due_at, created_at) values (?1, ?2, ?3, ?3)";
    tx.add(sql, (user, words, tx.now))?;
    tx.notify(Channel::Exports);
    Ok(true)
}

/// The open request that has been due longest, of those that may be taken now. Each part puts an archive
/// behind all that is due by then.
pub(crate) fn due(
    view: &View<'_>,
    now: Timestamp,
    is_free: impl Fn(UserId, Effort) -> bool,
) -> Result<Option<OpenExport>, StoreError> {
    let sql = "select id, tg_user_id, what from exports
               where done_at is null and due_at <= ? order by due_at, id";
    let due = view.all(sql, [now], |row| {
        let (id, user, what): (ExportId, UserId, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Export::parse(&what).map(|what| (id, user, what)))
    })?;
    let free = due.into_iter().flatten().find(|(_, user, what)| is_free(*user, what.effort()));
    let Some((id, user, what)) = free else { return Ok(None) };
    let sql = "select packed, tries, created_at from exports where id = ?";
    view.first(sql, [id], |row| {
        let packed: String = row.get(0)?;
        let packed = serde_json::from_str(&packed).unwrap_or_default();
        let (tries, created_at) = (row.get(1)?, row.get(2)?);
        Ok(OpenExport { id, user, what, packed, tries, created_at })
    })
}

/// When the next open request is due, if there is one.
pub fn next_due(view: &View<'_>) -> Result<Option<Timestamp>, StoreError> {
    let sql = "select min(due_at) from exports where done_at is null";
    view.one(sql, [], |row| row.get(0))
}

/// Puts a request off: a try has failed, or it was not its turn.
pub(crate) fn put_off(
    tx: &Tx<'_>,
    id: ExportId,
    until: Timestamp,
    has_failed: bool,
) -> Result<(), StoreError> {
    let sql = "update exports set due_at = ?, tries = tries + ? where id = ? and done_at is null";
    tx.run(sql, (until, has_failed, id)).map(drop)
}

/// Lets no request wait longer than until `latest`.
pub(crate) fn cap_due_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    let sql = "update exports set due_at = ?1 where done_at is null and due_at > ?1";
    tx.run(sql, [latest]).map(drop)
}

/// Notes which videos of an archive are done. Its tries are counted anew where a part was sent.
pub(crate) fn note_packed(
    tx: &Tx<'_>,
    open: &OpenExport,
    packed: &[Packed],
) -> Result<(), StoreError> {
    let parts = |packed: &[Packed]| packed.iter().map(|packed| packed.part).max();
    let is_sent = parts(packed) > parts(&open.packed).or(Some(0));
    let tries = if is_sent { 0 } else { open.tries };
    let sql =
        "update exports set packed = ?, tries = ?, due_at = ? where id = ? and done_at is null";
    tx.run(sql, (serde_json::json!(packed).to_string(), tries, tx.now, open.id)).map(drop)
}

/// Closes a request: it is carried out, or given up for a reason.
pub(crate) fn close(tx: &Tx<'_>, id: ExportId, error: Option<&str>) -> Result<(), StoreError> {
    let sql = "update exports set done_at = ?, error = ? where id = ? and done_at is null";
    tx.run(sql, (tx.now, error, id)).map(drop)
}

/// Forgets at most so many requests that were closed before `before`.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from exports where id in (select id from exports
                   where done_at is not null and done_at < ? limit ?)";
    tx.run(sql, (before, most))
}
