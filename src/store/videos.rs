//! The videos that people have, for sending them again.

use std::time::Duration;

use rusqlite::{Params, Row};

use crate::domain::{
    article::Product,
    credits::Credits,
    id::{JobId, KeyId, OrderId, PhotoId, UserId},
    parcel::VideoOfOrder,
    preset::Localized,
    time::Timestamp,
    video::Aspect,
    vote::Vote,
};
use crate::store::{
    bots::{BOT, is_ours},
    codec::localized,
    error::StoreError,
    tx::{Tx, View},
};

/// How long KIE keeps files.
pub(crate) const KEPT_BY_KIE: Duration = Duration::from_hours(14 * 24);

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

/// What counts as a person's videos: what was delivered, and what may yet be, as one whose credit was
/// given back while KIE still has it. Of a person who was away until it was, nothing may: they would
/// have it for nothing.
pub(super) const MADE: &str = "j.tg_user_id = ?1 and j.step is null
     and (j.status = 'completed' or j.status = 'failed' and j.video_url is not null
          and (j.telegram_file_id is not null or j.delivered_at is not null
               or (j.rendered_at > ?2 and j.parked_at is null)))";

/// With what belongs to them.
pub(super) const WITH_ORDERS: &str = "from generation_jobs j join orders o on o.id = j.order_id";

/// What [`video`] reads. A file id of another bot is none.
fn columns() -> String {
    let is_ours = is_ours("j.bot_id");
    format!(
        "j.id, j.order_id, j.number, o.count, j.title_ru, j.title_en, o.name, o.photo_id,
     o.aspect, o.seconds, o.preset, coalesce(j.prompt, o.prompt), o.price, j.finished_at,
     case when {is_ours} then j.telegram_file_id end, j.video_url, j.key_id,
     j.status = 'failed', v.vote, o.place"
    )
}

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

/// The videos that `rest` of the statement leaves; ?1 is the person, ?2 since when KIE keeps files.
pub(super) fn all(
    view: &View<'_>,
    rest: &str,
    params: impl Params,
) -> Result<Vec<MadeVideo>, StoreError> {
    view.all(&format!("{} {rest}", videos()), params, video)
}

fn videos() -> String {
    let columns = columns();
    format!("select {columns} {WITH_ORDERS} left join votes v on v.job_id = j.id where {MADE}")
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
    let sql = format!("select count(*) from generation_jobs j where {MADE}");
    view.one(&sql, (user, now - KEPT_BY_KIE), |row| row.get(0))
}

/// A video of a person.
pub(crate) fn find(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    job: JobId,
) -> Result<Option<MadeVideo>, StoreError> {
    let sql = format!("{} and j.id = ?3", videos());
    view.first(&sql, (user, now - KEPT_BY_KIE, job), video)
}

/// What a video is found by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    /// The name of the product.
    pub product: Option<&'a str>,
    /// The title of its scene in each language.
    pub title: Option<(&'a str, &'a str)>,
    /// The ready-made idea that it was made from.
    pub preset: Option<&'a str>,
}

/// The videos with such names among so many of a person, the newest.
pub(crate) fn named(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    most: u32,
    is_it: impl Fn(&Names<'_>) -> bool,
) -> Result<Vec<JobId>, StoreError> {
    let sql = format!(
        "select j.id, o.name, j.title_ru, j.title_en, o.preset {WITH_ORDERS}
         where {MADE} order by j.id desc limit ?3"
    );
    let found = view.all(&sql, (user, now - KEPT_BY_KIE, most), |row| {
        let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str_or_null()?);
        let title = text(2)?.zip(text(3)?);
        let names = Names { product: text(1)?, title, preset: text(4)? };
        Ok(is_it(&names).then_some(row.get(0)?))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// The videos with such prompts among so many of a person, the newest.
pub(crate) fn prompted(
    view: &View<'_>,
    user: UserId,
    now: Timestamp,
    most: u32,
    is_it: impl Fn(&str) -> bool,
) -> Result<Vec<JobId>, StoreError> {
    let sql = format!(
        "select j.id, coalesce(j.prompt, o.prompt) {WITH_ORDERS}
         where {MADE} order by j.id desc limit ?3"
    );
    let found = view.all(&sql, (user, now - KEPT_BY_KIE, most), |row| {
        Ok(is_it(row.get_ref(1)?.as_str()?).then_some(row.get(0)?))
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// Notes under which id Telegram has a video now.
pub(crate) fn keep_file_id(tx: &Tx<'_>, job: JobId, file_id: &str) -> Result<(), StoreError> {
    let sql = format!(
        "update generation_jobs set telegram_file_id = ?, bot_id = {BOT}
         where id = ? and step is null"
    );
    tx.run(&sql, (file_id, job)).map(drop)
}
