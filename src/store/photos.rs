//! Photos that people sent, by Telegram file id.

use crate::domain::{
    id::{PhotoId, UserId},
    time::Timestamp,
};
use crate::store::{
    error::StoreError,
    submit_queue,
    tx::{Tx, View},
};

/// Keeps a photo and returns its row. One that the person has sent before keeps the row it has,
/// with its upload. `unique_id` is Telegram's, the same whenever the photo comes again.
pub(crate) fn keep(
    tx: &Tx<'_>,
    user: UserId,
    file_id: &str,
    unique_id: Option<&str>,
) -> Result<PhotoId, StoreError> {
    let sql = "update photos set file_id = ?3 where tg_user_id = ?1 and unique_id = ?2";
    if tx.run(sql, (user, unique_id, file_id))? == 1 {
        let sql = "select id from photos where tg_user_id = ? and unique_id = ?";
        return tx.one(sql, (user, unique_id), |row| row.get(0)).map(PhotoId);
    }
    let sql = "insert into photos (tg_user_id, unique_id, file_id) values (?, ?, ?)";
    tx.add(sql, (user, unique_id, file_id)).map(PhotoId)
}

/// The Telegram file id of a photo, and whether its bytes were found usable.
pub(crate) fn file(view: &View<'_>, photo: PhotoId) -> Result<(String, bool), StoreError> {
    let sql = "select file_id, checked_at is not null from photos where id = ?";
    view.one(sql, [photo], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Notes that the bytes of a photo are usable.
pub(crate) fn mark_checked(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    tx.run("update photos set checked_at = ? where id = ?", (tx.now, photo))?;
    Ok(())
}

/// Notes where KIE finds a photo; the person's next job can use it.
pub fn mark_uploaded(
    tx: &Tx<'_>,
    user: UserId,
    photo: PhotoId,
    url: &str,
) -> Result<(), StoreError> {
    let sql = "update photos set upload_url = ?, uploaded_at = ? where id = ?";
    tx.run(sql, (url, tx.now, photo))?;
    submit_queue::promote(tx, user)
}

/// Forgets where KIE finds a photo: it did not.
pub(crate) fn forget_upload(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    tx.run("update photos set upload_url = null, uploaded_at = null where id = ?", [photo])?;
    Ok(())
}

/// Forgets where KIE had at most so many photos that were uploaded before `before`.
pub(crate) fn forget_uploads(
    tx: &Tx<'_>,
    before: Timestamp,
    most: u16,
) -> Result<usize, StoreError> {
    let sql = "update photos set upload_url = null, uploaded_at = null where id in
                   (select id from photos where uploaded_at is not null and uploaded_at < ? limit ?)";
    tx.run(sql, (before, most))
}

/// Photos that neither a draft nor an order names. It looks at every photo.
pub(crate) fn unnamed(view: &View<'_>) -> Result<Vec<PhotoId>, StoreError> {
    view.all(&format!("select id from photos where {UNNAMED}"), [], |row| row.get(0))
}

/// Forgets a photo, unless something names it by now.
pub(crate) fn forget(tx: &Tx<'_>, photo: PhotoId) -> Result<usize, StoreError> {
    tx.run(&format!("delete from photos where id = ? and {UNNAMED}"), [photo])
}

const UNNAMED: &str = "not exists (select 1 from orders where orders.photo_id = photos.id)
     and not exists (select 1 from drafts where drafts.photo_id = photos.id)";
