//! How much there is to do, and what was done: read beside the work, from indexes that hold only
//! what is open.

use std::time::Duration;

use crate::domain::{
    job::{Status, Step},
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Open jobs in the same place of their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OpenJobs {
    /// Where they stand.
    pub status: Status,
    /// What they need next.
    pub step: Option<Step>,
    /// Whether they wait for a person who has blocked the bot.
    pub parked: bool,
    /// How many.
    pub count: u32,
    /// When the oldest was ordered.
    pub oldest: Timestamp,
}

impl OpenJobs {
    /// Where they stand, in a word.
    pub(crate) fn stage(&self) -> &'static str {
        match (self.status, self.step) {
            (Status::Queued, _) => "queued",
            (_, Some(Step::Poll)) => "rendering",
            _ if self.parked => "parked",
            _ => "delivering",
        }
    }
}

/// The jobs that have not ended, by where they stand. Costs as much as there are.
pub(crate) fn open_jobs(view: &View<'_>) -> Result<Vec<OpenJobs>, StoreError> {
    let sql = "select j.status, j.step, j.parked_at is not null, count(*), min(j.created_at)
               from orders o cross join generation_jobs j on j.order_id = o.id
               where o.closed_at is null and j.finished_at is null
               group by 1, 2, 3 order by 1 desc, 2 desc, 3";
    view.all(sql, [], |row| {
        Ok(OpenJobs {
            status: row.get(0)?,
            step: row.get(1)?,
            parked: row.get(2)?,
            count: row.get(3)?,
            oldest: row.get(4)?,
        })
    })
}

/// How many messages wait, those of people who have blocked the bot left out, and since when the
/// oldest does.
pub(crate) fn waiting_messages(view: &View<'_>) -> Result<(u32, Option<Timestamp>), StoreError> {
    let sql = "select count(*), min(created_at) from outbox
               where done_at is null and parked_at is null";
    view.one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The longest that a video waits for its person after it was rendered.
const LONGEST_WAY: Duration = Duration::from_hours(11 * 24);

/// How many videos arrived from that time on.
pub(crate) fn videos_since(view: &View<'_>, since: Timestamp) -> Result<u32, StoreError> {
    let sql = "with recursive models (slug) as (
                   select min(model) from generation_jobs where rendered_at is not null
                   union all
                   select (select min(model) from generation_jobs
                           where rendered_at is not null and model > slug)
                   from models where slug is not null)
               select count(*) from models
               cross join generation_jobs j indexed by jobs_rendered on j.model = slug
               where j.rendered_at >= ?1 and j.delivered_at >= ?2";
    view.one(sql, (since - LONGEST_WAY, since), |row| row.get(0))
}

/// Writes something of no account: an idle run shows by it that its database can be written.
pub(crate) fn prove_writable(tx: &Tx<'_>) -> Result<(), StoreError> {
    let sql = "insert into chores (name, done_at) values ('pulse', ?1)
               on conflict do update set done_at = ?1";
    tx.run(sql, [tx.now]).map(drop)
}
