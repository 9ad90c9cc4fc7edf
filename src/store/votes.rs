//! What people think of their videos.

use crate::domain::{
    id::{JobId, UserId},
    time::Timestamp,
    vote::Vote,
};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// Keeps a vote, in the place of the one before.
pub(crate) fn set(tx: &Tx<'_>, user: UserId, job: JobId, vote: Vote) -> Result<(), StoreError> {
    let sql = "insert into votes (job_id, tg_user_id, vote, voted_at) values (?, ?, ?, ?)
               on conflict (job_id) do update set vote = excluded.vote, voted_at = excluded.voted_at";
    tx.run(sql, (job, user, vote, tx.now)).map(drop)
}

/// What people think of the videos of an idea.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Opinion {
    /// The preset's id; `None` of all that were made from people's own words.
    pub preset: Option<String>,
    /// How many 👍 there are.
    pub up: u64,
    /// How many 👎.
    pub down: u64,
}

/// What people have thought since then, idea by idea: what is liked most comes first. It looks at
/// every vote.
pub(crate) fn opinions(view: &View<'_>, since: Timestamp) -> Result<Vec<Opinion>, StoreError> {
    let sql = "select o.preset, sum(v.vote = 'up'), sum(v.vote = 'down')
               from votes v join generation_jobs j on j.id = v.job_id
               join orders o on o.id = j.order_id
               where v.voted_at >= ? group by 1 order by 2 - 3 desc, 2 desc, 1";
    view.all(sql, [since], |row| {
        let number = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
        Ok(Opinion { preset: row.get(0)?, up: number(1)?, down: number(2)? })
    })
}
