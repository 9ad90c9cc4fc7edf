//! The ledger of credits: only ever added to; the same event never counts twice.

use rusqlite::Row;

use crate::domain::{
    credits::{Credits, EntryKind},
    id::{JobId, OrderId, UserId},
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// One movement of credits. Its `once` key says which event it stands for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Whose credits.
    pub user: UserId,
    /// Positive where credits come, negative where they go.
    pub amount: Credits,
    /// Why.
    pub kind: EntryKind,
    /// The event: `charge order 17`, `refund job 42`, …
    pub once: String,
    /// The order that is paid for.
    pub order: Option<OrderId>,
    /// The job that failed.
    pub job: Option<JobId>,
    /// The operator's words.
    pub note: Option<String>,
}

/// Adds an entry and with it changes the balance; `false` when this event has
/// already counted. A balance below zero is an error of the schema.
pub fn add(tx: &Tx<'_>, entry: &Entry) -> Result<bool, StoreError> {
    let added = tx.run(
        "insert into credit_entries
             (tg_user_id, amount, kind, once, order_id, job_id, note, created_at)
         values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (once) do nothing",
        (
            entry.user,
            entry.amount,
            entry.kind,
            &entry.once,
            entry.order,
            entry.job,
            &entry.note,
            tx.now,
        ),
    )?;
    Ok(added == 1)
}

/// The balance of a person; zero for somebody unknown.
pub fn balance(view: &View<'_>, user: UserId) -> Result<Credits, StoreError> {
    let found =
        view.first("select credits from users where tg_user_id = ?", [user], |row| row.get(0))?;
    Ok(found.unwrap_or_default())
}

/// An entry as the operator reads it.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    /// Whose credits.
    pub user: UserId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub kind: EntryKind,
    /// How much came or went.
    pub amount: Credits,
    /// The operator's words.
    pub note: Option<String>,
    /// The event.
    pub once: String,
}

const COLUMNS: &str = "tg_user_id, created_at, kind, amount, note, once";

fn line(row: &Row<'_>) -> rusqlite::Result<LedgerLine> {
    Ok(LedgerLine {
        user: row.get(0)?,
        at: row.get(1)?,
        kind: row.get(2)?,
        amount: row.get(3)?,
        note: row.get(4)?,
        once: row.get(5)?,
    })
}

/// The last entries of a person, newest first.
pub fn last(view: &View<'_>, user: UserId, limit: u32) -> Result<Vec<LedgerLine>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from credit_entries where tg_user_id = ? order by id desc limit ?"
    );
    view.all(&sql, (user, limit), line)
}

/// How many entries a person has.
pub(crate) fn count(view: &View<'_>, user: UserId) -> Result<u32, StoreError> {
    let sql = "select count(*) from credit_entries where tg_user_id = ?";
    view.one(sql, [user], |row| row.get(0))
}

/// The entry of an event, if it has counted.
pub(crate) fn find(view: &View<'_>, once: &str) -> Result<Option<LedgerLine>, StoreError> {
    view.first(&format!("select {COLUMNS} from credit_entries where once = ?"), [once], line)
}
