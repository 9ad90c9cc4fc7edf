//! The program starts: what the process before left goes on.

use std::time::Duration;

use crate::actions::{rescue_jobs::rescue_jobs, rules::Rules};
use crate::domain::time::Timestamp;
use crate::store::{error::StoreError, keys, models, outbox, queue, tx::Tx};

/// The longest that anything waits after a start. The life before went by another
/// clock, maybe one that was an hour ahead of this one.
const SOON: Duration = Duration::from_mins(1);

/// Gives back every claim, under the run lock, and lets nothing wait for long;
/// returns how many steps had been in hand.
pub(crate) fn resume_work(tx: &Tx<'_>, rules: &Rules) -> Result<usize, StoreError> {
    let rescued = rescue_jobs(tx, rules, Timestamp(i64::MAX))?;
    let latest = tx.now + SOON;
    queue::cap_due_at(tx, latest)?;
    outbox::cap_due_at(tx, latest)?;
    keys::cap_cooldowns(tx, latest)?;
    models::cap_probe_at(tx, latest)?;
    Ok(rescued)
}
