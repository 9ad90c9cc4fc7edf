//! A poll step ends.

use std::time::Duration;

use crate::actions::{
    alert_operator::alert_operator,
    end_job::fail_job,
    rules::{Rules, TASK_UNKNOWN_POLLS, TASK_UNKNOWN_TIME, UNANSWERED, WATCH_INTERVAL, WATCH_LIFE},
    settle_failure::{report_key_fault, settle_failure},
};
use crate::domain::{
    failure::{Failure, FailureKind},
    job_move::Move,
    notification::Concern,
    ports::{PollError, Progress},
    time::Timestamp,
};
use crate::store::{
    claimed_step::{ClaimedStep, Task},
    error::StoreError,
    jobs,
    tx::Tx,
};

/// Settles a poll step. A poll without an answer is no failed render: the task
/// is polled again, after `pace` or later.
pub(crate) fn settle_poll(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    answer: &Result<Progress, PollError>,
    pace: Duration,
) -> Result<(), StoreError> {
    match answer {
        Ok(Progress::Done { url }) => jobs::transition(tx, step.claim, &Move::Render { url }),
        Ok(Progress::Failed(failure)) => no_video(tx, rules, step, &of_the_task(failure)),
        Ok(Progress::NoAddress) => no_address(tx, rules, step, pace),
        Ok(Progress::Running) => ask_again(tx, rules, step, rules.render_timeout, pace),
        Err(PollError::Lost(_)) => ask_again(tx, rules, step, unanswered(rules), pace),
        Err(PollError::NotFound(text)) => unknown_task(tx, rules, step, text, pace),
        Err(PollError::Refused(failure)) => {
            if let (Some(key), Some(fault)) = (step.attempt.key, failure.key_fault) {
                report_key_fault(tx, rules, key, failure, fault)?;
            }
            ask_again(tx, rules, step, unanswered(rules), pace)
        }
    }
}

/// How long a render may take of which KIE said nothing when its time was up: a KIE or
/// a network that is away just then is no reason to give a paid video up.
fn unanswered(rules: &Rules) -> Duration {
    rules.render_timeout * UNANSWERED
}

/// A task's own failure says nothing of the key that made it: keys are judged by the answers
/// to their own requests.
fn of_the_task(failure: &Failure) -> Failure {
    match failure.kind {
        FailureKind::Billing => Failure::new(FailureKind::Temporary, failure.text.clone()),
        _ => failure.clone(),
    }
}

/// KIE does not know the task. Said several times over some minutes, it is lost; it may
/// have been paid for, so it is listed for the operator.
fn unknown_task(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    text: &str,
    pace: Duration,
) -> Result<(), StoreError> {
    let Some(task) = &step.task else { return ask_again(tx, rules, step, unanswered(rules), pace) };
    if !is_said_enough(task, tx.now) {
        return miss(tx, step, pace);
    }
    if !step.claim.state.is_ended() {
        jobs::list_lost(tx, step.claim, &format!("KIE no longer knows the task {}", task.id))?;
    }
    let failure = Failure::new(FailureKind::Temporary, format!("task lost: {text}"));
    no_video(tx, rules, step, &failure)
}

/// The task is finished, and its video is not there. Said several times over some minutes, it
/// will hardly come: the credit goes back, and the operator learns of it. The task stays under
/// watch, for a late video.
fn no_address(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    pace: Duration,
) -> Result<(), StoreError> {
    let Some(task) = &step.task else { return ask_again(tx, rules, step, unanswered(rules), pace) };
    if step.claim.state.is_ended() {
        return ask_again(tx, rules, step, rules.render_timeout, pace);
    }
    if !is_said_enough(task, tx.now) {
        return miss(tx, step, pace);
    }
    let text = "success without the address of a video";
    alert_operator(tx, &rules.admins, Concern::Unknown, &step.attempt.model, text)?;
    let failure = Failure::new(FailureKind::Timeout, text);
    fail_job(tx, step, &failure, Some(tx.now + WATCH_INTERVAL))
}

/// Whether KIE has not had the task, or its video, at enough polls in a row over enough time.
fn is_said_enough(task: &Task, now: Timestamp) -> bool {
    let lasted = task.unknown_since.map_or(Duration::ZERO, |since| now.since(since));
    task.unknown_polls + 1 >= TASK_UNKNOWN_POLLS && lasted >= TASK_UNKNOWN_TIME
}

/// The task, or its video, was not there: it is asked about again.
fn miss(tx: &Tx<'_>, step: &ClaimedStep, pace: Duration) -> Result<(), StoreError> {
    let due = tx.now + pace.min(TASK_UNKNOWN_TIME);
    jobs::transition(tx, step.claim, &Move::MissTask { due })
}

fn no_video(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    if step.claim.state.is_ended() {
        jobs::transition(tx, step.claim, &Move::EndWatch)
    } else {
        settle_failure(tx, rules, step, failure)
    }
}

/// The task runs on: it is polled again, or its time is up.
/// A job that timed out is refunded; its task is watched for a late video.
fn ask_again(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    timeout: Duration,
    pace: Duration,
) -> Result<(), StoreError> {
    let running = tx.now.since(submitted(step, tx.now));
    if step.claim.state.is_ended() {
        return if running > rules.render_timeout + WATCH_LIFE {
            jobs::transition(tx, step.claim, &Move::EndWatch)
        } else {
            postpone(tx, step, tx.now + WATCH_INTERVAL)
        };
    }
    let left = timeout.saturating_sub(running);
    if !left.is_zero() {
        // The last poll comes when the time is up, not an interval later.
        return postpone(tx, step, tx.now + pace.min(left));
    }
    let text = format!("no video within {timeout:?}");
    let failure = Failure::new(FailureKind::Timeout, text);
    fail_job(tx, step, &failure, Some(tx.now + WATCH_INTERVAL))
}

fn postpone(tx: &Tx<'_>, step: &ClaimedStep, due: Timestamp) -> Result<(), StoreError> {
    let was_unknown = step.task.as_ref().is_some_and(|task| task.unknown_since.is_some());
    let made = if was_unknown { Move::FindTask { due } } else { Move::Postpone { due } };
    jobs::transition(tx, step.claim, &made)
}

fn submitted(step: &ClaimedStep, now: Timestamp) -> Timestamp {
    step.task.as_ref().map_or(now, |task| task.submitted_at)
}
