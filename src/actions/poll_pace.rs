//! When a task is polled: from when renders of its model begin to end, and then as often as
//! its key has room for.

use std::time::Duration;

use crate::actions::rules::{EARLY_LOOK, LONGEST_FIRST_POLL, Rules};
use crate::domain::id::JobId;
use crate::store::{
    claimed_step::ClaimedStep,
    error::StoreError,
    jobs,
    tx::{Tx, View},
};

/// The wait from the creation of a task to its first poll. Hardly a render ends sooner, but
/// some tasks are looked at in half that time: so it shows when renders have become faster.
pub(crate) fn first_poll(
    view: &View<'_>,
    rules: &Rules,
    step: &ClaimedStep,
) -> Result<Duration, StoreError> {
    let begin = first_end(view, rules, &step.attempt.model)?;
    let begin = if looks_early(step.claim.job) { begin / 2 } else { begin };
    Ok(begin.max(rules.poll_interval_min))
}

/// The wait from one poll of a task that still runs to the next, `pace` being what its key has
/// room for. After its early look a task waits as the others do.
pub(crate) fn next_poll(
    tx: &Tx<'_>,
    rules: &Rules,
    step: &ClaimedStep,
    pace: Duration,
) -> Result<Duration, StoreError> {
    match &step.task {
        Some(task) if looks_early(step.claim.job) => {
            let begin = first_end(tx, rules, &step.attempt.model)?;
            Ok(begin.saturating_sub(tx.now.since(task.submitted_at)).max(pace))
        }
        _ => Ok(pace),
    }
}

/// How long after their creation renders of a model begin to end; zero while too few are known.
fn first_end(view: &View<'_>, rules: &Rules, model: &str) -> Result<Duration, StoreError> {
    let known = jobs::quick_render(view, model)?.unwrap_or_default();
    Ok(known.min(LONGEST_FIRST_POLL).min(rules.render_timeout))
}

fn looks_early(job: JobId) -> bool {
    job.0 % EARLY_LOOK == 0
}
