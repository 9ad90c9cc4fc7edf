//! Steps whose threads are gone are given back.

use crate::actions::{
    release_step::release_step,
    rules::Rules,
    settle_submit::{Submission, settle_submit},
};
use crate::domain::{
    job::{Claim, Step},
    time::Timestamp,
};
use crate::store::{claimed_step::ClaimedStep, error::StoreError, queue, submit_queue, tx::Tx};

/// Gives back every claim taken before `before`; returns how many.
pub fn rescue_jobs(tx: &Tx<'_>, rules: &Rules, before: Timestamp) -> Result<usize, StoreError> {
    give_back(tx, rules, &queue::claimed_before(tx, before, tx.now)?)
}

/// Gives back those of the claims of an earlier run that are still held; returns how many. Their
/// threads died with that run.
pub(crate) fn take_over(
    tx: &Tx<'_>,
    rules: &Rules,
    inherited: &[Claim],
) -> Result<usize, StoreError> {
    let mut held = queue::claimed_before(tx, Timestamp(i64::MAX), tx.now)?;
    held.retain(|step| inherited.contains(&step.claim));
    give_back(tx, rules, &held)
}

/// A submission that was under way may have created a task.
fn give_back(tx: &Tx<'_>, rules: &Rules, orphaned: &[ClaimedStep]) -> Result<usize, StoreError> {
    for step in orphaned {
        if step.step == Step::Submit && step.attempt.is_submitting {
            let reason = "reelbot was stopped while it created the task".to_owned();
            settle_submit(tx, rules, step, &Submission::Lost(reason))?;
        } else {
            release_step(tx, step, tx.now)?;
        }
    }
    for user in submit_queue::stranded(tx)? {
        submit_queue::promote(tx, user)?;
    }
    Ok(orphaned.len())
}
