//! What is going on, at one glance. Costs as much as there is open: no statement here looks through
//! what has ended.

use std::{fs, path::Path, time::Duration};

use crate::domain::{id::KeyId, time::Timestamp};
use crate::store::{
    error::StoreError,
    keys::{self, KeyRow},
    load::{self, OpenJobs},
    place::beside,
    switches,
    tx::View,
};

/// For how long an alert is worth a line.
const RECENT: Duration = Duration::from_hours(24);

/// A key and its account.
#[derive(Clone, Debug)]
pub(crate) struct KeyGlance {
    /// The key.
    pub row: KeyRow,
    /// When its account's credits were read.
    pub balance_at: Option<Timestamp>,
    /// Tasks that are under way with it.
    pub tasks: u32,
}

/// Something that operators were alerted about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RecentAlert {
    /// What concerns them.
    pub concern: String,
    /// What it is about.
    pub subject: String,
    /// When they were told, or first tried to be.
    pub at: Timestamp,
}

/// What is going on.
#[derive(Clone, Debug)]
pub(crate) struct Overview {
    /// The jobs that have not ended.
    pub jobs: Vec<OpenJobs>,
    /// Videos that arrived since midnight.
    pub videos_today: u32,
    /// Messages that wait.
    pub messages: u32,
    /// Since when the oldest of them waits.
    pub oldest_message: Option<Timestamp>,
    /// Since when no orders are taken.
    pub paused_since: Option<Timestamp>,
    /// The models that are down.
    pub models_down: Vec<String>,
    /// The keys.
    pub keys: Vec<KeyGlance>,
    /// Alerts of the last day, the newest first.
    pub alerts: Vec<RecentAlert>,
    /// Answers of KIE's that were lost: each may be a task that was paid in vain.
    pub orphans: u32,
}

impl Overview {
    /// Looks; `midnight` is when the day began.
    pub(crate) fn read(
        view: &View<'_>,
        now: Timestamp,
        midnight: Timestamp,
    ) -> Result<Self, StoreError> {
        let (messages, oldest_message) = load::waiting_messages(view)?;
        Ok(Self {
            jobs: load::open_jobs(view)?,
            videos_today: load::videos_since(view, midnight)?,
            messages,
            oldest_message,
            paused_since: switches::paused_since(view)?,
            models_down: view.all("select slug from models_down order by 1", [], |r| r.get(0))?,
            keys: keys(view)?,
            alerts: alerts(view, now - RECENT)?,
            orphans: view.one("select count(*) from lost_submissions", [], |row| row.get(0))?,
        })
    }
}

fn keys(view: &View<'_>) -> Result<Vec<KeyGlance>, StoreError> {
    let read: Vec<(KeyId, Option<Timestamp>)> =
        view.all("select id, balance_at from kie_keys", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let glance = |row: KeyRow| {
        let balance_at = read.iter().find(|(id, _)| *id == row.id).and_then(|(_, at)| *at);
        Ok(KeyGlance { tasks: keys::in_flight(view, row.id)?, row, balance_at })
    };
    keys::list(view)?.into_iter().map(glance).collect()
}

fn alerts(view: &View<'_>, since: Timestamp) -> Result<Vec<RecentAlert>, StoreError> {
    let sql = "select concern, subject, max(alerted_at) from alerts
               where alerted_at >= ? group by 1, 2 order by 3 desc";
    view.all(sql, [since], |row| {
        Ok(RecentAlert { concern: row.get(0)?, subject: row.get(1)?, at: row.get(2)? })
    })
}

/// How many bytes a database takes, its log included.
pub(crate) fn bytes(database: &Path) -> u64 {
    let length = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    length(database) + length(&beside(database, "-wal"))
}

/// How many bytes the disk of a file has free, where the system tells.
pub(crate) fn free_bytes(file: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(file).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}
