//! Models that are down: paused or withdrawn by KIE.

use std::time::Duration;

use crate::domain::time::Timestamp;
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
};

/// The time between two probes of a model that is down.
pub(crate) const PROBE_INTERVAL: Duration = Duration::from_mins(1);

/// Whether a model is down.
fn is_down(view: &View<'_>, slug: &str) -> Result<bool, StoreError> {
    let found = view.first("select 1 from models_down where slug = ?", [slug], |_| Ok(()))?;
    Ok(found.is_some())
}

/// The first of these models that is up.
pub(crate) fn first_up<'a>(
    view: &View<'_>,
    slugs: impl Iterator<Item = &'a str>,
) -> Result<Option<&'a str>, StoreError> {
    for slug in slugs {
        if !is_down(view, slug)? {
            return Ok(Some(slug));
        }
    }
    Ok(None)
}

/// Notes that a model is down; `false` when that was known.
pub(crate) fn mark_down(tx: &Tx<'_>, slug: &str) -> Result<bool, StoreError> {
    let sql = "insert into models_down (slug, probe_at) values (?, ?) on conflict do nothing";
    Ok(tx.run(sql, (slug, tx.now + PROBE_INTERVAL))? == 1)
}

/// The models whose probe is due.
pub(crate) fn to_probe(view: &View<'_>, now: Timestamp) -> Result<Vec<String>, StoreError> {
    view.all("select slug from models_down where probe_at <= ?", [now], |row| row.get(0))
}

/// Notes that a probe found a model still down.
pub(crate) fn still_down(tx: &Tx<'_>, slug: &str) -> Result<(), StoreError> {
    let next = tx.now + PROBE_INTERVAL;
    tx.run("update models_down set probe_at = ? where slug = ?", (next, slug))?;
    Ok(())
}

/// Notes that a model is back.
pub(crate) fn mark_up(tx: &Tx<'_>, slug: &str) -> Result<(), StoreError> {
    tx.run("delete from models_down where slug = ?", [slug]).map(drop)
}

/// Lets no probe wait longer than until `latest`.
pub(crate) fn cap_probe_at(tx: &Tx<'_>, latest: Timestamp) -> Result<(), StoreError> {
    tx.run("update models_down set probe_at = ?1 where probe_at > ?1", [latest]).map(drop)
}
