//! What operators did lately, for the log of the run.

use crate::store::{error::StoreError, tx::View};

/// A line of the operators' log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Act {
    /// The line.
    pub id: i64,
    /// Who typed it.
    pub os_user: String,
    /// The command.
    pub act: String,
    /// What it was about.
    pub subject: String,
    /// The rest.
    pub details: Option<String>,
}

/// The newest line; 0 before the first.
pub(crate) fn newest(view: &View<'_>) -> Result<i64, StoreError> {
    view.one("select coalesce(max(id), 0) from admin_log", [], |row| row.get(0))
}

/// The lines after that one, a hundred at most.
pub(crate) fn after(view: &View<'_>, id: i64) -> Result<Vec<Act>, StoreError> {
    let sql = "select id, os_user, act, subject, details from admin_log
               where id > ? order by id limit 100";
    view.all(sql, [id], |row| {
        Ok(Act {
            id: row.get(0)?,
            os_user: row.get(1)?,
            act: row.get(2)?,
            subject: row.get(3)?,
            details: row.get(4)?,
        })
    })
}
