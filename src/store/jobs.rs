//! The rows of the jobs: added with an order, then changed by moves alone.

use std::time::Duration;

use rusqlite::ToSql;

use crate::domain::{
    id::{JobId, OrderId, UserId},
    job::{Claim, JobState},
    job_move::Move,
    job_row::{FieldValue, JobField},
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    bots::BOT,
    ended,
    error::{StoreError, StoreErrorKind},
    orders::NewOrder,
    status_messages, submit_queue,
    tx::{Tx, View},
};

/// The time between two videos that waited for their person.
const BETWEEN_DELIVERIES: Duration = Duration::from_secs(1);

/// Adds the jobs of an order to the submit queue.
pub(crate) fn add(tx: &Tx<'_>, order: OrderId, new: &NewOrder) -> Result<(), StoreError> {
    let state = JobState::Queued;
    let (status, step) = (state.status(), state.step());
    let scenes = new.scenes.iter().map(Some).cycle().chain(std::iter::repeat(None));
    for (number, scene) in (1..=new.count).zip(scenes) {
        let title = scene.and_then(|scene| scene.title.as_ref());
        let (ru, en) = (title.map(|title| &title.ru), title.map(|title| &title.en));
        // The order keeps one of them.
        let prompt = scene.map(|scene| &scene.prompt).filter(|prompt| **prompt != new.prompt);
        tx.run(
            "insert into generation_jobs (order_id, tg_user_id, number, model, status, step,
                 title_ru, title_en, prompt, created_at)
             values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (order, new.user, number, &new.model, status, step, ru, en, prompt, tx.now),
        )?;
    }
    submit_queue::promote(tx, new.user)
}

/// Makes a move: the one statement that changes a claimed job. It names the claim and where the
/// job stood, and must change exactly one row: one that comes late with an old claim is
/// refused with `LostClaim`. What leaves the head of the submit queue lets the person's next job move up.
pub(crate) fn transition(tx: &Tx<'_>, claim: Claim, made: &Move<'_>) -> Result<(), StoreError> {
    let Some(target) = made.target(claim.state) else {
        let text = format!("job {} is {:?}, where no {made:?} begins", claim.job, claim.state);
        return Err(StoreError::new(StoreErrorKind::Other, text));
    };
    let changes = made.changes(claim.state, tx.now);
    let sql = statement(&changes, CLAIMED);
    let mut values: Vec<&dyn ToSql> = Vec::with_capacity(changes.len() + 4);
    values.extend(changes.iter().filter_map(|(_, value)| bound(value)));
    let (status, step) = (claim.state.status(), claim.state.step());
    values.extend([&claim.job as &dyn ToSql, &claim.fence, &status, &step]);
    if tx.run(&sql, values.as_slice())? != 1 {
        let text = format!("job {} is no longer held under fence {}", claim.job, claim.fence);
        return Err(StoreError::new(StoreErrorKind::LostClaim, text));
    }
    ended::tell(tx, claim.job, claim.state, made)?;
    if made.is_news() {
        status_messages::touch(tx, claim.job)?;
    }
    let was_or_is_queued = [claim.state, target].contains(&JobState::Queued);
    if made.ends_claim() && was_or_is_queued {
        submit_queue::promote(tx, claim.user)
    } else {
        Ok(())
    }
}

/// The one job of a claim, where that still holds.
const CLAIMED: &str =
    "id = ? and fence = ? and claimed_until is not null and status = ? and step is ?";

/// The jobs of an order that nobody works on, and of which nothing was submitted: a submission whose answer
/// was lost may have left a task.
const UNTOUCHED: &str = "order_id = ? and status = ? and step is ? and claimed_until is null
     and submitting_at is null and lost_submissions = 0 returning id";

/// Calls off those jobs of an order that can be: the one statement that changes jobs without a claim. It
/// and a claim are made one after the other, so a job that is claimed is not called off, and one that is
/// called off is not claimed. Returns which.
pub(crate) fn cancel(tx: &Tx<'_>, user: UserId, order: OrderId) -> Result<Vec<JobId>, StoreError> {
    let from = JobState::Queued;
    let changes = Move::Cancel.changes(from, tx.now);
    let sql = statement(&changes, UNTOUCHED);
    let mut values: Vec<&dyn ToSql> = Vec::with_capacity(changes.len() + 3);
    values.extend(changes.iter().filter_map(|(_, value)| bound(value)));
    let (status, step) = (from.status(), from.step());
    values.extend([&order as &dyn ToSql, &status, &step]);
    let cancelled: Vec<JobId> = tx.all(&sql, values.as_slice(), |row| row.get(0))?;
    for job in &cancelled {
        ended::tell(tx, *job, from, &Move::Cancel)?;
        status_messages::touch(tx, *job)?;
    }
    submit_queue::promote(tx, user)?;
    Ok(cancelled)
}

