//! What operators did by command, and who: only ever added to.

use rusqlite::Row;
use serde::Serialize;

use crate::domain::{rfc3339, time::Timestamp};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// What an operator did. No part of it holds a secret.
#[derive(Clone, Debug)]
pub(crate) struct AdminAct {
    /// Who typed it: a user of the system.
    pub os_user: String,
    /// The command, such as `credits grant`.
    pub act: &'static str,
    /// The person, key or switch.
    pub subject: String,
    /// What else there is to say.
    pub details: Option<String>,
}

/// A line of the log.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AdminLine {
    /// The row.
    pub id: i64,
    /// When.
    #[serde(serialize_with = "rfc3339::serialize")]
    pub at: Timestamp,
    /// Who.
    pub os_user: String,
    /// The command.
    pub act: String,
    /// The person, key or switch.
    pub subject: String,
    /// What else there is to say.
    pub details: Option<String>,
}

/// Notes an act, in the transaction in which it is done.
pub(crate) fn add(tx: &Tx<'_>, act: &AdminAct) -> Result<(), StoreError> {
    let sql = "insert into admin_log (at, os_user, act, subject, details) values (?, ?, ?, ?, ?)";
    tx.run(sql, (tx.now, &act.os_user, act.act, &act.subject, &act.details)).map(drop)
}

const COLUMNS: &str = "id, at, os_user, act, subject, details";

fn line(row: &Row<'_>) -> rusqlite::Result<AdminLine> {
    Ok(AdminLine {
        id: row.get(0)?,
        at: row.get(1)?,
        os_user: row.get(2)?,
        act: row.get(3)?,
        subject: row.get(4)?,
        details: row.get(5)?,
    })
}

/// The newest lines, the newest first.
pub(crate) fn list(view: &View<'_>, limit: u32) -> Result<Vec<AdminLine>, StoreError> {
    view.all(&format!("select {COLUMNS} from admin_log order by id desc limit ?"), [limit], line)
}

/// The lines after that one, a hundred at most.
pub(crate) fn after(view: &View<'_>, id: i64) -> Result<Vec<AdminLine>, StoreError> {
    let sql = format!("select {COLUMNS} from admin_log where id > ? order by id limit 100");
    view.all(&sql, [id], line)
}

/// The newest line; 0 before the first.
pub(crate) fn newest(view: &View<'_>) -> Result<i64, StoreError> {
    view.one("select coalesce(max(id), 0) from admin_log", [], |row| row.get(0))
}

/// How many lines there are.
pub(crate) fn count(view: &View<'_>) -> Result<u32, StoreError> {
    view.one("select count(*) from admin_log", [], |row| row.get(0))
}
