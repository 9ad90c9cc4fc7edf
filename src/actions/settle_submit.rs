//! A submit step ends.

use std::time::Duration;

use crate::actions::{
    alert_operator::alert_operator,
    end_job::fail_job,
    release_step::release_step,
    rules::{EARLY_LOOK, LONGEST_FIRST_POLL, LOST_SUBMISSIONS, OWN_FAULT_WAIT, Rules},
    settle_failure::settle_failure,
};
use crate::domain::{
    failure::{Failure, FailureKind, Violation},
    job_move::Move,
    notification::Concern,
};
use crate::store::{claimed_step::ClaimedStep, error::StoreError, jobs, keys, photos, tx::Tx};

/// How a submit step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// There is a task with this id.
    Task(String),
    /// There is no task, and this is why.
    Failed(Failure),
    /// Nobody knows whether there is a task: the answer was lost.
    Lost(String),
    /// Telegram has the photo no more, or not for this bot.
    PhotoGone(String),
    /// Telegram has the photo, and it cannot be read from here.
    PhotoOutOfReach(String),
    /// There is no key left to create tasks with.
    NoKeys,
    /// The bot shuts down: nothing was tried.
    GivenBack,
    /// This machine failed, its disk or its database, before anything was tried.
    NotNow(String),
}

/// Settles a submit step.
pub(crate) fn settle_submit(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    submission: &Submission,
) -> Result<(), StoreError> {
    match submission {
        Submission::Task(task) => {
            let first_poll = tx.now + first_poll(tx, rules, step)?;
            jobs::transition(tx, step.claim, &Move::Submit { task, first_poll })?;
            if let Some(key) = step.attempt.key {
                keys::reset_cooldowns(tx, key)?;
            }
            Ok(())
        }
        Submission::Failed(failure) => settle_failure(tx, rules, step, failure),
        Submission::Lost(reason) => settle_lost(tx, rules, step, reason),
        Submission::PhotoGone(reason) => {
            photos::mark_gone(tx, step.order.photo.id)?;
            let violation = Some(Violation::BadFile);
            let failure = Failure::new(FailureKind::UserViolation, format!("the photo: {reason}"));
            settle_failure(tx, rules, step, &Failure { violation, ..failure })
        }
        Submission::PhotoOutOfReach(reason) => {
            alert_operator(tx, &rules.admins, Concern::TelegramFiles, "photos", reason)?;
            settle_failure(tx, rules, step, &Failure::new(FailureKind::Temporary, reason))
        }
        Submission::NoKeys => {
            let failure = Failure::new(FailureKind::Billing, "no KIE key can be used");
            alert_operator(tx, &rules.admins, Concern::NoKeys, "KIE", &failure.text)?;
            fail_job(tx, step, &failure, None)
        }
        Submission::GivenBack => release_step(tx, step, tx.now),
        // KIE has nothing to do with it: the job keeps its place and its attempts.
        Submission::NotNow(_) => release_step(tx, step, tx.now + OWN_FAULT_WAIT),
    }
}

/// The answer was lost: there may be a paid task. It is listed for the
/// operator and counts as a passing fault; a job that lost three fails.
fn settle_lost(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    reason: &str,
) -> Result<(), StoreError> {
    let lost = jobs::lose_submission(tx, step.claim, reason)?;
    let failure = Failure::new(FailureKind::Temporary, reason);
    if lost >= LOST_SUBMISSIONS {
        fail_job(tx, step, &failure, None)
    } else {
        settle_failure(tx, rules, step, &failure)
    }
}

/// The wait from the creation of a task to its first poll. Hardly a render of its model ends
/// sooner, but some tasks are polled from half that time on: so it shows when renders have become
/// faster. While too few are known, there are few tasks, and room to poll each from its beginning.
fn first_poll(tx: &Tx<'_>, rules: &Rules, step: &ClaimedStep) -> Result<Duration, StoreError> {
    let known = jobs::quick_render(tx, &step.attempt.model, tx.now)?.unwrap_or_default();
    let is_early = step.claim.job.0 % EARLY_LOOK == 0;
    let wait = if is_early { known / 2 } else { known };
    Ok(wait.min(LONGEST_FIRST_POLL).min(rules.render_timeout).max(rules.poll_interval_min))
}
