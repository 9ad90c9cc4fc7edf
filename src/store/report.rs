//! What is going on: jobs as the operator reads them.

use rusqlite::Row;

use crate::domain::{
    failure::FailureKind,
    id::{JobId, OrderId, UserId},
    job::{Status, Step},
    time::Timestamp,
};
use crate::store::{error::StoreError, tx::View};

/// A job, without its prompt: that is the person's own.
#[derive(Clone, Debug)]
pub struct JobLine {
    /// The row.
    pub id: JobId,
    /// Its order.
    pub order: OrderId,
    /// The person who ordered.
    pub user: UserId,
    /// Which video of the order.
    pub number: u32,
    /// Where it stands.
    pub status: Status,
    /// What it needs next.
    pub step: Option<Step>,
    /// When that is due.
    pub due_at: Option<Timestamp>,
    /// Which attempt.
    pub attempt: u32,
    /// The model's slug.
    pub model: String,
    /// The label of its task's key, removed or not.
    pub key: Option<String>,
    /// The task at KIE.
    pub task: Option<String>,
    /// When the task was created.
    pub submitted_at: Option<Timestamp>,
    /// When the video was there.
    pub rendered_at: Option<Timestamp>,
    /// Why it failed.
    pub failure: Option<FailureKind>,
    /// The provider's words.
    pub error: Option<String>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When the video was delivered.
    pub delivered_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, order_id, tg_user_id, number, status, step, due_at, attempt, model, \
     (select label from kie_keys where kie_keys.id = key_id), task_id, submitted_at, rendered_at, \
     failure_kind, error_message, created_at, delivered_at, finished_at";

fn line(row: &Row<'_>) -> rusqlite::Result<JobLine> {
    Ok(JobLine {
        id: row.get(0)?,
        order: row.get(1)?,
        user: row.get(2)?,
        number: row.get(3)?,
        status: row.get(4)?,
        step: row.get(5)?,
        due_at: row.get(6)?,
        attempt: row.get(7)?,
        model: row.get(8)?,
        key: row.get(9)?,
        task: row.get(10)?,
        submitted_at: row.get(11)?,
        rendered_at: row.get(12)?,
        failure: row.get(13)?,
        error: row.get(14)?,
        created_at: row.get(15)?,
        delivered_at: row.get(16)?,
        finished_at: row.get(17)?,
    })
}

/// The newest jobs, of a status and of a person if those are given.
pub fn jobs(
    view: &View<'_>,
    status: Option<Status>,
    user: Option<UserId>,
    limit: u32,
) -> Result<Vec<JobLine>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from generation_jobs
         where (?1 is null or status = ?1) and (?2 is null or tg_user_id = ?2)
         order by id desc limit ?3"
    );
    view.all(&sql, (status, user, limit), line)
}

/// How many jobs there are, of a status and of a person if those are given.
pub(crate) fn count_jobs(
    view: &View<'_>,
    status: Option<Status>,
    user: Option<UserId>,
) -> Result<u32, StoreError> {
    let sql = "select count(*) from generation_jobs
               where (?1 is null or status = ?1) and (?2 is null or tg_user_id = ?2)";
    view.one(sql, (status, user), |row| row.get(0))
}

/// One job.
pub fn job(view: &View<'_>, id: JobId) -> Result<Option<JobLine>, StoreError> {
    view.first(&format!("select {COLUMNS} from generation_jobs where id = ?"), [id], line)
}

/// What a person has ordered and what became of it, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Orders.
    pub orders: u32,
    /// Videos that have not ended.
    pub open: u32,
    /// Videos that completed.
    pub completed: u32,
    /// Videos that failed.
    pub failed: u32,
}

/// Counts a person's orders and videos.
pub fn summary(view: &View<'_>, user: UserId) -> Result<Summary, StoreError> {
    let sql = "select count(distinct order_id),
                      coalesce(sum(status in ('queued', 'processing')), 0),
                      coalesce(sum(status = 'completed'), 0), coalesce(sum(status = 'failed'), 0)
               from generation_jobs where tg_user_id = ?";
    view.one(sql, [user], |row| {
        Ok(Summary {
            orders: row.get(0)?,
            open: row.get(1)?,
            completed: row.get(2)?,
            failed: row.get(3)?,
        })
    })
}
