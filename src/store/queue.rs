//! The queue: which step is due next, and the claim on it. Claims happen inside a
//! write transaction and therefore one after the other, under the writer's mutex.

use std::time::Duration;

use crate::domain::{
    id::{JobId, KeyId},
    job::Step,
    time::Timestamp,
};
use crate::store::{
    claimed_step::{ClaimedStep, find},
    error::StoreError,
    submit_queue::{self, Due, due},
    tx::{Tx, View},
};

/// How long a claim lasts: far longer than every timeout of a step together, so
/// that only a thread that is gone lets one expire.
pub const CLAIM_LIFE: Duration = Duration::from_hours(2);

/// What may be claimed: the keys, their limits and the pool leave room for it.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// The key that may create a task now.
    pub submit: SubmitCapacity,
    /// The keys that may be asked about their tasks now.
    pub polls: Vec<KeyId>,
    /// Whether a video may be delivered now.
    pub deliveries: bool,
}

/// Whether a task may be created now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubmitCapacity {
    /// With this key.
    Key(KeyId),
    /// Not now.
    Full,
    /// There is no key that could ever do it: the job must fail.
    NoKeys,
}

/// What a look for work brought.
#[derive(Debug)]
pub enum Claimed {
    /// A step.
    Step(Box<ClaimedStep>),
    /// Nothing is due before this time, if anything waits at all.
    Nothing(Option<Timestamp>),
}

/// Claims the step that is due most: a finished video waits for nobody, then
/// whatever has been due longest and has capacity.
pub fn claim(tx: &Tx<'_>, capacity: &Capacity) -> Result<Claimed, StoreError> {
    let deliver = if capacity.deliveries { first_deliver(tx)? } else { None };
    if let Some((job, due)) = deliver
        && due <= tx.now
    {
        return take(tx, job, None).map(Claimed::Step);
    }
    let poll = first_poll(tx, &capacity.polls)?;
    let submit = match capacity.submit {
        SubmitCapacity::Key(_) | SubmitCapacity::NoKeys => submit_queue::first(tx, tx.now)?,
        // One that is due and finds no room waits for the room, not for a time.
        SubmitCapacity::Full => submit_queue::next(tx)?.filter(|(_, due)| *due > tx.now),
    };
    let polls_first = match (poll, submit) {
        (Some((_, poll)), Some((_, submit))) => poll <= submit,
        (poll, _) => poll.is_some(),
    };
    let first = if polls_first { poll } else { submit };
    match first {
        Some((job, due)) if due <= tx.now => {
            let key = match capacity.submit {
                SubmitCapacity::Key(key) if !polls_first => Some(key),
                _ => None,
            };
            take(tx, job, key).map(Claimed::Step)
        }
        first => {
            let next = [deliver, first].into_iter().flatten().map(|(_, due)| due).min();
            Ok(Claimed::Nothing(next))
        }
    }
}

fn first_deliver(view: &View<'_>) -> Result<Option<Due>, StoreError> {
    view.first(DELIVER, [], due)
}

fn first_poll(view: &View<'_>, keys: &[KeyId]) -> Result<Option<Due>, StoreError> {
    let mut first: Option<Due> = None;
    for key in keys {
        let found = view.first(POLL, [key], due)?;
        first = match (first, found) {
            (Some(first), Some(found)) if first.1 <= found.1 => Some(first),
            (first, found) => found.or(first),
        };
    }
    Ok(first)
}

/// A step at a time, by its index: among a million jobs only those that wait are looked at.
const CAP_DUE_AT: &str = "update generation_jobs set due_at = ?1
     where finished_at is null and parked_at is null and id in (
         select id from generation_jobs
         where step = 'submit' and claimed_until is null and due_at is not null and due_at > ?1
         union all select id from generation_jobs
         where step = 'poll' and claimed_until is null and due_at > ?1
         union all select id from generation_jobs
         where step = 'deliver' and claimed_until is null and due_at > ?1)";

const DELIVER: &str = "select id, due_at from generation_jobs
     where step = 'deliver' and claimed_until is null order by due_at limit 1";

