//! What a run does once in a while, and how it last went.

use crate::domain::time::Timestamp;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Something that is done once in a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chore {
    /// The daily backup.
    Backup,
    /// The operator's command after a backup.
    AfterBackup,
    /// The restore of a backup on trial.
    Drill,
}

impl Chore {
    /// The word in the database.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::AfterBackup => "after_backup",
            Self::Drill => "drill",
        }
    }
}

/// How a chore last went; never yet is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// When it last went well.
    pub done_at: Option<Timestamp>,
    /// When it has failed since, and why.
    pub failed: Option<(Timestamp, String)>,
}

/// How a chore last went.
pub(crate) fn find(view: &View<'_>, chore: Chore) -> Result<Record, StoreError> {
    let sql = "select done_at, failed_at, error from chores where name = ?";
    let record = view.first(sql, [chore.word()], |row| {
        let failed_at: Option<Timestamp> = row.get(1)?;
        let error: Option<String> = row.get(2)?;
        Ok(Record { done_at: row.get(0)?, failed: failed_at.zip(error) })
    })?;
    Ok(record.unwrap_or_default())
}

/// When a chore of the backups has last failed that has not gone well since, and why.
pub(crate) fn failing(view: &View<'_>) -> Result<Option<(Timestamp, String)>, StoreError> {
    let chores = [Chore::Backup, Chore::AfterBackup, Chore::Drill];
    let found = chores.map(|chore| find(view, chore));
    let mut failed = Vec::new();
    for record in found {
        failed.extend(record?.failed);
    }
    Ok(failed.into_iter().max())
}

/// Notes that it went well.
pub(crate) fn done(tx: &Tx<'_>, chore: Chore) -> Result<(), StoreError> {
    let sql = "insert into chores (name, done_at) values (?, ?)
               on conflict do update set done_at = excluded.done_at, failed_at = null, error = null";
    tx.run(sql, (chore.word(), tx.now)).map(drop)
}

/// Notes that it failed.
pub(crate) fn failed(tx: &Tx<'_>, chore: Chore, error: &str) -> Result<(), StoreError> {
    let sql = "insert into chores (name, failed_at, error) values (?, ?, ?)
               on conflict do update set failed_at = excluded.failed_at, error = excluded.error";
    tx.run(sql, (chore.word(), tx.now, error)).map(drop)
}
