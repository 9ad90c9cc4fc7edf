//! What operators do not want to be alerted about for a while.

use crate::domain::id::UserId;
use crate::domain::notification::Concern;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::store::tx::View;

/// Until when an operator has muted a concern about a subject, if ever.
pub fn until(
    view: &View<'_>,
    by: UserId,
    concern: Concern,
    subject: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let sql = "select muted_until from mutes where tg_user_id = ? and concern = ? and subject = ?";
    view.first(sql, (by, concern.word(), subject), |row| row.get(0))
}

/// Mutes a concern about a subject; a later wish takes the place of an earlier one.
pub fn mute(
    tx: &Tx<'_>,
    by: UserId,
    concern: Concern,
    subject: &str,
    until: Timestamp,
) -> Result<(), StoreError> {
    tx.run(
        "insert into mutes (tg_user_id, concern, subject, muted_until) values (?1, ?2, ?3, ?4)
         on conflict do update set muted_until = ?4",
        (by, concern.word(), subject, until),
    )?;
    Ok(())
}

/// Lets a concern about a subject be heard again.
pub fn unmute(tx: &Tx<'_>, by: UserId, concern: Concern, subject: &str) -> Result<(), StoreError> {
    let sql = "delete from mutes where tg_user_id = ? and concern = ? and subject = ?";
    tx.run(sql, (by, concern.word(), subject))?;
    Ok(())
}
