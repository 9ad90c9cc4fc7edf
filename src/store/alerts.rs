//! What each operator was alerted about: a concern about a subject.

use std::time::Duration;

use crate::domain::{id::UserId, notification::Concern, time::Timestamp};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Whether an operator may be alerted: when they were not within `quiet`, and have not muted it.
pub(crate) fn may_alert(
    view: &View<'_>,
    operator: UserId,
    concern: Concern,
    subject: &str,
    now: Timestamp,
    quiet: Duration,
) -> Result<bool, StoreError> {
    let sql = "select alerted_at <= ?5 and (muted_until is null or muted_until <= ?4) from alerts
               where tg_user_id = ?1 and concern = ?2 and subject = ?3";
    let values = (operator, concern.word(), subject, now, now - quiet);
    Ok(view.first(sql, values, |row| row.get(0))?.unwrap_or(true))
}

/// Notes that an operator has been alerted now: an alert that has not arrived tells nobody.
pub(crate) fn mark_alerted(
    tx: &Tx<'_>,
    operator: UserId,
    concern: Concern,
    subject: &str,
) -> Result<(), StoreError> {
    tx.run(
        "insert into alerts (tg_user_id, concern, subject, alerted_at) values (?1, ?2, ?3, ?4)
         on conflict do update set alerted_at = ?4",
        (operator, concern.word(), subject, tx.now),
    )?;
    Ok(())
}

/// What operators were alerted about is over: when it comes again, they are alerted at once.
pub(crate) fn is_over(tx: &Tx<'_>, concern: Concern, subject: &str) -> Result<(), StoreError> {
    let sql = "update alerts set alerted_at = 0 where concern = ? and subject = ?";
    tx.run(sql, (concern.word(), subject)).map(drop)
}

/// Mutes what an operator was alerted about until then; `None` unmutes it.
pub(crate) fn mute(
    tx: &Tx<'_>,
    operator: UserId,
    concern: Concern,
    subject: &str,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    tx.run(
        "insert into alerts (tg_user_id, concern, subject, alerted_at, muted_until)
         values (?1, ?2, ?3, 0, ?4) on conflict do update set muted_until = ?4",
        (operator, concern.word(), subject, until),
    )?;
    Ok(())
}
