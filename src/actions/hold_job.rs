//! A model is down: another one takes over, or the job keeps its place.

use crate::actions::{alert_operator::alert_operator, end_job::fail_job, rules::Rules};
use crate::domain::{
    failure::Failure,
    job::Step,
    job_move::{Move, Requeue},
    notification::{Concern, Notification},
};
use crate::store::{
    claimed_step::ClaimedStep,
    error::StoreError,
    jobs, models, orders, outbox, status_messages,
    tx::{Tx, View},
};

/// KIE refused a task, or failed one, because its model is down: the model is switched off, and
/// another that is up takes over at once; else the job is held. A refused submission counts as
/// no attempt. A task that was accepted and then failed does: else tasks would be made without
/// end.
pub(crate) fn settle_model_down(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    let model = &step.attempt.model;
    if models::mark_down(tx, model)? {
        alert_operator(tx, &rules.admins, Concern::ModelDown, model, &failure.text)?;
    }
    let attempt = match step.step {
        Step::Submit => step.attempt.number,
        Step::Poll | Step::Deliver if rules.retries.after(step.attempt.number).is_some() => {
            step.attempt.number + 1
        }
        Step::Poll | Step::Deliver => return fail_job(tx, step, failure, None),
    };
    if choose_model(tx, rules, step)?.is_none() {
        return hold_job(tx, rules, step, attempt, failure);
    }
    let requeue = Requeue { due: Some(tx.now), attempt, ..step.requeue() };
    jobs::transition(tx, step.claim, &Move::Requeue(requeue))
}

/// The model that a submission is made with: the first that may make it and is up.
pub(crate) fn choose_model(
    view: &View<'_>,
    rules: &Rules,
    step: &ClaimedStep,
) -> Result<Option<String>, StoreError> {
    let up = models::first_up(view, rules.models(&step.attempt.model))?;
    Ok(up.map(str::to_owned))
}

/// No model is up that may make the video. The job keeps its place and its credit until one is
/// back, and the message of the order says so; without one the person is notified, once. What has been
/// held for too long fails. A held job is not due, and so uses no creation.
pub(crate) fn hold_job(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    attempt: u32,
    failure: &Failure,
) -> Result<(), StoreError> {
    let since = step.attempt.held_since.unwrap_or(tx.now);
    let end = since + rules.hold;
    if tx.now >= end {
        return fail_job(tx, step, failure, None);
    }
    let (due, held_since, error) = (Some(end), Some(since), Some(failure.text.as_str()));
    let requeue = Requeue { due, attempt, held_since, error, ..step.requeue() };
    jobs::transition(tx, step.claim, &Move::Requeue(requeue))?;
    let order = step.order.id;
    if status_messages::is_read(tx, order)? {
        return Ok(());
    }
    let notification = Notification::OrderHeld { order: Some(order) };
    let once = match orders::batch(tx, order)? {
        Some(batch) => format!("held series {batch}"),
        None => format!("held order {order}"),
    };
    outbox::put_notification(tx, step.order.user, &notification, &once)
}
