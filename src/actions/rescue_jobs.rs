//! Steps whose threads are gone are given back.

use crate::actions::rules::Rules;
use crate::actions::settle_submit::Submission;
use crate::actions::settle_submit::settle_submit;
use crate::domain::job::Step;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::jobs;
use crate::store::queue;
use crate::store::submit_queue;
use crate::store::tx::Tx;

/// Gives back every claim taken before `before`; returns how many. At start,
/// under the run lock, that is every claim: their threads died with the process
/// before. A submission that was under way may have created a task.
pub fn rescue_jobs(tx: &Tx<'_>, rules: &Rules, before: Timestamp) -> Result<usize, StoreError> {
    let orphaned = queue::claimed_before(tx, before, tx.now)?;
    for work in &orphaned {
        if work.step == Step::Submit && work.submitting {
            let reason = "reelbot was stopped while it created the task".to_owned();
            settle_submit(tx, rules, work, &Submission::Lost(reason))?;
        } else {
            jobs::release(tx, work.claim, work.step, tx.now)?;
            submit_queue::promote(tx, work.user)?;
        }
    }
    for user in submit_queue::stranded(tx)? {
        submit_queue::promote(tx, user)?;
    }
    Ok(orphaned.len())
}
