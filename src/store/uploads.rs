//! Where KIE finds photos, as they are and brought to a shape. It keeps them for a day.

use crate::domain::{id::PhotoId, time::Timestamp, video::Aspect};
use crate::store::{
    claimed_step::{OrderedPhoto, OrderedVideo, UPLOAD_LIFE},
    error::StoreError,
    photos::file_id,
    tx::{Tx, View},
};

/// The word in the database for a photo as it is.
const AS_IT_IS: &str = "as_it_is";

/// The word in the database for what was uploaded.
fn word(shape: Option<Aspect>) -> &'static str {
    shape.map_or(AS_IT_IS, Aspect::word)
}

/// Notes where KIE finds a photo, in that shape or as it is.
pub fn mark(
    tx: &Tx<'_>,
    photo: PhotoId,
    shape: Option<Aspect>,
    url: &str,
) -> Result<(), StoreError> {
    let sql = "insert into photo_uploads (photo_id, shape, url, uploaded_at) values (?, ?, ?, ?)
               on conflict (photo_id, shape) do update
                   set url = excluded.url, uploaded_at = excluded.uploaded_at";
    tx.run(sql, (photo, word(shape), url, tx.now)).map(drop)
}

/// The other photos of the product that an order films, in their order.
pub(crate) fn other_sides(
    view: &View<'_>,
    order: &OrderedVideo,
    now: Timestamp,
) -> Result<Vec<OrderedPhoto>, StoreError> {
    let sql = format!(
        "select p.id, {}, as_it_is.url, shaped.url
               from order_photos o
               join photos p on p.id = o.photo_id
               left join photo_uploads as_it_is on as_it_is.photo_id = p.id
                   and as_it_is.shape = 'as_it_is' and as_it_is.uploaded_at > ?4
               left join photo_uploads shaped on shaped.photo_id = p.id
                   and shaped.shape = ?3 and shaped.uploaded_at > ?4
               where o.order_id = ?1 and o.photo_id <> ?2 order by o.place",
        file_id("p")
    );
    view.all(&sql, (order.id, order.photo.id, order.aspect, now - UPLOAD_LIFE), |row| {
        Ok(OrderedPhoto {
            id: row.get(0)?,
            file_id: row.get(1)?,
            upload_url: row.get(2)?,
            shaped_url: row.get(3)?,
        })
    })
}

/// Forgets where KIE finds the photos of an order: it did not find one.
pub(crate) fn forget(tx: &Tx<'_>, order: &OrderedVideo) -> Result<(), StoreError> {
    let sql = "delete from photo_uploads where photo_id = ?1
                   or photo_id in (select photo_id from order_photos where order_id = ?2)";
    tx.run(sql, (order.photo.id, order.id)).map(drop)
}

/// Forgets at most so many that were uploaded before `before`.
pub(crate) fn forget_old(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from photo_uploads where id in
                   (select id from photo_uploads where uploaded_at < ? limit ?)";
    tx.run(sql, (before, most))
}
