//! A model is down: another one takes over, or the job keeps its place.

use crate::actions::alert_operator::alert_operator;
use crate::actions::end_job::fail_job;
use crate::actions::rules::Rules;
use crate::domain::failure::Failure;
use crate::domain::job::Step;
use crate::domain::job_move::Move;
use crate::domain::job_move::Requeue;
use crate::domain::notification::Concern;
use crate::domain::notification::Notification;
use crate::store::claimed_step::ClaimedStep;
use crate::store::error::StoreError;
use crate::store::jobs;
use crate::store::models;
use crate::store::outbox;
use crate::store::tx::Tx;

/// Switches the model off and the job to the fallback model, at once; a refused submission
/// counts as no attempt. Where there is none, or it is down too, the job
/// is held: it keeps its place and its credit until the model is back, and the
/// person is told once. What has been held for too long fails.
pub fn hold_job(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    if models::probe_at(tx, &step.attempt.model)?.is_none() {
        alert_operator(tx, &rules.admins, Concern::ModelDown, &step.attempt.model, &failure.text)?;
    }
    // A task that was accepted and then failed so is an attempt: else tasks would be made without end.
    let attempt = match step.step {
        Step::Submit => step.attempt.number,
        Step::Poll | Step::Deliver if rules.retries.after(step.attempt.number).is_some() => {
            step.attempt.number + 1
        }
        Step::Poll | Step::Deliver => return fail_job(tx, step, failure, None),
    };
    let probe = models::mark_down(tx, &step.attempt.model)?;
    if let Some(fallback) = &rules.fallback
        && *fallback != step.attempt.model
        && models::probe_at(tx, fallback)?.is_none()
    {
        let due = Some(tx.now);
        let requeue = Requeue { due, attempt, model: fallback, ..step.requeue() };
        return jobs::make(tx, step.claim, &Move::Requeue(requeue));
    }
    let since = step.attempt.held_since.unwrap_or(tx.now);
    let end = since + rules.hold;
    if tx.now >= end {
        return fail_job(tx, step, failure, None);
    }
    // A probe that is overdue comes with the janitor's next round.
    let due = probe.max(tx.now + models::PROBE_INTERVAL).min(end);
    let (due, held_since, error) = (Some(due), Some(since), Some(failure.text.as_str()));
    let requeue = Requeue { due, attempt, held_since, error, ..step.requeue() };
    jobs::make(tx, step.claim, &Move::Requeue(requeue))?;
    let once = format!("held order {}", step.order.id);
    outbox::put_notification(tx, step.order.user, &Notification::OrderHeld, &once)
}
