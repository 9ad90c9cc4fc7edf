//! The submit queue: whose job is submitted next, and how many tasks are under way.

use std::time::Duration;

use rusqlite::Row;

use crate::domain::{
    id::{JobId, KeyId, UserId},
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// How many people at the head of the queue are compared for fairness.
const HEAD: u32 = 8;

/// A person whose job has waited this long goes first, whatever else they have in flight.
const LONG_WAIT: Duration = Duration::from_mins(10);

/// A job, and since or from when it is due.
pub(super) type Due = (JobId, Timestamp);

/// Reads a [`Due`].
pub(super) fn due(row: &Row<'_>) -> rusqlite::Result<Due> {
    Ok((row.get(0)?, row.get(1)?))
}

/// The submission to make now, or the next one that will be due. What was claimed
/// before goes first: it has waited its time, and a retry, another key or a restart
/// must not cost a second one. Then, of the people at the head of the queue, the one with
/// the fewest videos in flight, then the one whose order has had the fewest, unless somebody
/// has waited for long.
pub fn first(view: &View<'_>, now: Timestamp) -> Result<Option<Due>, StoreError> {
    if let Some(again) = view.first(SUBMIT_AGAIN, [now], due)? {
        return Ok(Some(again));
    }
    match view.first(FAIR_SUBMIT, (now, now - LONG_WAIT, HEAD), due)? {
        Some(found) => Ok(Some(found)),
        None => next(view),
    }
}

/// The submission that is due first, whether now or later.
pub fn next(view: &View<'_>) -> Result<Option<Due>, StoreError> {
    view.first(SUBMIT, [], due)
}

/// The look of [`next`].
pub(super) const SUBMIT: &str = "select id, due_at from generation_jobs
     where step = 'submit' and claimed_until is null and due_at is not null
     order by due_at limit 1";

/// The jobs that go first in [`first`].
pub(super) const SUBMIT_AGAIN: &str = "select id, due_at from generation_jobs
     where step = 'submit' and fence > 0 and claimed_until is null and due_at is not null
       and due_at <= ? order by due_at limit 1";

/// The jobs that go then.
pub(super) const FAIR_SUBMIT: &str = "select id, due_at
     from (select id, due_at, tg_user_id, number from generation_jobs
           where step = 'submit' and claimed_until is null and due_at is not null and due_at <= ?1
           order by due_at limit ?3) head
     order by iif(due_at < ?2, 0, 1 + (select count(*) from generation_jobs flying
                                       where flying.tg_user_id = head.tg_user_id
                                         and flying.status = 'processing' and flying.step = 'poll')),
              number, due_at
     limit 1";

/// Gives a person's next job a place in the queue, unless one of theirs has one: so
/// nobody's five videos hold back another's one.
pub fn promote(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    if tx.run(PROMOTE, (user, tx.now))? > 0 {
        tx.notify(Channel::Work);
    }
    Ok(())
}

/// The update of [`promote`].
pub(super) const PROMOTE: &str = "update generation_jobs set due_at = ?2
     where id = (select min(id) from generation_jobs
                 where tg_user_id = ?1 and status = 'queued' and due_at is null)
       and not exists (select 1 from generation_jobs
                       where tg_user_id = ?1 and status = 'queued'
                         and due_at <= ?2 and claimed_until is null)";

/// People of whose queued jobs none has a place in the queue.
pub(super) const STRANDED: &str = "select distinct tg_user_id from generation_jobs behind
     where status = 'queued' and due_at is null
       and not exists (select 1 from generation_jobs ahead
                       where ahead.tg_user_id = behind.tg_user_id
                         and ahead.status = 'queued' and ahead.due_at is not null)";

/// People of whose queued jobs none has a place in the queue: a healthy queue has none.
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
