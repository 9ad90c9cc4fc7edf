//! Orders, videos and credits of a time, counted. Looks through the whole ledger and all jobs, in one
//! view and beside the work: a second or a few for a million jobs.

use std::collections::BTreeMap;

use rusqlite::Row;

use crate::domain::{failure::FailureKind, time::Timestamp};
use crate::store::{
    error::StoreError,
    tx::View,
    votes::{self, Opinion},
};

/// Every zone's midnight begins such a piece of time, in milliseconds.
const PIECE: i64 = 15 * 60 * 1000;

/// Entries of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EntryCount {
    /// Within 15 minutes from then on.
    pub at: Timestamp,
    /// Their kind.
    pub kind: String,
    /// How many.
    pub count: u64,
    /// Their sum.
    pub credits: i64,
    /// The videos that were ordered by them.
    pub videos: u64,
}

/// Jobs that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JobCount {
    /// Within 15 minutes from then on.
    pub at: Timestamp,
    /// Their model.
    pub model: String,
    /// The label of their key.
    pub key: Option<String>,
    /// Why they failed; `None` of those that completed.
    pub failure: Option<String>,
    /// How many.
    pub count: u64,
    /// How many of those that failed came late, as a gift.
    pub gifts: u64,
}

impl JobCount {
    /// Whether they were called off: nothing went wrong with them.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.failure.as_deref() == Some(FailureKind::Cancelled.word())
    }
}

/// How many of something took so many seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seconds(BTreeMap<i64, u64>);

impl Seconds {
    /// So many more took so long.
    pub(crate) fn add(&mut self, seconds: i64, count: u64) {
        *self.0.entry(seconds).or_default() += count;
    }

    /// Adds all of another.
    pub(crate) fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(seconds, count)| self.add(*seconds, *count));
    }

    /// The time within which this share of them ended, such as 0.5 or 0.95.
    pub(crate) fn share(&self, share: f64) -> Option<i64> {
        let all: u64 = self.0.values().sum();
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank among counts"
        )]
        let rank = ((all as f64 * share).ceil() as u64).max(1);
        let mut passed = 0;
        self.0.iter().find_map(|(seconds, count)| {
            passed += count;
            (passed >= rank).then_some(*seconds)
        })
    }
}

/// How long the jobs of a model with a key waited and were rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Durations {
    /// The model.
    pub model: String,
    /// The label of the key.
    pub key: Option<String>,
    /// From the order to the task.
    pub waited: Seconds,
    /// From the task to the video.
    pub rendered: Seconds,
}

/// What was counted.
#[derive(Clone, Debug)]
pub(crate) struct Statistics {
    /// The ledger.
    pub entries: Vec<EntryCount>,
    /// The jobs.
    pub jobs: Vec<JobCount>,
    /// How long they took.
    pub durations: Vec<Durations>,
    /// When new people came.
    pub users: Vec<Timestamp>,
    /// What people think of their videos, idea by idea.
    pub opinions: Vec<Opinion>,
}

impl Statistics {
    /// Counts what happened from `since` on.
    pub(crate) fn read(view: &View<'_>, since: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            entries: entries(view, since)?,
            jobs: jobs(view, since)?,
            durations: durations(view, since)?,
            users: view.all(
                "select created_at from users where created_at >= ?",
                [since],
                |row| row.get(0),
            )?,
            opinions: votes::opinions(view, since)?,
        })
    }
}

fn piece(number: i64) -> Timestamp {
    Timestamp(number.saturating_mul(PIECE))
}

/// A count, which is never below zero.
fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}

fn entries(view: &View<'_>, since: Timestamp) -> Result<Vec<EntryCount>, StoreError> {
    let sql = "select e.created_at / ?2, e.kind, count(*), sum(e.amount), coalesce(sum(o.count), 0)
               from credit_entries e left join orders o on o.id = e.order_id
               where e.created_at >= ?1 group by 1, 2";
    view.all(sql, (since, PIECE), |row| {
        Ok(EntryCount {
            at: piece(row.get(0)?),
            kind: row.get(1)?,
            count: number(row, 2)?,
            credits: row.get(3)?,
            videos: number(row, 4)?,
        })
    })
}

fn jobs(view: &View<'_>, since: Timestamp) -> Result<Vec<JobCount>, StoreError> {
    let sql = "select n.piece, n.model, k.label, n.failure_kind, n.jobs, n.gifts
               from (select finished_at / ?2 piece, model, key_id, failure_kind, count(*) jobs,
                            sum(failure_kind is not null and delivered_at is not null) gifts
                     from generation_jobs where finished_at >= ?1 group by 1, 2, 3, 4) n
               left join kie_keys k on k.id = n.key_id";
    view.all(sql, (since, PIECE), |row| {
        Ok(JobCount {
            at: piece(row.get(0)?),
            model: row.get(1)?,
            key: row.get(2)?,
            failure: row.get(3)?,
            count: number(row, 4)?,
            gifts: number(row, 5)?,
        })
    })
}

fn durations(view: &View<'_>, since: Timestamp) -> Result<Vec<Durations>, StoreError> {
    let sql = "select n.model, k.label, n.waited, n.rendered, n.jobs
               from (select model, key_id, (submitted_at - created_at) / 1000 waited,
                            (rendered_at - submitted_at) / 1000 rendered, count(*) jobs
                     from generation_jobs
                     where finished_at >= ?1 and submitted_at is not null group by 1, 2, 3, 4) n
               left join kie_keys k on k.id = n.key_id";
    let mut all: BTreeMap<(String, Option<String>), (Seconds, Seconds)> = BTreeMap::new();
    let rows = view.all(sql, [since], |row| {
        let of: (String, Option<String>) = (row.get(0)?, row.get(1)?);
        let (waited, rendered): (i64, Option<i64>) = (row.get(2)?, row.get(3)?);
        Ok((of, waited, rendered, number(row, 4)?))
    })?;
    for (of, waited, rendered, count) in rows {
        let (waits, renders) = all.entry(of).or_default();
        waits.add(waited, count);
        if let Some(rendered) = rendered {
            renders.add(rendered, count);
        }
    }
    let durations = all.into_iter();
    let of = |((model, key), (waited, rendered))| Durations { model, key, waited, rendered };
    Ok(durations.map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_the_time_within_which_so_many_ended() {
        let mut seconds = Seconds::default();
        assert_eq!(seconds.share(0.5), None);
        (1..=100).for_each(|second| seconds.add(second, 1));
        assert_eq!(
            [0.5, 0.95, 1.0, 0.0].map(|share| seconds.share(share).unwrap()),
            [50, 95, 100, 1]
        );
        let mut two = Seconds::default();
        two.add(7, 2);
        two.merge(&two.clone());
        assert_eq!((two.share(0.5), two.0[&7]), (Some(7), 4));
    }
}
