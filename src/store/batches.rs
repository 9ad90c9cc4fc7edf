//! Series: scripts of several products from one idea, which are ordered together.

use rusqlite::Row;

use crate::domain::{
    credits::Credits,
    draft::{Fallback, ScriptId, ScriptState, SourceKind},
    id::{AlbumId, BatchId, DraftId, OrderId, UserId},
    options::Choice,
    preset::Localized,
    time::Timestamp,
};
use crate::store::{
    bots::is_ours,
    codec::localized,
    error::StoreError,
    orders::{self, Ending},
    photos::{self, Looked},
    tx::{Tx, View},
};

/// A series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    /// The row, carried in callback data.
    pub id: BatchId,
    /// The album with its products.
    pub album: AlbumId,
    /// Of how many products it was begun.
    pub products: u32,
    /// From which number on what it offers is of the photos that its products have now.
    pub photo_offer: u32,
}

/// What a series has for one of its products.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScriptOfBatch {
    /// The script.
    pub id: ScriptId,
    /// The number of its product in the series: 1, 2, … It stays the same whatever becomes of others.
    pub number: u32,
    /// Where it stands.
    pub state: ScriptState,
    /// The name of the product.
    pub name: Option<String>,
    /// What it is made from.
    pub source: SourceKind,
    /// The preset's id, or words.
    pub idea: String,
    /// The final prompt, once it is there.
    pub prompt: Option<String>,
    /// What will be seen.
    pub summary: Option<Localized>,
    /// Why the script writer has no part in it.
    pub fallback: Option<Fallback>,
    /// The shape and the length as they are shown; nothing before they were.
    pub shown: Choice,
    /// The price of one video as it is shown.
    pub price: Option<Credits>,
    /// Whether the photo shows people.
    pub people: bool,
    /// Whether it shows several products.
    pub several: bool,
    /// What was found of the photo.
    pub looked: Looked,
}

/// How an order of a series has ended so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProductEnding {
    /// The order.
    pub order: OrderId,
    /// The name of its product.
    pub name: Option<String>,
    /// Its number in the series.
    pub place: Option<u32>,
    /// How it has ended.
    pub ending: Ending,
    /// Whether its photo can be had no more.
    pub is_photo_gone: bool,
}

/// Begins a series of so many products.
pub(crate) fn begin(
    tx: &Tx<'_>,
    user: UserId,
    album: AlbumId,
    products: u32,
) -> Result<BatchId, StoreError> {
    let sql = "insert into batches (tg_user_id, album_id, products, created_at)
               values (?, ?, ?, ?)";
    tx.add(sql, (user, album, products, tx.now)).map(BatchId)
}

/// A script is of this series from now on, for its product with this number.
pub(crate) fn join(
    tx: &Tx<'_>,
    batch: BatchId,
    script: ScriptId,
    place: u32,
) -> Result<(), StoreError> {
    let sql = "update scripts set batch_id = ?, place = ? where draft_id = ? and revision = ?";
    tx.run(sql, (batch, place, script.draft, script.revision)).map(drop)
}

/// A series of that person.
pub(crate) fn find(
    view: &View<'_>,
    user: UserId,
    id: BatchId,
) -> Result<Option<Batch>, StoreError> {
    let sql = "select id, album_id, products, photo_offer from batches
               where id = ? and tg_user_id = ?";
    view.first(sql, (id, user), |row| {
        let (id, album, products) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Batch { id, album, products, photo_offer: row.get(3)? })
    })
}

/// The newest series of an album.
pub(crate) fn newest(view: &View<'_>, album: AlbumId) -> Result<Option<BatchId>, StoreError> {
    let sql = "select id from batches where album_id = ? order by id desc limit 1";
    view.first(sql, [album], |row| row.get(0))
}

/// The series that a script is of.
pub(crate) fn of_script(view: &View<'_>, id: ScriptId) -> Result<Option<BatchId>, StoreError> {
    let sql = "select batch_id from scripts where draft_id = ? and revision = ?";
    Ok(view.first(sql, (id.draft, id.revision), |row| row.get(0))?.flatten())
}

/// The scripts of a series whose photos can serve, in the order of the album.
pub(crate) fn scripts(view: &View<'_>, id: BatchId) -> Result<Vec<ScriptOfBatch>, StoreError> {
    let sql = "select s.draft_id, s.revision, s.state, d.name, s.source, s.idea, s.prompt,
                      s.summary_ru, s.summary_en, s.fallback, s.price, s.aspect, s.seconds,
                      coalesce(s.place, 1), s.people, p.width, p.height, p.verdict, s.several,
                      d.closed_at is null or s.state = 'ordered'
               from scripts s join drafts d on d.id = s.draft_id join photos p on p.id = d.photo_id
               where s.batch_id = ?
               order by s.place, d.id";
    let all = view.all(sql, [id], |row| {
        let can_serve: bool = row.get(19)?;
        Ok(can_serve.then_some(script(row)?))
    })?;
    Ok(all.into_iter().flatten().collect())
}

fn script(row: &Row<'_>) -> rusqlite::Result<ScriptOfBatch> {
    Ok(ScriptOfBatch {
        id: ScriptId { draft: row.get(0)?, revision: row.get(1)? },
        state: row.get(2)?,
        name: row.get(3)?,
        source: row.get(4)?,
        idea: row.get(5)?,
        prompt: row.get(6)?,
        summary: localized(row, 7)?,
        fallback: row.get(9)?,
        price: row.get(10)?,
        shown: Choice { aspect: row.get(11)?, seconds: row.get(12)? },
        number: row.get(13)?,
        people: row.get(14)?,
        looked: photos::found(row, 15)?,
        several: row.get(18)?,
    })
}

