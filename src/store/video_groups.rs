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

/// When an order was placed, or the first one of a series; nothing of a month.
pub(crate) fn ordered_at(view: &View<'_>, group: Group) -> Result<Option<Timestamp>, StoreError> {
    let (sql, id) = match group {
        Group::Order(order) => ("select created_at from orders where id = ?", order.0),
        Group::Series(batch) => {
            ("select created_at from orders where batch_id = ? order by id limit 1", batch.0)
        }
        Group::Month(_) => return Ok(None),
    };
    view.first(sql, [id], |row| row.get(0))
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
    /// When it was placed.
    pub at: Timestamp,
    /// The name of the product, of an order.
    pub product: Option<String>,
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
        "select min(o.id), o.batch_id, min(o.created_at), o.name, count(*) {WITH_ORDERS}
         where {MADE} group by coalesce(-o.batch_id, o.id)
         order by min(o.id) desc limit ?4 offset ?3"
    );
    view.all(&sql, (user, now - KEPT_BY_KIE, skipped, most), |row| {
        let (order, batch): (OrderId, Option<BatchId>) = (row.get(0)?, row.get(1)?);
        let group = batch.map_or(Group::Order(order), Group::Series);
        let name: Option<String> = row.get(3)?;
        let product = name.filter(|_| batch.is_none());
        Ok(MadeOrder { group, at: row.get(2)?, product, videos: row.get(4)? })
    })
}
