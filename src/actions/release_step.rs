//! A step is given back, to be claimed again. It does not count as an attempt.

use crate::domain::{
    job::Step,
    job_move::{Move, Requeue},
    time::Timestamp,
};
use crate::store::{claimed_step::ClaimedStep, error::StoreError, jobs, tx::Tx};

/// Gives a step back until `due`: a submission returns to the submit queue, a poll or a
/// delivery is put off.
pub(crate) fn release_step(
    tx: &Tx<'_>,
    step: &ClaimedStep,
    due: Timestamp,
) -> Result<(), StoreError> {
    let made = match step.step {
        Step::Submit => Move::Requeue(Requeue { due: Some(due), ..step.requeue() }),
        Step::Poll | Step::Deliver => Move::Postpone { due },
    };
    jobs::transition(tx, step.claim, &made)
}
