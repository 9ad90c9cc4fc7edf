//! A submit step ends.

use crate::actions::{
    alert_operator::alert_operator,
    end_job::fail_job,
    poll_pace::first_poll,
    release_step::release_step,
    rules::{LOST_SUBMISSIONS, OWN_FAULT_WAIT, Rules},
    settle_failure::settle_failure,
};
use crate::domain::{
    failure::{Failure, FailureKind},
    job_move::Move,
    notification::Concern,
};
use crate::store::{claimed_step::ClaimedStep, error::StoreError, jobs, keys, tx::Tx};

/// How a submit step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    /// There is a task with this id.
    Task(String),
    /// There is no task, and this is why.
    Failed(Failure),
    /// Nobody knows whether there is a task: the answer was lost.
    Lost(String),
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
