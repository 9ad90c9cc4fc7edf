//! A model is down: another one takes over, or the job keeps its place.

use crate::actions::alert_operator::alert_operator;
use crate::actions::end_job::fail_job;
use crate::actions::rules::Rules;
use crate::domain::failure::Failure;
use crate::domain::notification::Concern;
use crate::domain::notification::Notification;
use crate::store::error::StoreError;
use crate::store::jobs;
use crate::store::models;
use crate::store::outbox;
use crate::store::queue::ClaimedStep;
use crate::store::tx::Tx;

/// Switches the model off and the job to the fallback model, at once and
/// without counting an attempt. Where there is none, or it is down too, the job
/// is held: it keeps its place and its credit until the model is back, and the
/// person is told once. What has been held for too long fails.
pub fn hold_job(
    tx: &Tx<'_>,
    rules: &Rules,
    work: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    if models::probe_at(tx, &work.model)?.is_none() {
        alert_operator(tx, &rules.admins, Concern::ModelDown, &work.model, &failure.text)?;
    }
    let probe = models::mark_down(tx, &work.model)?;
    if let Some(fallback) = &rules.fallback
        && *fallback != work.model
        && models::probe_at(tx, fallback)?.is_none()
    {
        return jobs::change_model(tx, work.claim, fallback);
    }
    let since = work.held_since.unwrap_or(tx.now);
    let end = since + rules.hold;
    if tx.now >= end {
        return fail_job(tx, work, failure, None);
    }
    // A probe that is overdue comes with the janitor's next round.
    let due = probe.max(tx.now + models::PROBE_INTERVAL).min(end);
    jobs::held(tx, work.claim, due, &failure.text)?;
    let once = format!("held order {}", work.order);
    outbox::put_notification(tx, work.user, &Notification::OrderHeld, &once)
}
