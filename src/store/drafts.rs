//! The drafts: one for each photo that a person sent.

use rusqlite::Row;

use crate::domain::{
    id::{AlbumId, DraftId, MessageId, PhotoId, UserId},
    options::Choice,
    time::Timestamp,
    video::Aspect,
};
use crate::store::{
    draft_photos,
    error::StoreError,
    orders::Order,
    tx::{Tx, View},
};

/// A draft that the person can still order from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The row, carried in callback data.
    pub id: DraftId,
    /// Whose it is.
    pub user: UserId,
    /// The product photo.
    pub photo: PhotoId,
    /// The message that brought it, if it is known.
    pub photo_message: Option<MessageId>,
    /// The name of the product.
    pub name: Option<String>,
    /// The shape of the videos, where the person chose one.
    pub aspect: Option<Aspect>,
    /// Their length, where the person chose one.
    pub seconds: Option<u32>,
    /// The album that its photo came in.
    pub album: Option<AlbumId>,
    /// When an own text was last too long.
    pub refused_at: Option<Timestamp>,
}

const SELECT: &str =
    "select d.id, d.tg_user_id, d.photo_id, d.message_id, d.name, d.aspect, d.seconds,
            d.refused_at, d.album_id
     from drafts d";

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: row.get(0)?,
        user: row.get(1)?,
        photo: row.get(2)?,
        photo_message: row.get(3)?,
        name: row.get(4)?,
        aspect: row.get(5)?,
        seconds: row.get(6)?,
        refused_at: row.get(7)?,
        album: row.get(8)?,
    })
}

/// The open draft with that id, of that person.
pub fn find(view: &View<'_>, user: UserId, id: DraftId) -> Result<Option<Draft>, StoreError> {
    let sql = format!("{SELECT} where d.id = ? and d.tg_user_id = ? and d.closed_at is null");
    view.first(&sql, (id, user), draft)
}

/// The newest open draft of a person.
pub fn newest(view: &View<'_>, user: UserId) -> Result<Option<Draft>, StoreError> {
    let sql = format!(
        "{SELECT} where d.tg_user_id = ? and d.closed_at is null order by d.id desc limit 1"
    );
    view.first(&sql, [user], draft)
}

/// The newest open draft of the photo that a person's message brought; one that films this photo
/// before one that only has it.
pub(crate) fn of_message(
    view: &View<'_>,
    user: UserId,
    message: MessageId,
) -> Result<Option<Draft>, StoreError> {
    let sql = format!(
        "{SELECT} where d.tg_user_id = ?1 and d.closed_at is null and
             (d.message_id = ?2 or exists (select 1 from draft_photos p
                                           where p.draft_id = d.id and p.message_id = ?2))
         order by d.message_id is ?2 desc, d.id desc limit 1"
    );
    view.first(&sql, (user, message), draft)
}

/// The open drafts of a photo, oldest first.
pub(crate) fn of_photo(view: &View<'_>, photo: PhotoId) -> Result<Vec<Draft>, StoreError> {
    let sql = format!("{SELECT} where d.photo_id = ? and d.closed_at is null order by d.id");
    view.all(&sql, [photo], draft)
}

/// The open drafts of an album, in the order in which its photos stand in the chat.
pub(crate) fn of_album(
    view: &View<'_>,
    user: UserId,
    album: AlbumId,
) -> Result<Vec<Draft>, StoreError> {
    let sql = format!(
        "{SELECT} where d.album_id = ? and d.tg_user_id = ? and d.closed_at is null
         order by d.message_id, d.id"
    );
    view.all(&sql, (album, user), draft)
}

/// The products of an album that can be filmed, with their numbers, which stay whatever becomes of others.
pub(crate) fn products(
    view: &View<'_>,
    user: UserId,
    album: AlbumId,
) -> Result<Vec<(u32, Draft)>, StoreError> {
    let sql = "select d.id from drafts d where d.album_id = ? and d.tg_user_id = ?
               order by d.message_id, d.id";
    let all: Vec<DraftId> = view.all(sql, (album, user), |row| row.get(0))?;
    let open = of_album(view, user, album)?;
    let numbered = |(number, id)| Some((number, open.iter().find(|open| open.id == id)?.clone()));
    Ok((1..).zip(all).filter_map(numbered).collect())
}

/// The newest open draft of a photo by itself for which no script was begun; of a product with that
/// name, if it has one.
pub(crate) fn untouched(
    view: &View<'_>,
    photo: PhotoId,
    name: Option<&str>,
) -> Result<Option<DraftId>, StoreError> {
    let sql = "select d.id from drafts d
               where d.photo_id = ?1 and d.closed_at is null and d.album_id is null
                 and (?2 is null or d.name is ?2)
                 and not exists (select 1 from scripts s
                                 where s.draft_id = d.id and s.state <> 'offered')
                 and not exists (select 1 from orders o where o.draft_id = d.id)
               order by d.id desc limit 1";
    view.first(sql, (photo, name), |row| row.get(0))
}

/// The newest open drafts of a person, at most so many.
pub(crate) fn open(view: &View<'_>, user: UserId, most: u32) -> Result<Vec<Draft>, StoreError> {
    let sql = format!(
        "{SELECT} where d.tg_user_id = ? and d.closed_at is null order by d.id desc limit ?"
    );
    view.all(&sql, (user, most), draft)
}

/// The album of a draft of that person, whether it is open or not.
pub(crate) fn album(
    view: &View<'_>,
    user: UserId,
    id: DraftId,
) -> Result<Option<AlbumId>, StoreError> {
    let sql = "select album_id from drafts where id = ? and tg_user_id = ?";
    Ok(view.first(sql, (id, user), |row| row.get(0))?.flatten())
}

