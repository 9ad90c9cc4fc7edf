//! Models that are down: paused or withdrawn by KIE.

use std::time::Duration;

use crate::domain::time::Timestamp;
use crate::service::notify::Channel;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::store::tx::View;

/// The time between two probes of a model that is down.
pub const PROBE_INTERVAL: Duration = Duration::from_mins(1);

/// When a model that is down is probed next; `None` for one that is not down.
pub fn probe_at(view: &View<'_>, slug: &str) -> Result<Option<Timestamp>, StoreError> {
    view.first("select probe_at from models_down where slug = ?", [slug], |row| row.get(0))
}

/// Notes that a model is down; returns when it is probed next.
pub fn mark_down(tx: &Tx<'_>, slug: &str) -> Result<Timestamp, StoreError> {
    let next = tx.now + PROBE_INTERVAL;
    tx.run(
        "insert into models_down (slug, probe_at) values (?, ?) on conflict do nothing",
        (slug, next),
    )?;
    Ok(probe_at(tx, slug)?.unwrap_or(next))
}

/// The models whose probe is due.
pub fn to_probe(view: &View<'_>, now: Timestamp) -> Result<Vec<String>, StoreError> {
    view.all("select slug from models_down where probe_at <= ?", [now], |row| row.get(0))
}

/// Notes that a probe found a model still down.
pub fn still_down(tx: &Tx<'_>, slug: &str) -> Result<(), StoreError> {
    let next = tx.now + PROBE_INTERVAL;
    tx.run("update models_down set probe_at = ? where slug = ?", (next, slug))?;
    Ok(())
}

/// Notes that a model is back: the jobs that were held for it are due at once.
pub fn mark_up(tx: &Tx<'_>, slug: &str) -> Result<(), StoreError> {
    tx.run("delete from models_down where slug = ?", [slug])?;
    tx.run(
        "update generation_jobs set due_at = ?1
         where model = ?2 and status = 'queued' and held_since is not null
           and claimed_until is null and due_at > ?1",
        (tx.now, slug),
    )?;
    tx.notify(Channel::Work);
    Ok(())
}

/// Lets no probe wait longer than until `latest`.
pub fn cap_due_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    tx.run("update models_down set probe_at = ?1 where probe_at > ?1", [latest]).map(drop)
}
