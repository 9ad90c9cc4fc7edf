//! The moves of a job. Every move says where it comes from and who holds it,
//! and must change exactly one row: who comes late with an old claim is told so.

use rusqlite::Params;

use crate::domain::failure::FailureKind;
use crate::domain::id::KeyId;
use crate::domain::job::Claim;
use crate::domain::job::Form;
use crate::domain::job::Step;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::error::StoreErrorKind;
use crate::store::tx::Tx;
use crate::store::tx::View;

/// How many recent renders tell how long the next one takes.
const RECENT_RENDERS: u32 = 21;

fn transition(tx: &Tx<'_>, claim: Claim, sql: &str, params: impl Params) -> Result<(), StoreError> {
    if tx.run(sql, params)? == 1 {
        return Ok(());
    }
    let text = format!("job {} is no longer held under fence {}", claim.job, claim.fence);
    Err(StoreError::new(StoreErrorKind::LostClaim, text))
}

/// Writes down that a task is about to be created with a key. From here on a
/// crash may leave a paid task.
pub fn submitting(tx: &Tx<'_>, claim: Claim, key: KeyId) -> Result<(), StoreError> {
    let sql = "update generation_jobs set submitting_at = ?3, key_id = ?4,
                   started_at = coalesce(started_at, ?3)
               where id = ?1 and fence = ?2 and claimed_until is not null and step = 'submit'";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now, key))
}

/// The task exists: queued → processing.
pub fn submitted(tx: &Tx<'_>, claim: Claim, task: &str, due: Timestamp) -> Result<(), StoreError> {
    let sql = "update generation_jobs set status = 'processing', step = 'poll', task_id = ?4,
                   submitted_at = ?3, submitting_at = null, rate_limited_since = null,
                   held_since = null, due_at = ?5, claimed_until = null
               where id = ?1 and fence = ?2 and claimed_until is not null and step = 'submit'";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now, task, due))
}

/// Gives a step back, to be taken again at `due`. It does not count as an attempt.
/// Only a submission gives back its key; the indexes by key are left alone otherwise.
pub fn release(tx: &Tx<'_>, claim: Claim, step: Step, due: Timestamp) -> Result<(), StoreError> {
    let sql = match step {
        Step::Submit => {
            "update generation_jobs set due_at = ?3, claimed_until = null, submitting_at = null,
                 key_id = null
             where id = ?1 and fence = ?2 and claimed_until is not null and step = 'submit'"
        }
        Step::Poll | Step::Deliver => {
            "update generation_jobs set due_at = ?3, claimed_until = null
             where id = ?1 and fence = ?2 and claimed_until is not null and step <> 'submit'"
        }
    };
    transition(tx, claim, sql, (claim.job, claim.fence, due))
}

/// A submission met a rate limit: it keeps its place in the line; since when it waits is
/// remembered.
pub fn rate_limited(tx: &Tx<'_>, claim: Claim) -> Result<(), StoreError> {
    let sql = "update generation_jobs set claimed_until = null, submitting_at = null,
                   key_id = null, rate_limited_since = coalesce(rate_limited_since, ?3)
               where id = ?1 and fence = ?2 and claimed_until is not null and step = 'submit'";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now))
}

/// The video is there: the next step is to deliver it, at once.
pub fn rendered(tx: &Tx<'_>, claim: Claim, url: &str) -> Result<(), StoreError> {
    let sql = "update generation_jobs set step = 'deliver', video_url = ?4, rendered_at = ?3,
                   due_at = ?3, claimed_until = null
               where id = ?1 and fence = ?2 and claimed_until is not null and step = 'poll'";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now, url))
}

/// The person has the video: processing → completed. A late gift stays failed,
/// for its credit is back, and is delivered as well.
pub fn delivered(tx: &Tx<'_>, claim: Claim, file_id: Option<&str>) -> Result<(), StoreError> {
    let sql = "update generation_jobs set step = null, due_at = null, claimed_until = null,
                   telegram_file_id = ?4, delivered_at = ?3,
                   status = iif(status = 'processing', 'completed', status),
                   finished_at = coalesce(finished_at, ?3)
               where id = ?1 and fence = ?2 and claimed_until is not null and step = 'deliver'";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now, file_id))
}

/// The video waits for a person who has blocked the bot: completed, undelivered.
pub fn undeliverable(tx: &Tx<'_>, claim: Claim) -> Result<(), StoreError> {
    let sql = "update generation_jobs set step = null, due_at = null, claimed_until = null,
                   status = iif(status = 'processing', 'completed', status),
                   finished_at = coalesce(finished_at, ?3)
               where id = ?1 and fence = ?2 and claimed_until is not null and step = 'deliver'";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now))
}

