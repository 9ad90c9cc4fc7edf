//! An operator mutes alerts of one concern about one subject for a while, or unmutes them.

use crate::actions::rules::Rules;
use crate::domain::{
    id::{OutboxId, UserId},
    notification::{Alert, MuteFor, Notification},
    time::Timestamp,
};
use crate::store::{
    alerts,
    error::StoreError,
    outbox,
    tx::{Tx, View},
};

/// Mutes what an alert was about, for the operator that got it, from now on.
/// Returns the alert and until when it is muted; `None` when this person is
/// no operator (any more) or has had no such alert.
pub(crate) fn mute_alert(
    tx: &Tx<'_>,
    rules: &Rules,
    by: UserId,
    alert: OutboxId,
    length: MuteFor,
) -> Result<Option<(Alert, Timestamp)>, StoreError> {
    let Some(alert) = own_alert(tx, rules, by, alert)? else { return Ok(None) };
    let until = tx.now + length.length();
    alerts::mute(tx, by, alert.concern, &alert.subject, Some(until))?;
    Ok(Some((alert, until)))
}

/// Unmutes what an alert was about, for the operator that got it.
/// Returns the alert; `None` as for [`mute_alert`].
pub(crate) fn unmute_alert(
    tx: &Tx<'_>,
    rules: &Rules,
    by: UserId,
    alert: OutboxId,
) -> Result<Option<Alert>, StoreError> {
    let Some(alert) = own_alert(tx, rules, by, alert)? else { return Ok(None) };
    alerts::mute(tx, by, alert.concern, &alert.subject, None)?;
    Ok(Some(alert))
}

fn own_alert(
    view: &View<'_>,
    rules: &Rules,
    by: UserId,
    alert: OutboxId,
) -> Result<Option<Alert>, StoreError> {
    if !rules.admins.contains(&by) {
        return Ok(None);
    }
    Ok(match outbox::notification(view, alert, by)? {
        Some(Notification::Alert(alert)) => Some(alert),
        _ => None,
    })
}