/// Begins a draft with a photo, which came with `message`, in this album if in one.
pub fn begin(
    tx: &Tx<'_>,
    user: UserId,
    photo: PhotoId,
    message: Option<MessageId>,
    album: Option<AlbumId>,
) -> Result<DraftId, StoreError> {
    let sql = "insert into drafts (tg_user_id, photo_id, message_id, album_id, updated_at)
               values (?, ?, ?, ?, ?)";
    tx.add(sql, (user, photo, message, album, tx.now)).map(DraftId)
}

/// Whether this is one of the photos that a draft has of its product.
pub(crate) fn shows(view: &View<'_>, draft: &Draft, photo: PhotoId) -> Result<bool, StoreError> {
    let sql = "select 1 from draft_photos where draft_id = ? and photo_id = ?";
    Ok(draft.photo == photo || view.first(sql, (draft.id, photo), |_| Ok(()))?.is_some())
}

/// Begins a draft with the photo of an order, and with what was chosen there.
pub(crate) fn copy(tx: &Tx<'_>, order: &Order) -> Result<DraftId, StoreError> {
    let sql =
        "insert into drafts (tg_user_id, photo_id, message_id, name, aspect, seconds, updated_at)
               values (?1, ?2, (select message_id from drafts where photo_id = ?2
                                order by id = ?3 desc, id desc limit 1), ?4, ?5, ?6, ?7)";
    let Order { user, photo, script, name, aspect, seconds, .. } = order;
    let new = tx.add(sql, (user, photo, script.draft, name, aspect, seconds, tx.now))?;
    draft_photos::take_over(tx, order.id, DraftId(new))?;
    Ok(DraftId(new))
}

/// Begins a draft with another photo of the same product.
pub(crate) fn copy_with_photo(
    tx: &Tx<'_>,
    of: DraftId,
    photo: PhotoId,
    message: Option<MessageId>,
) -> Result<DraftId, StoreError> {
    let sql =
        "insert into drafts (tg_user_id, photo_id, message_id, name, aspect, seconds, updated_at)
         select tg_user_id, ?, ?, name, aspect, seconds, ? from drafts where id = ?";
    let new = DraftId(tx.add(sql, (photo, message, tx.now, of))?);
    draft_photos::copy(tx, of, new)?;
    Ok(new)
}

/// Chooses another photo for a draft.
pub(crate) fn set_photo(
    tx: &Tx<'_>,
    id: DraftId,
    photo: PhotoId,
    message: Option<MessageId>,
) -> Result<(), StoreError> {
    let sql = "update drafts set photo_id = ?, message_id = ?, updated_at = ? where id = ?";
    tx.run(sql, (photo, message, tx.now, id)).map(drop)
}

/// The shape and the length that the person chose for a draft, else those that they always choose.
pub fn choice(view: &View<'_>, id: DraftId) -> Result<Choice, StoreError> {
    let sql = "select coalesce(d.aspect, u.aspect), coalesce(d.seconds, u.seconds)
               from drafts d join users u on u.tg_user_id = d.tg_user_id where d.id = ?";
    let found =
        view.first(sql, [id], |row| Ok(Choice { aspect: row.get(0)?, seconds: row.get(1)? }))?;
    Ok(found.unwrap_or_default())
}

/// Notes what the person chose for a draft; what that says nothing of stays as it is.
pub(crate) fn choose(tx: &Tx<'_>, id: DraftId, choice: Choice) -> Result<(), StoreError> {
    let sql = "update drafts set aspect = coalesce(?, aspect), seconds = coalesce(?, seconds),
                   updated_at = ? where id = ?";
    tx.run(sql, (choice.aspect, choice.seconds, tx.now, id)).map(drop)
}

/// Gives the product of a draft its name.
pub(crate) fn set_name(tx: &Tx<'_>, id: DraftId, name: &str) -> Result<(), StoreError> {
    let sql = "update drafts set name = ?, updated_at = ? where id = ?";
    tx.run(sql, (name, tx.now, id)).map(drop)
}

/// Notes that something was done with a draft: it lives on.
pub(crate) fn touch(tx: &Tx<'_>, id: DraftId) -> Result<(), StoreError> {
    tx.run("update drafts set updated_at = ? where id = ?", (tx.now, id)).map(drop)
}

/// Closes a draft: its photo cannot serve.
pub(crate) fn close(tx: &Tx<'_>, id: DraftId) -> Result<(), StoreError> {
    let sql = "update drafts set closed_at = ?1, updated_at = ?1 where id = ?2";
    tx.run(sql, (tx.now, id)).map(drop)
}

/// Closes the drafts of a photo: it cannot serve.
pub(crate) fn close_photo(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    let sql = "update drafts set closed_at = ?1, updated_at = ?1
               where photo_id = ?2 and closed_at is null";
    tx.run(sql, (tx.now, photo)).map(drop)
}

/// Notes that an own text was too long.
pub fn mark_text_refused(tx: &Tx<'_>, id: DraftId) -> Result<(), StoreError> {
    tx.run("update drafts set refused_at = ? where id = ?", (tx.now, id)).map(drop)
}

/// Forgets at most so many drafts that have not moved since `before`; a script in hand is waited
/// for.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from drafts where id in (select d.id from drafts d
                   where d.updated_at < ? and not exists
                       (select 1 from scripts s where s.draft_id = d.id and s.state = 'writing')
                   limit ?)";
    tx.run(sql, (before, most))
}
