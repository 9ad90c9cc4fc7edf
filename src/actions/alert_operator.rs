//! Something needs the operator.

use std::time::Duration;

use crate::domain::{
    id::UserId,
    notification::{Alert, Concern, Notification},
};
use crate::store::{alerts, error::StoreError, outbox, tx::Tx};

/// How long the same concern about the same thing is not repeated, once it has been told, and after
/// how long an alert that did not reach its admin is tried again.
const QUIET: Duration = Duration::from_hours(1);

/// Alerts every admin who has not muted it, each at most once an hour about the same thing. What an
/// admin has not been told yet is told with the newest detail. The log has it every time, muted or
/// not, but without the detail: the provider's words may repeat what a person wrote.
pub(crate) fn alert_operator(
    tx: &Tx<'_>,
    admins: &[UserId],
    concern: Concern,
    subject: &str,
    detail: &str,
) -> Result<(), StoreError> {
    tracing::warn!(concern = concern.word(), subject, "something needs the operator");
    for admin in admins {
        if !alerts::may_alert(tx, *admin, concern, subject, tx.now, QUIET)? {
            continue;
        }
        let name = format!("alert {} {admin} {subject:?}", concern.word());
        let (subject, detail) = (subject.to_owned(), detail.to_owned());
        let notification = Notification::Alert(Alert { concern, subject, detail });
        outbox::put_again(tx, *admin, &notification, &name, tx.now - QUIET)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::ManualClock;
    use crate::domain::{id::OutboxId, ports::Clock, time::Timestamp};
    use crate::store::db::Db;

    const OLGA: UserId = UserId(7);

    #[test]
    fn things_of_similar_names_do_not_silence_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(Timestamp(1_764_000_000_000)));
        let db = Db::open(&folder.path().join("reelbot.db"), clock).unwrap();
        for label in ["key 7", "key", "key 7", "key"] {
            db.write(move |tx| alert_operator(tx, &[OLGA], Concern::KeyDead, label, "401"))
                .unwrap();
        }
        let told = db.read(|view| {
            let ids = (1..=9).map(OutboxId);
            ids.map(|id| outbox::notification(view, id, OLGA)).collect::<Result<Vec<_>, _>>()
        });
        let told: Vec<String> = told.unwrap().into_iter().flatten().map(subject).collect();
        assert_eq!(told, ["key 7", "key"]);
    }

    fn subject(notification: Notification) -> String {
        match notification {
            Notification::Alert(alert) => alert.subject,
            other => panic!("no alert: {other:?}"),
        }
    }
}