const POLL: &str = "select id, due_at from generation_jobs
     where step = 'poll' and claimed_until is null and key_id = ? order by due_at limit 1";

const TAKE: &str = "update generation_jobs set fence = fence + 1, claimed_until = ?1
     where id = ?2 and claimed_until is null";

const TAKE_WITH_KEY: &str = "update generation_jobs set fence = fence + 1, claimed_until = ?1,
         key_id = ?3
     where id = ?2 and claimed_until is null and step = 'submit'";

/// Takes a job under a new fence. Only a submission is given a key; the indexes by
/// key are left alone otherwise. A submission whose photo is uploaded lets the
/// person's next job move up; the others wait for that upload.
fn take(tx: &Tx<'_>, job: JobId, key: Option<KeyId>) -> Result<Box<ClaimedStep>, StoreError> {
    let until = tx.now + CLAIM_LIFE;
    match key {
        Some(key) => tx.run(TAKE_WITH_KEY, (until, job, key))?,
        None => tx.run(TAKE, (until, job))?,
    };
    let claimed = find(tx, job, tx.now)?;
    let photo = &claimed.order.photo;
    let is_uploaded = photo.upload_url.is_some() || photo.shaped_url.is_some();
    if claimed.step == Step::Submit && is_uploaded {
        submit_queue::promote(tx, claimed.claim.user)?;
    }
    Ok(Box::new(claimed))
}

/// Lets no open job wait longer than until `latest`. The watch for late videos is in no
/// hurry, nor is a video whose person is away.
pub fn cap_due_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    tx.run(CAP_DUE_AT, [latest]).map(drop)
}

/// The jobs whose claims were taken before `before`, with what their steps need.
pub fn claimed_before(
    view: &View<'_>,
    before: Timestamp,
    now: Timestamp,
) -> Result<Vec<ClaimedStep>, StoreError> {
    let sql = "select id from generation_jobs where claimed_until < ?";
    let jobs: Vec<JobId> = view.all(sql, [before + CLAIM_LIFE], |row| row.get(0))?;
    jobs.into_iter().map(|job| find(view, job, now)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    /// The looks of a claim, each with the indexes that carry it.
    const LOOKS: &[(&str, &[&str])] = &[
        (DELIVER, &["jobs_to_deliver"]),
        (POLL, &["jobs_to_poll"]),
        (submit_queue::SUBMIT, &["jobs_to_submit"]),
        (submit_queue::SUBMIT_AGAIN, &["jobs_to_submit_again"]),
        (submit_queue::FAIR_SUBMIT, &["jobs_to_submit", "jobs_in_flight_of"]),
        (submit_queue::DUE, &["jobs_to_submit"]),
        (submit_queue::PROMOTE, &["jobs_queued"]),
    ];

    fn new_database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(crate::store::schema::SCHEMA).unwrap();
        connection
    }

    fn plan(connection: &Connection, sql: &str) -> String {
        let mut statement = connection.prepare(&format!("explain query plan {sql}")).unwrap();
        let params = rusqlite::params_from_iter(vec![1; statement.parameter_count()]);
        let rows = statement.query_map(params, |row| row.get::<_, String>(3)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn every_look_for_work_is_one_seek_in_its_own_index() {
        let connection = new_database();
        for (sql, indexes) in LOOKS {
            let plan = plan(&connection, sql);
            for index in *indexes {
                assert!(plan.contains(&format!("INDEX {index}")), "{plan}");
            }
            // Only the few at the head of the queue are sorted, for fairness.
            assert!(!plan.contains("TEMP B-TREE") || *sql == submit_queue::FAIR_SUBMIT, "{plan}");
        }
    }

    #[test]
    fn without_its_index_a_look_for_work_is_seen_to_go_another_way() {
        for (sql, indexes) in LOOKS {
            for index in *indexes {
                let connection = new_database();
                connection.execute_batch(&format!("drop index {index}")).unwrap();
                assert!(!plan(&connection, sql).contains(&format!("INDEX {index}")), "{index}");
            }
        }
    }
}
