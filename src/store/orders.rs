//! Orders: what a tap on "1 / 3 / 5 videos" bought.

use rusqlite::{Row, params};

use crate::domain::{
    credits::Credits,
    draft::{Scene, ScriptId},
    failure::{FailureKind, Violation},
    id::{BatchId, OrderId, PhotoId, UserId},
    preset::Localized,
    time::Timestamp,
    video::Aspect,
};
use crate::store::{
    codec::localized,
    error::StoreError,
    tx::{Tx, View},
};

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// The row.
    pub id: OrderId,
    /// The person who ordered.
    pub user: UserId,
    /// The script it is of: one order each.
    pub script: ScriptId,
    /// The product photo.
    pub photo: PhotoId,
    /// How many videos.
    pub count: u32,
    /// Credits for one video.
    pub price: Credits,
    /// The shape of the videos; `None` for an order of an earlier version.
    pub aspect: Option<Aspect>,
    /// Their length in seconds; the same.
    pub seconds: Option<u32>,
    /// The ready-made idea that it was made from.
    pub preset: Option<String>,
    /// The name of the product.
    pub name: Option<String>,
    /// The number of the product in its series.
    pub place: Option<u32>,
    /// The first of the orders that one tap has placed; `None` for that one itself.
    pub lead: Option<OrderId>,
    /// When it was placed.
    pub created_at: Timestamp,
}

/// The part that an order has in a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PartOfSeries {
    /// The series.
    pub batch: BatchId,
    /// The number of its product: 1, 2, …
    pub place: u32,
    /// The first of the orders that are placed with it; `None` for that one itself.
    pub lead: Option<OrderId>,
}

/// What an order is placed with.
#[derive(Clone, Debug)]
pub(crate) struct NewOrder {
    /// The person who orders.
    pub user: UserId,
    /// The script.
    pub script: ScriptId,
    /// The product photo.
    pub photo: PhotoId,
    /// The final prompt.
    pub prompt: String,
    /// What will be seen.
    pub summary: Option<Localized>,
    /// What each video shows, where there is more than the prompt. Of fewer than there are videos,
    /// each makes several.
    pub scenes: Vec<Scene>,
    /// The ready-made idea that it was made from.
    pub preset: Option<String>,
    /// The name of the product.
    pub name: Option<String>,
    /// Its part in a series.
    pub part: Option<PartOfSeries>,
    /// The model's slug.
    pub model: String,
    /// How many videos.
    pub count: u32,
    /// Credits for one video.
    pub price: Credits,
    /// The shape of the videos.
    pub aspect: Aspect,
    /// Their length in seconds.
    pub seconds: u32,
}

const COLUMNS: &str = "id, tg_user_id, draft_id, revision, photo_id, count, price, aspect, seconds, \
     preset, name, place, lead_id, created_at";

fn order(row: &Row<'_>) -> rusqlite::Result<Order> {
    Ok(Order {
        id: row.get(0)?,
        user: row.get(1)?,
        script: ScriptId { draft: row.get(2)?, revision: row.get(3)? },
        photo: row.get(4)?,
        count: row.get(5)?,
        price: row.get(6)?,
        aspect: row.get(7)?,
        seconds: row.get(8)?,
        preset: row.get(9)?,
        name: row.get(10)?,
        place: row.get(11)?,
        lead: row.get(12)?,
        created_at: row.get(13)?,
    })
}

/// The order with that id, of that person.
pub(crate) fn find(
    view: &View<'_>,
    user: UserId,
    id: OrderId,
) -> Result<Option<Order>, StoreError> {
    let sql = format!("select {COLUMNS} from orders where id = ? and tg_user_id = ?");
    view.first(&sql, (id, user), order)
}

/// The order of a script.
pub(crate) fn of_script(view: &View<'_>, script: ScriptId) -> Result<Option<Order>, StoreError> {
    let sql = format!("select {COLUMNS} from orders where draft_id = ? and revision = ?");
    view.first(&sql, (script.draft, script.revision), order)
}

/// What is seen in the videos of an order, where the script writer said it.
pub(crate) fn summary(view: &View<'_>, id: OrderId) -> Result<Option<Localized>, StoreError> {
    let sql = "select summary_ru, summary_en from orders where id = ?";
    Ok(view.first(sql, [id], |row| localized(row, 0))?.flatten())
}

/// The series that an order is of.
pub(crate) fn batch(view: &View<'_>, id: OrderId) -> Result<Option<BatchId>, StoreError> {
    let sql = "select batch_id from orders where id = ?";
    Ok(view.first(sql, [id], |row| row.get(0))?.flatten())
}

/// Whether videos of a photo are ordered and have not all ended.
pub(crate) fn are_open_of(view: &View<'_>, photo: PhotoId) -> Result<bool, StoreError> {
    let sql = "select 1 from orders where photo_id = ? and closed_at is null limit 1";
    Ok(view.first(sql, [photo], |_| Ok(()))?.is_some())
}

/// Whether a person has ever ordered.
pub(crate) fn has_any(view: &View<'_>, user: UserId) -> Result<bool, StoreError> {
    let sql = "select 1 from orders where tg_user_id = ? limit 1";
    Ok(view.first(sql, [user], |_| Ok(()))?.is_some())
}

/// Whether the last job of an order has ended.
pub(crate) fn is_closed(view: &View<'_>, id: OrderId) -> Result<bool, StoreError> {
    let sql = "select 1 from orders where id = ? and closed_at is not null";
    Ok(view.first(sql, [id], |_| Ok(()))?.is_some())
}

