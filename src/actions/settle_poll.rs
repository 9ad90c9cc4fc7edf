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
use crate::domain::ports::PollError;
use crate::domain::ports::Progress;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::jobs;
use crate::store::queue::ClaimedStep;
use crate::store::tx::Tx;

/// Settles a poll step. A poll that told nothing is no failed render: the task
/// is asked after again.
pub fn settle_poll(
    tx: &Tx<'_>,
    rules: &Rules,
    work: &ClaimedStep,
    answer: &Result<Progress, PollError>,
) -> Result<(), StoreError> {
    match answer {
        Ok(Progress::Done { url }) => jobs::rendered(tx, work.claim, url),
        Ok(Progress::Failed(failure)) => no_video(tx, rules, work, failure),
        Ok(Progress::Running) => ask_again(tx, rules, work, rules.render_timeout),
        Err(PollError::Lost(_)) => ask_again(tx, rules, work, unanswered(rules)),
        Err(PollError::NotFound(text)) => {
            if tx.now.since(submitted(work, tx.now)) < TASK_UNKNOWN_GRACE {
                ask_again(tx, rules, work, unanswered(rules))
            } else {
                let failure = Failure::new(FailureKind::Temporary, format!("task lost: {text}"));
                no_video(tx, rules, work, &failure)
            }
        }
        Err(PollError::Refused(failure)) => {
            if let (Some(key), Some(fault)) = (work.key, failure.key_fault) {
                report_key_fault(tx, rules, key, failure, fault)?;
            }
            ask_again(tx, rules, work, unanswered(rules))
        }
    }
}

/// How long a render may take of which KIE told nothing when its time was up: a KIE or
/// a network that is away just then is no reason to give a paid video up.
fn unanswered(rules: &Rules) -> Duration {
    rules.render_timeout * UNANSWERED
}

fn no_video(
    tx: &Tx<'_>,
    rules: &Rules,
    work: &ClaimedStep,
    failure: &Failure,
) -> Result<(), StoreError> {
    if work.status.is_ended() {
        jobs::watch_ended(tx, work.claim)
    } else {
        settle_failure(tx, rules, work, failure)
    }
}

/// The task runs on: it is asked after at the next interval, or its time is up.
/// A job that timed out is refunded; its task is watched for a late video.
fn ask_again(
    tx: &Tx<'_>,
    rules: &Rules,
    work: &ClaimedStep,
    timeout: Duration,
) -> Result<(), StoreError> {
    let running = tx.now.since(submitted(work, tx.now));
    if work.status.is_ended() {
        return if running > rules.render_timeout + WATCH_LIFE {
            jobs::watch_ended(tx, work.claim)
        } else {
            jobs::release(tx, work.claim, work.step, tx.now + WATCH_INTERVAL)
        };
    }
    let left = timeout.saturating_sub(running);
    if !left.is_zero() {
        // The last poll comes when the time is up, not an interval later.
        return jobs::release(tx, work.claim, work.step, tx.now + rules.poll_interval.min(left));
    }
    let text = format!("no video within {timeout:?}");
    let failure = Failure::new(FailureKind::Timeout, text);
    fail_job(tx, work, &failure, Some(tx.now + WATCH_INTERVAL))
}

fn submitted(work: &ClaimedStep, now: Timestamp) -> Timestamp {
    work.submitted_at.unwrap_or(now)
}
