//! How long a video takes: the way through the queue, and its render.

use std::time::Duration;

use crate::domain::{id::OrderId, time::Timestamp};
use crate::store::{error::StoreError, jobs, models, tx::Tx};

/// How many renders there must have been: fewer say nothing.
const ENOUGH: usize = 5;

/// How old a render may be that still says something.
const RECENT: Duration = Duration::from_hours(24);

/// By the renders of this time the pace of the queue is judged.
const PACE: Duration = Duration::from_mins(10);

/// How long the videos of an order may take from now on, by the first of the models that is up;
/// `None` where too little is known.
pub(crate) fn expected<'a>(
    tx: &Tx<'_>,
    preferred: impl Iterator<Item = &'a str>,
    order: OrderId,
) -> Result<Option<Duration>, StoreError> {
    let Some(model) = models::first_up(tx, preferred)? else { return Ok(None) };
    let renders = jobs::last_renders(tx, model, tx.now - RECENT, 21)?;
    if renders.len() < ENOUGH {
        return Ok(None);
    }
    let render = renders[renders.len() / 2];
    let ahead = jobs_ahead(tx, order)?;
    if ahead == 0 {
        return Ok(Some(render));
    }
    let passed = rendered_since(tx, model, tx.now - PACE)?;
    Ok((passed > 0).then(|| render + PACE * ahead / passed))
}

/// How many videos wait to be submitted that were ordered before.
fn jobs_ahead(tx: &Tx<'_>, order: OrderId) -> Result<u32, StoreError> {
    let sql = "select count(*) from generation_jobs where status = 'queued' and order_id < ?";
    tx.one(sql, [order], |row| row.get(0))
}

fn rendered_since(tx: &Tx<'_>, model: &str, since: Timestamp) -> Result<u32, StoreError> {
    let sql = "select count(*) from generation_jobs where model = ? and rendered_at > ?";
    tx.one(sql, (model, since), |row| row.get(0))
}
