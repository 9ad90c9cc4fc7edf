//! The program starts: what the process before left goes on.

use std::time::Duration;

use crate::domain::{id::BotId, job::Claim, time::Timestamp};
use crate::store::{
    bots, error::StoreError, exports, keys, models, queue, send_queue, status_messages, tx::Tx,
    voices,
};

/// The longest that anything waits after a start. The life before went by another
/// clock, maybe one that was an hour ahead of this one.
const SOON: Duration = Duration::from_mins(1);

/// Lets nothing wait for long, and returns the claims of the run before, to be given back
/// when it is certain that it is gone. The bot may be another one than before.
pub(crate) fn resume_work(tx: &Tx<'_>, bot: Option<BotId>) -> Result<Vec<Claim>, StoreError> {
    bot.map_or(Ok(()), |bot| bots::note(tx, bot))?;
    let latest = tx.now + SOON;
    queue::cap_due_at(tx, latest)?;
    send_queue::cap_due_at(tx, latest)?;
    status_messages::cap_next_at(tx, latest)?;
    exports::cap_due_at(tx, latest)?;
    voices::cap_next_at(tx, latest)?;
    keys::cap_cooldowns(tx, latest)?;
    models::cap_probe_at(tx, latest)?;
    let held = queue::claimed_before(tx, Timestamp(i64::MAX), tx.now)?;
    Ok(held.into_iter().map(|step| step.claim).collect())
}
