//! A poll step ends.

use std::time::Duration;

use crate::actions::end_job::fail_job;
use crate::actions::rules::Rules;
use crate::actions::rules::TASK_UNKNOWN_GRACE;
use crate::actions::rules::UNANSWERED;
use crate::actions::rules::WATCH_INTERVAL;
use crate::actions::rules::WATCH_LIFE;
use crate::actions::settle_failure::report_key_fault;
use crate::actions::settle_failure::settle_failure;
use crate::domain::failure::Failure;
use crate::domain::failure::FailureKind;
use crate::domain::job_move::Move;
use crate::domain::ports::PollError;
use crate::domain::ports::Progress;
use crate::domain::time::Timestamp;
use crate::store::claimed_step::ClaimedStep;
use crate::store::error::StoreError;
use crate::store::jobs;
use crate::store::tx::Tx;

/// Settles a poll step. A poll without an answer is no failed render: the task
/// is asked after again.
pub fn settle_poll(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    answer: &Result<Progress, PollError>,
) -> Result<(), StoreError> {
    match answer {
        Ok(Progress::Done { url }) => jobs::make(tx, step.claim, &Move::Render { url }),
        Ok(Progress::Failed(failure)) => no_video(tx, rules, step, failure),
        Ok(Progress::Running) => ask_again(tx, rules, step, rules.render_timeout),
        Err(PollError::Lost(_)) => ask_again(tx, rules, step, unanswered(rules)),
        Err(PollError::NotFound(text)) => {
            if tx.now.since(submitted(step, tx.now)) < TASK_UNKNOWN_GRACE {
                ask_again(tx, rules, step, unanswered(rules))
            } else {
                let failure = Failure::new(FailureKind::Temporary, format!("task lost: {text}"));
                no_video(tx, rules, step, &failure)
            }
        }
        Err(PollError::Refused(failure)) => {
            if let (Some(key), Some(fault)) = (step.attempt.key, failure.key_fault) {
                report_key_fault(tx, rules, key, failure, fault)?;
            }
            ask_again(tx, rules, step, unanswered(rules))
        }
    }
}

/// How long a render may take of which KIE said nothing when its time was up: a KIE or
/// a network that is away just then is no reason to give a paid video up.
fn unanswered(rules: &Rules) -> Duration {
    rules.render_timeout * UNANSWERED
}

fn no_video(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    if step.claim.state.is_ended() {
        jobs::make(tx, step.claim, &Move::EndWatch)
    } else {
        settle_failure(tx, rules, step, failure)
    }
}

/// The task runs on: it is asked after at the next interval, or its time is up.
/// A job that timed out is refunded; its task is watched for a late video.
fn ask_again(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    timeout: Duration,
) -> Result<(), StoreError> {
    let running = tx.now.since(submitted(step, tx.now));
    if step.claim.state.is_ended() {
        return if running > rules.render_timeout + WATCH_LIFE {
            jobs::make(tx, step.claim, &Move::EndWatch)
        } else {
            postpone(tx, step, tx.now + WATCH_INTERVAL)
        };
    }
    let left = timeout.saturating_sub(running);
    if !left.is_zero() {
        // The last poll comes when the time is up, not an interval later.
        return postpone(tx, step, tx.now + rules.poll_interval.min(left));
    }
    let text = format!("no video within {timeout:?}");
    let failure = Failure::new(FailureKind::Timeout, text);
    fail_job(tx, step, &failure, Some(tx.now + WATCH_INTERVAL))
}

fn postpone(tx: &Tx<'_>, step: &ClaimedStep, due: Timestamp) -> Result<(), StoreError> {
    jobs::make(tx, step.claim, &Move::Postpone { due })
}

fn submitted(step: &ClaimedStep, now: Timestamp) -> Timestamp {
    step.task.as_ref().map_or(now, |task| task.submitted_at)
}