/// A delivery failed; it is tried again at `due`, in this form.
pub fn deliver_again(
    tx: &Tx<'_>,
    claim: Claim,
    form: Form,
    due: Timestamp,
) -> Result<(), StoreError> {
    let sql = "update generation_jobs set due_at = ?3, form = ?4, deliveries = deliveries + 1,
                   claimed_until = null
               where id = ?1 and fence = ?2 and claimed_until is not null and step = 'deliver'";
    transition(tx, claim, sql, (claim.job, claim.fence, due, form))
}

/// Back to queued for another attempt, as if nothing had been submitted.
pub fn attempt_again(
    tx: &Tx<'_>,
    claim: Claim,
    attempt: u32,
    due: Timestamp,
    why: &str,
) -> Result<(), StoreError> {
    let sql = "update generation_jobs set status = 'queued', step = 'submit', attempt = ?3,
                   due_at = ?4, error_message = ?5, claimed_until = null, submitting_at = null,
                   key_id = null, task_id = null, submitted_at = null, rate_limited_since = null
               where id = ?1 and fence = ?2 and claimed_until is not null
                 and status in ('queued', 'processing') and step in ('submit', 'poll')";
    transition(tx, claim, sql, (claim.job, claim.fence, attempt, due, why))
}

/// Queued again for another model, at once and without counting an attempt.
pub fn change_model(tx: &Tx<'_>, claim: Claim, model: &str) -> Result<(), StoreError> {
    let sql = "update generation_jobs set status = 'queued', step = 'submit', model = ?4,
                   due_at = ?3, claimed_until = null, submitting_at = null, key_id = null,
                   task_id = null, submitted_at = null, held_since = null
               where id = ?1 and fence = ?2 and claimed_until is not null
                 and status in ('queued', 'processing') and step in ('submit', 'poll')";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now, model))
}

/// Its model is down: queued, with its place and its credit, until `due`.
pub fn held(tx: &Tx<'_>, claim: Claim, due: Timestamp, why: &str) -> Result<(), StoreError> {
    let sql = "update generation_jobs set status = 'queued', step = 'submit', due_at = ?4,
                   held_since = coalesce(held_since, ?3), error_message = ?5,
                   claimed_until = null, submitting_at = null, key_id = null, task_id = null,
                   submitted_at = null
               where id = ?1 and fence = ?2 and claimed_until is not null
                 and status in ('queued', 'processing') and step in ('submit', 'poll')";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now, due, why))
}

/// No video: → failed. With `watch` the task is still looked after now and then.
pub fn failed(
    tx: &Tx<'_>,
    claim: Claim,
    kind: FailureKind,
    why: &str,
    watch: Option<Timestamp>,
) -> Result<(), StoreError> {
    let sql = "update generation_jobs set status = 'failed', failure_kind = ?4, error_message = ?5,
                   finished_at = ?3, step = iif(?6 is null, null, 'poll'), due_at = ?6,
                   claimed_until = null, submitting_at = null
               where id = ?1 and fence = ?2 and claimed_until is not null
                 and status in ('queued', 'processing')";
    transition(tx, claim, sql, (claim.job, claim.fence, tx.now, kind, why, watch))
}

/// A failed job is no longer looked after.
pub fn watch_ended(tx: &Tx<'_>, claim: Claim) -> Result<(), StoreError> {
    let sql = "update generation_jobs set step = null, due_at = null, claimed_until = null
               where id = ?1 and fence = ?2 and claimed_until is not null and status = 'failed'";
    transition(tx, claim, sql, (claim.job, claim.fence))
}

/// Lists a submission whose answer was lost; returns how many this job has lost.
pub fn lost_submission(tx: &Tx<'_>, claim: Claim, why: &str) -> Result<u32, StoreError> {
    tx.run(
        "insert into lost_submissions (job_id, key_id, model, reason, sent_at)
         select id, key_id, model, ?2, coalesce(submitting_at, ?3)
         from generation_jobs where id = ?1",
        (claim.job, why, tx.now),
    )?;
    let sql = "update generation_jobs set lost_submissions = lost_submissions + 1,
                   submitting_at = null
               where id = ?1 and fence = ?2 and claimed_until is not null and step = 'submit'";
    transition(tx, claim, sql, (claim.job, claim.fence))?;
    let sql = "select lost_submissions from generation_jobs where id = ?";
    tx.one(sql, [claim.job], |row| row.get(0))
}

/// The median time from submission to video of a model's recent renders, in
/// milliseconds; `None` before the first.
pub fn median_render(view: &View<'_>, model: &str) -> Result<Option<i64>, StoreError> {
    let sql = "select rendered_at - submitted_at from generation_jobs
               where model = ? and rendered_at is not null and submitted_at is not null
               order by rendered_at desc limit ?";
    let mut times: Vec<i64> = view.all(sql, (model, RECENT_RENDERS), |row| row.get(0))?;
    times.sort_unstable();
    Ok(times.get(times.len() / 2).copied())
}
