//! Steps whose threads are gone are given back.

use crate::actions::{
    release_step::release_step,
    rules::Rules,
    settle_submit::{Submission, settle_submit},
};
use crate::domain::{job::Step, time::Timestamp};
use crate::store::{error::StoreError, queue, submit_queue, tx::Tx};

/// Gives back every claim taken before `before`; returns how many. At start,
/// under the run lock, that is every claim: their threads died with the process
/// before. A submission that was under way may have created a task.
pub fn rescue_jobs(tx: &Tx<'_>, rules: &Rules, before: Timestamp) -> Result<usize, StoreError> {
    let orphaned = queue::claimed_before(tx, before, tx.now)?;
    for step in &orphaned {
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