/// The numbers of the products that have left a series since it was begun because their photos can be had
/// no more.
pub(crate) fn gone(view: &View<'_>, id: BatchId) -> Result<Vec<u32>, StoreError> {
    let sql = format!(
        "select not {} and coalesce(d.closed_at >= b.created_at, 0) and not exists
                    (select 1 from scripts s
                     where s.draft_id = d.id and s.batch_id = b.id and s.state = 'ordered')
         from batches b join drafts d on d.album_id = b.album_id and d.tg_user_id = b.tg_user_id
                        join photos p on p.id = d.photo_id
         where b.id = ? order by d.message_id, d.id",
        is_ours("p.bot_id")
    );
    let all = view.all(&sql, [id], |row| row.get::<_, bool>(0))?;
    Ok((1..).zip(all).filter_map(|(number, is_gone)| is_gone.then_some(number)).collect())
}

/// Whether a product of a series can still be filmed.
pub(crate) fn goes_on(view: &View<'_>, id: BatchId) -> Result<bool, StoreError> {
    let sql = format!(
        "select exists (select 1 from batches b
                        join drafts d on d.album_id = b.album_id and d.tg_user_id = b.tg_user_id
                        join photos p on p.id = d.photo_id
                        where b.id = ? and d.closed_at is null and {})",
        is_ours("p.bot_id")
    );
    view.one(&sql, [id], |row| row.get(0))
}

/// The number of a product in its newest series, else in its album; of a photo that is filmed once more,
/// that which it had in its newest order. `None` where it is of no series.
pub(crate) fn number(view: &View<'_>, draft: DraftId) -> Result<Option<u32>, StoreError> {
    let in_series = "select place from scripts where draft_id = ? and place is not null
                     order by batch_id desc limit 1";
    let in_album = "select (select count(*) from drafts o where o.album_id = d.album_id
                              and (o.message_id, o.id) <= (d.message_id, d.id))
                    from drafts d join albums a on a.id = d.album_id
                    where d.id = ? and a.kind = 'many'";
    let of_order = "select o.place from drafts d join orders o on o.photo_id = d.photo_id
                    where d.id = ? and o.place is not null order by o.id desc limit 1";
    for sql in [in_series, in_album, of_order] {
        if let Some(number) = view.first(sql, [draft], |row| row.get(0))? {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// Whether anything of a series is there still: its drafts are forgotten after a while.
pub(crate) fn is_known(view: &View<'_>, id: BatchId) -> Result<bool, StoreError> {
    let sql = "select exists (select 1 from scripts where batch_id = ?1)
                   or exists (select 1 from batches b join drafts d on d.album_id = b.album_id
                              where b.id = ?1)";
    view.one(sql, [id], |row| row.get(0))
}

/// Of how many products of a series a script waits to be ordered.
pub(crate) fn count_left(view: &View<'_>, id: BatchId) -> Result<u32, StoreError> {
    let sql = "select count(*) from scripts s join drafts d on d.id = s.draft_id
               where s.batch_id = ? and s.state = 'ready' and d.closed_at is null";
    view.one(sql, [id], |row| row.get(0))
}

/// The number of what a series offers now: how often what its scripts say has changed, and how many
/// of its products were lost. It grows whenever the person has not seen what there is.
pub(crate) fn offer(view: &View<'_>, id: BatchId) -> Result<u32, StoreError> {
    let sql = "select b.products + coalesce(sum(s.offer), 0)
                      - coalesce(sum(d.closed_at is null or s.state = 'ordered'), 0)
               from batches b left join scripts s on s.batch_id = b.id
                              left join drafts d on d.id = s.draft_id
               where b.id = ?";
    view.one(sql, [id], |row| row.get(0))
}

/// A product of a series has another photo: what was offered before is not of that.
pub(crate) fn note_other_photo(tx: &Tx<'_>, id: BatchId) -> Result<(), StoreError> {
    let now = offer(tx, id)?;
    tx.run("update batches set photo_offer = ? where id = ?", (now, id)).map(drop)
}

/// Notes that orders name a series.
pub(crate) fn mark_ordered(tx: &Tx<'_>, id: BatchId) -> Result<(), StoreError> {
    tx.run("update batches set is_ordered = 1 where id = ?", [id]).map(drop)
}

/// Forgets at most so many series from before `before` that neither an order nor a script names.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from batches where id in (select b.id from batches b
                   where b.is_ordered = 0 and b.created_at < ? and not exists
                       (select 1 from scripts s where s.batch_id = b.id)
                   limit ?)";
    tx.run(sql, (before, most))
}

/// How many orders of a series there are, and how many of them have not ended.
pub(crate) fn count_orders(view: &View<'_>, id: BatchId) -> Result<(u32, u32), StoreError> {
    let sql = "select count(*), coalesce(sum(closed_at is null), 0) from orders where batch_id = ?";
    view.one(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How the orders of a series have ended so far.
pub(crate) fn endings(view: &View<'_>, id: BatchId) -> Result<Vec<ProductEnding>, StoreError> {
    let sql = "select id, name, place from orders where batch_id = ? order by id";
    let all = view.all(sql, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let ending = |(order, name, place)| {
        let ending = orders::ending(view, order)?;
        let is_photo_gone = !photos::is_here_of(view, order)?;
        Ok(ending.map(|ending| ProductEnding { order, name, place, ending, is_photo_gone }))
    };
    all.into_iter().filter_map(|order| ending(order).transpose()).collect()
}