/// The orders of a person that were placed together, in a tap whose first was that one; none where
/// there is no such order, or it is another person's.
pub(crate) fn together(
    view: &View<'_>,
    user: UserId,
    lead: OrderId,
) -> Result<Vec<Order>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from orders where tg_user_id = ?1 and (id = ?2 or lead_id = ?2) order by id"
    );
    view.all(&sql, (user, lead), order)
}

/// The orders of a person that are being made, oldest first.
pub(crate) fn open(view: &View<'_>, user: UserId) -> Result<Vec<Order>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from orders where tg_user_id = ? and closed_at is null order by id"
    );
    view.all(&sql, [user], order)
}

/// Adds an order, still without its jobs.
pub(crate) fn add(tx: &Tx<'_>, new: &NewOrder) -> Result<OrderId, StoreError> {
    let sql = "insert into orders (tg_user_id, draft_id, revision, photo_id, prompt, count, price,
                   aspect, seconds, preset, name, batch_id, place, lead_id, summary_ru, summary_en,
                   created_at)
               values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let ScriptId { draft, revision } = new.script;
    let NewOrder { user, photo, prompt, count, price, aspect, seconds, preset, name, .. } = new;
    let (part, summary) = (new.part, new.summary.as_ref());
    let (batch, place) = part.map(|part| (part.batch, part.place)).unzip();
    let lead = part.and_then(|part| part.lead);
    let (ru, en) = (summary.map(|both| &both.ru), summary.map(|both| &both.en));
    let values = params![
        user, draft, revision, photo, prompt, count, price, aspect, seconds, preset, name, batch,
        place, lead, ru, en, tx.now,
    ];
    tx.add(sql, values).map(OrderId)
}

/// How the jobs of an order stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Jobs that have not ended.
    pub open: u32,
    /// Jobs that have completed.
    pub completed: u32,
    /// How many were ordered.
    pub count: u32,
}

/// Counts the jobs of an order.
pub(crate) fn tally(view: &View<'_>, id: OrderId) -> Result<Tally, StoreError> {
    let sql = "select coalesce(sum(status in ('queued', 'processing')), 0),
                      coalesce(sum(status = 'completed'), 0), count(*)
               from generation_jobs where order_id = ?";
    view.one(sql, [id], |row| {
        Ok(Tally { open: row.get(0)?, completed: row.get(1)?, count: row.get(2)? })
    })
}

/// How an order has ended so far, for telling it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    /// How many videos were ordered.
    pub count: u32,
    /// Credits for one.
    pub price: Credits,
    /// How many of them have arrived.
    pub delivered: u32,
    /// Why each of the others failed.
    pub failures: Vec<(FailureKind, Option<Violation>)>,
    /// Whether what failed for a cause that passes was there, and waited for its person in vain.
    pub is_away: bool,
}

impl Ending {
    /// How many videos failed so.
    pub(crate) fn count(&self, is_it: impl Fn(FailureKind, Option<Violation>) -> bool) -> u32 {
        let found = self.failures.iter().filter(|(kind, violation)| is_it(*kind, *violation));
        u32::try_from(found.count()).unwrap_or(u32::MAX)
    }

    /// How many videos were called off.
    pub(crate) fn cancelled(&self) -> u32 {
        self.count(|kind, _| kind == FailureKind::Cancelled)
    }

    /// Whether the photo is to blame, and nothing else has gone wrong.
    pub(crate) fn is_photo_refused(&self) -> bool {
        let is_of_the_photo =
            |violation: Option<Violation>| violation.is_some_and(Violation::is_of_the_photo);
        let refused = self.count(|_, violation| is_of_the_photo(violation));
        refused > 0 && refused + self.cancelled() == self.count
    }

    /// Whether a rule was broken, and not certainly by the photo: another text may pass.
    pub(crate) fn is_text_refused(&self) -> bool {
        self.count(|kind, violation| {
            kind == FailureKind::UserViolation && !violation.is_some_and(Violation::is_of_the_photo)
        }) > 0
    }
}

/// How an order has ended so far; `None` where there is none.
pub(crate) fn ending(view: &View<'_>, id: OrderId) -> Result<Option<Ending>, StoreError> {
    let sql = "select count, price from orders where id = ?";
    let order = view.first(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some((count, price)) = order else { return Ok(None) };
    let Tally { completed: delivered, .. } = tally(view, id)?;
    let sql = "select failure_kind, violation from generation_jobs
               where order_id = ? and status = 'failed'";
    let failures = view.all(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sql = "select coalesce(min(parked_at is not null), 0) from generation_jobs
               where order_id = ? and failure_kind in ('temporary', 'input_fetch')";
    let is_away = view.one(sql, [id], |row| row.get(0))?;
    Ok(Some(Ending { count, price, delivered, failures, is_away }))
}

/// Whether a job of an order still waits because its model is down.
pub(crate) fn is_held(view: &View<'_>, id: OrderId) -> Result<bool, StoreError> {
    let sql = "select 1 from generation_jobs
               where order_id = ? and status = 'queued' and held_since is not null";
    Ok(view.first(sql, [id], |_| Ok(()))?.is_some())
}

/// Notes that the last job of an order has ended; `false` when that was noted before.
pub(crate) fn close(tx: &Tx<'_>, id: OrderId) -> Result<bool, StoreError> {
    let sql = "update orders set closed_at = ? where id = ? and closed_at is null";
    Ok(tx.run(sql, (tx.now, id))? == 1)
}
