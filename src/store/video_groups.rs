//! The videos of a person in groups: of an order, of a series, of a month.

use crate::domain::{
    export::Group,
    id::{BatchId, OrderId, UserId},
    time::Timestamp,
    zone::Zone,
};
use crate::store::{
    error::StoreError,
    tx::View,
    videos::{KEPT_BY_KIE, MADE, MadeVideo, WITH_ORDERS, all},
};

const OF_SERIES: &str =
    "and j.order_id in (select id from orders where batch_id between ?3 and ?4)";

/// Which of a person's videos belong together: a condition, and its bounds.
fn of(group: Group, zone: &Zone) -> (&'static str, i64, i64) {
    match group {
        Group::Order(order) => ("and j.order_id between ?3 and ?4", order.0, order.0),
        Group::Series(batch) => (OF_SERIES, batch.0, batch.0),
        Group::Month(month) => {
            let (begin, end) = zone.span(month);
            ("and j.finished_at >= ?3 and j.finished_at < ?4", begin.0, end.0)
        }
    }
}

/// The videos of a person that belong together, oldest first.
pub(crate) fn videos(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    group: Group,
    zone: &Zone,
) -> Result<Vec<MadeVideo>, StoreError> {
    let (those, from, until) = of(group, zone);
    let rest = format!("{those} order by j.id");
    all(view, &rest, (user, now - KEPT_BY_KIE, from, until))
}

/// How many they are.
pub(crate) fn count(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    group: Group,
    zone: &Zone,
) -> Result<u32, StoreError> {
    let (those, from, until) = of(group, zone);
    let sql = format!("select count(*) from generation_jobs j where {MADE} {those}");
    view.one(&sql, (user, now - KEPT_BY_KIE, from, until), |row| row.get(0))
}

/// By what an order is told from the others of its person, or a series by its first order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ordered {
    /// When it was placed.
    pub at: Timestamp,
    /// Which one it is of those of that minute, from 1 on: names may be cut to the same.
    pub nth: u32,
    /// The name of the product, of an order.
    pub product: Option<String>,
    /// The ready-made idea that it was made from.
    pub preset: Option<String>,
}

/// What is known of an order or a series; nothing of a month.
pub(crate) fn ordered(view: &View<'_>, group: Group) -> Result<Option<Ordered>, StoreError> {
    let (which, id) = match group {
        Group::Order(order) => ("o.id = ?", order.0),
        Group::Series(batch) => ("o.batch_id = ? order by o.id limit 1", batch.0),
        Group::Month(_) => return Ok(None),
    };
    let sql = format!(
        "select o.created_at, o.name, o.preset,
                (select count(*) from orders b
                 where b.tg_user_id = o.tg_user_id and b.id < o.id
                   and b.created_at / 60000 = o.created_at / 60000
                   and b.lead_id is null and (b.batch_id is null or b.batch_id is not o.batch_id))
         from orders o where {which}"
    );
    view.first(&sql, [id], |row| {
        let (name, before): (Option<String>, u32) = (row.get(1)?, row.get(3)?);
        let product = name.filter(|_| matches!(group, Group::Order(_)));
        Ok(Ordered { at: row.get(0)?, nth: before + 1, product, preset: row.get(2)? })
    })
}

/// When each video of a person was there, the newest first.
pub(crate) fn times(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Timestamp>, StoreError> {
    let sql = format!(
        "select j.finished_at from generation_jobs j where {MADE} order by j.finished_at desc"
    );
    view.all(&sql, (user, now - KEPT_BY_KIE), |row| row.get(0))
}

/// An order or a series with some videos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MadeOrder {
    /// Which one.
    pub group: Group,
    /// By what it is told from others.
    pub ordered: Ordered,
    /// How many videos of it there are.
    pub videos: u32,
}

/// So many orders and series of a person, the newest first, after those that are skipped.
pub(crate) fn orders(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    skipped: u32,
    most: u32,
) -> Result<Vec<MadeOrder>, StoreError> {
    let sql = format!(
        "select min(o.id), o.batch_id, count(*) {WITH_ORDERS}
         where {MADE} group by coalesce(-o.batch_id, o.id)
         order by min(o.id) desc limit ?4 offset ?3"
    );
    let found: Vec<(Group, u32)> =
        view.all(&sql, (user, now - KEPT_BY_KIE, skipped, most), |row| {
            let (order, batch): (OrderId, Option<BatchId>) = (row.get(0)?, row.get(1)?);
            Ok((batch.map_or(Group::Order(order), Group::Series), row.get(2)?))
        })?;
    let made = found.into_iter().map(|(group, videos)| {
        let ordered = ordered(view, group)?;
        Ok(ordered.map(|ordered| MadeOrder { group, ordered, videos }))
    });
    Ok(made.collect::<Result<Vec<_>, StoreError>>()?.into_iter().flatten().collect())
}