/// The update that makes these changes. It is written anew each time, and prepared once.
fn statement(changes: &[(JobField, FieldValue<'_>)], of: &str) -> String {
    let mut sql = String::with_capacity(512);
    sql.push_str("update generation_jobs set ");
    for (index, (field, value)) in changes.iter().enumerate() {
        let name = column(*field);
        sql.push_str(if index == 0 { "" } else { ", " });
        sql.push_str(name);
        match value {
            FieldValue::Null => sql.push_str(" = null"),
            FieldValue::Increment => sql.extend([" = ", name, " + 1"]),
            FieldValue::FirstTime(_) => sql.extend([" = coalesce(", name, ", ?)"]),
            FieldValue::Time(_) | FieldValue::Number(_) | FieldValue::Text(_) => {
                sql.push_str(" = ?");
            }
        }
        if *field == JobField::TelegramFileId {
            sql.extend([", bot_id = ", BOT]);
        }
    }
    sql.extend([" where ", of]);
    sql
}

fn bound<'a>(value: &'a FieldValue<'_>) -> Option<&'a dyn ToSql> {
    match value {
        FieldValue::Null | FieldValue::Increment => None,
        FieldValue::FirstTime(time) | FieldValue::Time(time) => Some(time),
        FieldValue::Number(number) => Some(number),
        FieldValue::Text(text) => Some(text),
    }
}

/// A model is back: every held job is due, and is held no more. One that this model may not make is held
/// again when it is claimed, and so is one that its turn finds in another outage, which counts by itself.
pub(crate) fn wake_held(tx: &Tx<'_>) -> Result<(), StoreError> {
    let sql = "update generation_jobs set due_at = ?1, held_since = null
               where step = 'submit' and held_since is not null and claimed_until is null
                 and due_at > ?1
               returning id";
    let woken: Vec<JobId> = tx.all(sql, [tx.now], |row| row.get(0))?;
    for job in &woken {
        status_messages::touch(tx, *job)?;
    }
    if !woken.is_empty() {
        tx.notify(Channel::Work);
    }
    Ok(())
}

/// The person is back: the videos that waited for them are due, one after the other as they were ordered.
pub(crate) fn unpark(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let sql = "select id from generation_jobs
               where tg_user_id = ? and parked_at is not null and step = 'deliver'
                 and claimed_until is null
               order by order_id, number";
    let parked: Vec<JobId> = tx.all(sql, [user], |row| row.get(0))?;
    let mut due = tx.now;
    for job in &parked {
        let sql = "update generation_jobs set due_at = ?, parked_at = null where id = ?";
        tx.run(sql, (due, *job))?;
        due = due + BETWEEN_DELIVERIES;
    }
    if !parked.is_empty() {
        tx.notify(Channel::Work);
    }
    Ok(())
}

/// Notes that the person of an ended job was away to the end: its video never came to them.
pub(crate) fn mark_away(tx: &Tx<'_>, job: JobId) -> Result<(), StoreError> {
    let sql = "update generation_jobs set parked_at = coalesce(parked_at, ?) where id = ?";
    tx.run(sql, (tx.now, job)).map(drop)
}

/// The column of a field.
fn column(field: JobField) -> &'static str {
    match field {
        JobField::Status => "status",
        JobField::Step => "step",
        JobField::DueAt => "due_at",
        JobField::Fence => "fence",
        JobField::ClaimedUntil => "claimed_until",
        JobField::Attempt => "attempt",
        JobField::Model => "model",
        JobField::KeyId => "key_id",
        JobField::SubmittingAt => "submitting_at",
        JobField::LostSubmissions => "lost_submissions",
        JobField::UnknownPolls => "unknown_polls",
        JobField::UnknownSince => "unknown_since",
        JobField::RateLimitedSince => "rate_limited_since",
        JobField::HeldSince => "held_since",
        JobField::TaskId => "task_id",
        JobField::SubmittedAt => "submitted_at",
        JobField::VideoUrl => "video_url",
        JobField::RenderedAt => "rendered_at",
        JobField::Form => "form",
        JobField::Deliveries => "deliveries",
        JobField::UnconfirmedDeliveries => "unconfirmed",
        JobField::TelegramFileId => "telegram_file_id",
        JobField::DeliveredAt => "delivered_at",
        JobField::ParkedAt => "parked_at",
        JobField::FailureKind => "failure_kind",
        JobField::Violation => "violation",
        JobField::ErrorMessage => "error_message",
        JobField::StartedAt => "started_at",
        JobField::FinishedAt => "finished_at",
    }
}

/// Lists a submission whose answer was lost; returns how many this job has lost.
pub(crate) fn lose_submission(tx: &Tx<'_>, claim: Claim, why: &str) -> Result<u32, StoreError> {
    list_lost(tx, claim, why)?;
    transition(tx, claim, &Move::LoseSubmission)?;
    lost_submissions(tx, claim.job)
}

/// Lists what was submitted, and may be paid for, as out of our reach.
pub(crate) fn list_lost(tx: &Tx<'_>, claim: Claim, why: &str) -> Result<(), StoreError> {
    tx.run(
        "insert into lost_submissions (job_id, key_id, model, reason, sent_at)
         select id, key_id, model, ?2, coalesce(submitting_at, submitted_at, ?3)
         from generation_jobs where id = ?1",
        (claim.job, why, tx.now),
    )?;
    Ok(())
}

fn lost_submissions(view: &View<'_>, job: JobId) -> Result<u32, StoreError> {
    let sql = "select lost_submissions from generation_jobs where id = ?";
    view.one(sql, [job], |row| row.get(0))
}

/// The time that hardly one of a model's renders of the last hours has fallen short of; `None`
/// when there were few. What was longer ago says nothing: a model may be faster today.
pub(crate) fn quick_render(
    view: &View<'_>,
    model: &str,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let times = last_renders(view, model, now - Duration::from_hours(6), 100)?;
    Ok(times.get(times.len() / 100).filter(|_| times.len() >= 20).copied())
}

/// Of the last so many renders that ended after `since` the times from submission to video, the
/// shortest first.
pub(crate) fn last_renders(
    view: &View<'_>,
    model: &str,
    since: Timestamp,
    most: u32,
) -> Result<Vec<Duration>, StoreError> {
    let sql = "select submitted_at, rendered_at from generation_jobs
               where model = ? and rendered_at is not null and submitted_at is not null
                 and rendered_at > ? order by rendered_at desc limit ?";
    let mut times: Vec<Duration> = view.all(sql, (model, since, most), |row| {
        let (submitted, rendered): (Timestamp, Timestamp) = (row.get(0)?, row.get(1)?);
        Ok(rendered.since(submitted))
    })?;
    times.sort_unstable();
    Ok(times)
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, params};

    use super::*;
    use crate::domain::job::{Status, Step};
    use crate::store::schema::SCHEMA;

    /// Whether the schema takes a job that has this status and step, and all that goes with them.
    fn schema_takes(connection: &Connection, status: Status, step: Option<Step>) -> bool {
        let is_queued = status == Status::Queued;
        let (task, at) = (Some("t").filter(|_| !is_queued), Some(1).filter(|_| !is_queued));
        let failure = Some("timeout").filter(|_| status == Status::Failed);
        let finished = Some(2).filter(|_| status.is_ended());
        let sql = "insert into generation_jobs (order_id, tg_user_id, number, model, status, step,
                       due_at, key_id, task_id, submitted_at, video_url, rendered_at,
                       failure_kind, finished_at, created_at)
                   values (1, 1, 1, 'm', ?, ?, 1, 1, ?, ?, 'u', 1, ?, ?, 1)";
        let taken = connection.execute(sql, params![status, step, task, at, failure, finished]);
        connection.execute("delete from generation_jobs", []).unwrap();
        taken.is_ok()
    }

    #[test]
    fn the_schema_knows_the_states_of_the_enum_and_no_other() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        connection.execute_batch("pragma foreign_keys = off").unwrap();
        let steps = Step::ALL.map(Some).into_iter().chain([None]);
        for (status, step) in Status::ALL.iter().flat_map(|s| steps.clone().map(|step| (*s, step)))
        {
            let is_state = JobState::of(status, step).is_some();
            assert_eq!(schema_takes(&connection, status, step), is_state, "{status:?} {step:?}");
        }
    }
}
