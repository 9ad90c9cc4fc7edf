//! The videos that people have, for sending them again.

use std::time::Duration;

use rusqlite::{Params, Row};

use crate::domain::{
    article::Product,
    credits::Credits,
    export::Group,
    id::{JobId, KeyId, OrderId, PhotoId, UserId},
    parcel::VideoOfOrder,
    preset::Localized,
    time::Timestamp,
    video::Aspect,
    vote::Vote,
    zone::Zone,
};
use crate::store::{
    codec::localized,
    error::StoreError,
    tx::{Tx, View},
};

/// How long KIE keeps files.
const KEPT_BY_KIE: Duration = Duration::from_hours(14 * 24);

/// A video that was made for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MadeVideo {
    /// The job that made it.
    pub job: JobId,
    /// The order.
    pub order: OrderId,
    /// Its number in the order: 1, 2, …
    pub number: u32,
    /// How many videos the order has.
    pub count: u32,
    /// The title of its scene.
    pub title: Option<Localized>,
    /// The name of the product.
    pub product: Option<String>,
    /// Its number in the series that the order is of.
    pub place: Option<u32>,
    /// The product photo.
    pub photo: PhotoId,
    /// Its shape; `None` for an order of an earlier version.
    pub aspect: Option<Aspect>,
    /// Its length in seconds; the same.
    pub seconds: Option<u32>,
    /// The ready-made idea that it was made from.
    pub preset: Option<String>,
    /// Its prompt.
    pub prompt: String,
    /// What it cost.
    pub price: Credits,
    /// When it was there.
    pub at: Timestamp,
    /// With it Telegram sends it again.
    pub file_id: Option<String>,
    /// Where KIE has it, for 14 days.
    pub url: Option<String>,
    /// The key with which it was made.
    pub key: Option<KeyId>,
    /// Whether its credit was given back.
    pub is_gift: bool,
    /// What the person thinks of it.
    pub vote: Option<Vote>,
}

impl MadeVideo {
    /// What the person knows of it.
    pub(crate) fn of_order(&self) -> VideoOfOrder<'_> {
        VideoOfOrder {
            job: self.job,
            order: self.order,
            number: self.number,
            count: self.count,
            title: self.title.as_ref(),
            product: Product::of(self.product.as_deref(), self.place),
            aspect: self.aspect,
            vote: self.vote,
        }
    }
}

/// A video counts as made when it was delivered, or when it may yet be: one whose credit was given
/// back while KIE still has it.
const MADE: &str = "from generation_jobs j join orders o on o.id = j.order_id
     left join votes v on v.job_id = j.id
     where j.tg_user_id = ?1 and j.step is null
       and (j.status = 'completed' or j.status = 'failed' and j.video_url is not null
            and (j.telegram_file_id is not null or j.delivered_at is not null or j.rendered_at > ?2))";

const COLUMNS: &str =
    "j.id, j.order_id, j.number, o.count, j.title_ru, j.title_en, o.name, o.photo_id,
     o.aspect, o.seconds, o.preset, coalesce(j.prompt, o.prompt), o.price, j.finished_at,
     j.telegram_file_id, j.video_url, j.key_id, j.status = 'failed', v.vote, o.place";

fn video(row: &Row<'_>) -> rusqlite::Result<MadeVideo> {
    Ok(MadeVideo {
        job: row.get(0)?,
        order: row.get(1)?,
        number: row.get(2)?,
        count: row.get(3)?,
        title: localized(row, 4)?,
        product: row.get(6)?,
        photo: row.get(7)?,
        aspect: row.get(8)?,
        seconds: row.get(9)?,
        preset: row.get(10)?,
        prompt: row.get(11)?,
        price: row.get(12)?,
        at: row.get(13)?,
        file_id: row.get(14)?,
        url: row.get(15)?,
        key: row.get(16)?,
        is_gift: row.get(17)?,
        vote: row.get(18)?,
        place: row.get(19)?,
    })
}

fn all(view: &View<'_>, rest: &str, params: impl Params) -> Result<Vec<MadeVideo>, StoreError> {
    view.all(&format!("select {COLUMNS} {MADE} {rest}"), params, video)
}

/// So many videos of a person, the newest first, after those that are skipped.
pub(crate) fn page(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    skipped: u32,
    most: u32,
) -> Result<Vec<MadeVideo>, StoreError> {
    let rest = "order by j.id desc limit ?4 offset ?3";
    all(view, rest, (user, now - KEPT_BY_KIE, skipped, most))
}

/// How many videos a person has.
pub(crate) fn count(view: &View<'_>, user: UserId, now: Timestamp) -> Result<u32, StoreError> {
    let sql = format!("select count(*) {MADE}");
    view.one(&sql, (user, now - KEPT_BY_KIE), |row| row.get(0))
}

/// A video of a person.
pub(crate) fn find(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    job: JobId,
) -> Result<Option<MadeVideo>, StoreError> {
    let sql = format!("select {COLUMNS} {MADE} and j.id = ?3");
    view.first(&sql, (user, now - KEPT_BY_KIE, job), video)
}

/// The videos of a person that belong together, oldest first.
pub(crate) fn of_group(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    group: Group,
    zone: &Zone,
) -> Result<Vec<MadeVideo>, StoreError> {
    let since = now - KEPT_BY_KIE;
    match group {
        Group::Order(order) => all(view, "and j.order_id = ?3 order by j.id", (user, since, order)),
        Group::Month(month) => {
            let (begin, end) = zone.span(month);
            let rest = "and j.finished_at >= ?3 and j.finished_at < ?4 order by j.id";
            all(view, rest, (user, since, begin, end))
        }
    }
}

/// When each video of a person was there, the newest first.
pub(crate) fn times(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Timestamp>, StoreError> {
    let sql = format!("select j.finished_at {MADE} order by j.finished_at desc");
    view.all(&sql, (user, now - KEPT_BY_KIE), |row| row.get(0))
}

/// An order with some videos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MadeOrder {
    /// The order.
    pub id: OrderId,
    /// The name of the product.
    pub product: Option<String>,
    /// How many videos of it there are.
    pub videos: u32,
}

/// The newest orders of a person of which there are several videos.
pub(crate) fn orders(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    most: u32,
) -> Result<Vec<MadeOrder>, StoreError> {
    let sql = format!(
        "select o.id, o.name, count(*) {MADE}
         group by o.id having count(*) > 1 order by o.id desc limit ?3"
    );
    view.all(&sql, (user, now - KEPT_BY_KIE, most), |row| {
        Ok(MadeOrder { id: row.get(0)?, product: row.get(1)?, videos: row.get(2)? })
    })
}

/// Notes under which id Telegram has a video now.
pub(crate) fn keep_file_id(tx: &Tx<'_>, job: JobId, file_id: &str) -> Result<(), StoreError> {
    let sql = "update generation_jobs set telegram_file_id = ? where id = ? and step is null";
    tx.run(sql, (file_id, job)).map(drop)
}
