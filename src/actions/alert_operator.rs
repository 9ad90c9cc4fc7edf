//! Something must be looked after by the operator.

use std::time::Duration;

use crate::domain::id::UserId;
use crate::domain::news::Concern;
use crate::domain::news::News;
use crate::store::error::StoreError;
use crate::store::outbox;
use crate::store::tx::Tx;

/// How long the same concern about the same thing is not repeated.
const QUIET: Duration = Duration::from_hours(1);

/// Tells every admin, each at most once an hour about the same thing.
pub fn alert_operator(
    tx: &Tx<'_>,
    admins: &[UserId],
    concern: Concern,
    subject: &str,
    detail: &str,
) -> Result<(), StoreError> {
    for admin in admins {
        let series = format!("alert {} {subject} {admin}", concern.word());
        if outbox::is_told_since(tx, &series, tx.now - QUIET)? {
            continue;
        }
        let (subject, detail) = (subject.to_owned(), detail.to_owned());
        let news = News::Alert { concern, subject, detail };
        outbox::put_news(tx, *admin, &news, &format!("{series} {}", tx.now.0))?;
    }
    Ok(())
}
