//! The line before KIE: whose job is submitted next, and how many tasks are under way.

use crate::domain::id::KeyId;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::store::bell::Ring;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::store::tx::View;

/// Lets a person's next job step up into the line, unless one of theirs stands
/// there. So nobody's five videos hold back another's one.
pub fn step_up(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    if tx.run(STEP_UP, (user, tx.now))? > 0 {
        tx.ring(Ring::Work);
    }
    Ok(())
}

/// The update of [`step_up`].
pub(super) const STEP_UP: &str = "update generation_jobs set due_at = ?2
     where id = (select min(id) from generation_jobs
                 where tg_user_id = ?1 and status = 'queued' and due_at is null)
       and not exists (select 1 from generation_jobs
                       where tg_user_id = ?1 and status = 'queued'
                         and due_at <= ?2 and claimed_until is null)";

/// People of whose queued jobs none stands in line.
pub(super) const STRANDED: &str = "select distinct tg_user_id from generation_jobs behind
     where status = 'queued' and due_at is null
       and not exists (select 1 from generation_jobs ahead
                       where ahead.tg_user_id = behind.tg_user_id
                         and ahead.status = 'queued' and ahead.due_at is not null)";

/// People of whose queued jobs none stands in line: a healthy queue has none.
pub fn stranded(view: &View<'_>) -> Result<Vec<UserId>, StoreError> {
    view.all(STRANDED, [], |row| row.get(0))
}

/// How many tasks each key has at KIE, or is about to have.
pub fn in_flight(view: &View<'_>) -> Result<Vec<(KeyId, u32)>, StoreError> {
    let sql = "select key_id, count(*) from (
                   select key_id from generation_jobs where status = 'processing' and step = 'poll'
                   union all
                   select key_id from generation_jobs
                   where claimed_until is not null and step = 'submit' and key_id is not null)
               group by key_id";
    view.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// When the tasks that were created after `after` were, by key: to fill a
/// window of creations after a restart.
pub fn recent_submissions(
    view: &View<'_>,
    after: Timestamp,
) -> Result<Vec<(KeyId, Timestamp)>, StoreError> {
    let sql = "select key_id, submitted_at from generation_jobs
               where status = 'processing' and step = 'poll' and submitted_at > ?
               order by submitted_at";
    view.all(sql, [after], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The look of [`is_due`].
pub(super) const DUE: &str = "select 1 from generation_jobs
     where step = 'submit' and claimed_until is null and due_at <= ? limit 1";

/// Whether anything waits to be submitted now.
pub fn is_due(view: &View<'_>, now: Timestamp) -> Result<bool, StoreError> {
    Ok(view.first(DUE, [now], |_| Ok(()))?.is_some())
}
