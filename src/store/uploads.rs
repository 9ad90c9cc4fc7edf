//! Where KIE finds photos, as they are and brought to a shape. It keeps them for a day.

use crate::domain::{
    id::{PhotoId, UserId},
    time::Timestamp,
    video::Aspect,
};
use crate::store::{error::StoreError, submit_queue, tx::Tx};

/// The word in the database for a photo as it is.
const AS_IT_IS: &str = "as_it_is";

/// The word in the database for what was uploaded.
fn word(shape: Option<Aspect>) -> &'static str {
    shape.map_or(AS_IT_IS, Aspect::word)
}

/// Notes where KIE finds a photo, in that shape or as it is; the person's next job can use it.
pub fn mark(
    tx: &Tx<'_>,
    user: UserId,
    photo: PhotoId,
    shape: Option<Aspect>,
    url: &str,
) -> Result<(), StoreError> {
    let sql = "insert into photo_uploads (photo_id, shape, url, uploaded_at) values (?, ?, ?, ?)
               on conflict (photo_id, shape) do update
                   set url = excluded.url, uploaded_at = excluded.uploaded_at";
    tx.run(sql, (photo, word(shape), url, tx.now))?;
    submit_queue::promote(tx, user)
}

/// Forgets where KIE finds a photo: it did not.
pub(crate) fn forget(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    tx.run("delete from photo_uploads where photo_id = ?", [photo]).map(drop)
}

/// Forgets at most so many that were uploaded before `before`.
pub(crate) fn forget_old(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from photo_uploads where id in
                   (select id from photo_uploads where uploaded_at < ? limit ?)";
    tx.run(sql, (before, most))
}
