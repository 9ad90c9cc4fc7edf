//! What each operator was alerted about: a concern about a subject.

use std::time::Duration;

use crate::domain::{id::UserId, notification::Concern, time::Timestamp};
use crate::store::{error::StoreError, tx::Tx};

/// Notes that an operator is alerted now; `false` when they were within `quiet`, or have muted it.
pub(crate) fn alert(
    tx: &Tx<'_>,
    operator: UserId,
    concern: Concern,
    subject: &str,
    quiet: Duration,
) -> Result<bool, StoreError> {
    let noted = tx.run(
        "insert into alerts (tg_user_id, concern, subject, alerted_at) values (?1, ?2, ?3, ?4)
         on conflict do update set alerted_at = ?4
         where alerted_at <= ?5 and (muted_until is null or muted_until <= ?4)",
        (operator, concern.word(), subject, tx.now, tx.now - quiet),
    )?;
    Ok(noted == 1)
}

/// Mutes what an operator was alerted about until then; `None` unmutes it.
pub(crate) fn mute(
    tx: &Tx<'_>,
    operator: UserId,
    concern: Concern,
    subject: &str,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    let sql = "update alerts set muted_until = ?
               where tg_user_id = ? and concern = ? and subject = ?";
    tx.run(sql, (until, operator, concern.word(), subject))?;
    Ok(())
}
