//! What people are preparing: a photo, then a prompt.

use rusqlite::Row;

use crate::domain::id::DraftId;
use crate::domain::id::PhotoId;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::notify::Channel;
use crate::store::tx::Tx;
use crate::store::tx::View;

/// Where a draft stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// The photo is there; the person chooses a preset or own text.
    Choosing,
    /// The person writes their own text.
    Describing,
    /// GPT writes the prompt.
    Writing(Source),
    /// The prompt is there; the person chooses how many videos.
    Ready {
        /// What it was made from.
        source: Source,
        /// The final prompt.
        prompt: String,
    },
    /// It has become an order.
    Ordered,
    /// It was put aside.
    Dropped,
}

/// What a prompt is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The preset with this id.
    Preset(String),
    /// The person's own words.
    OwnText(String),
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The row, carried in callback data.
    pub id: DraftId,
    /// Whose it is.
    pub user: UserId,
    /// The product photo.
    pub photo: PhotoId,
    /// How many scripts were begun: a button of an older script is stale.
    pub revision: u32,
    /// Where it stands.
    pub state: DraftState,
}

const COLUMNS: &str = "id, tg_user_id, photo_id, revision, state, preset, own_text, prompt";

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    let preset: Option<String> = row.get(5)?;
    let own_text: Option<String> = row.get(6)?;
    let source = || match (preset, own_text) {
        (Some(preset), _) => Source::Preset(preset),
        (None, own_text) => Source::OwnText(own_text.unwrap_or_default()),
    };
    let state = match row.get_ref(4)?.as_str()? {
        "choosing" => DraftState::Choosing,
        "describing" => DraftState::Describing,
        "writing" => DraftState::Writing(source()),
        "ready" => DraftState::Ready { source: source(), prompt: row.get(7)? },
        "ordered" => DraftState::Ordered,
        _ => DraftState::Dropped,
    };
    Ok(Draft {
        id: row.get(0)?,
        user: row.get(1)?,
        photo: row.get(2)?,
        revision: row.get(3)?,
        state,
    })
}

/// The draft with that id, of that person.
pub fn find(view: &View<'_>, user: UserId, id: DraftId) -> Result<Option<Draft>, StoreError> {
    let sql = format!("select {COLUMNS} from drafts where id = ? and tg_user_id = ?");
    view.first(&sql, (id, user), draft)
}

/// The draft that a person has open.
pub fn open(view: &View<'_>, user: UserId) -> Result<Option<Draft>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from drafts
         where tg_user_id = ? and state not in ('ordered', 'dropped')"
    );
    view.first(&sql, [user], draft)
}

/// Begins a draft with a photo, putting aside the one that was open.
pub fn begin(tx: &Tx<'_>, user: UserId, photo: PhotoId) -> Result<DraftId, StoreError> {
    drop_open(tx, user)?;
    let sql = "insert into drafts (tg_user_id, photo_id, state, updated_at)
               values (?, ?, 'choosing', ?)";
    tx.add(sql, (user, photo, tx.now)).map(DraftId)
}

/// Replaces the photo of an open draft; what was written for the old one is stale.
pub fn change_photo(tx: &Tx<'_>, id: DraftId, photo: PhotoId) -> Result<(), StoreError> {
    tx.run(
        "update drafts set photo_id = ?, state = 'choosing', revision = revision + 1,
             preset = null, own_text = null, prompt = null, updated_at = ?
         where id = ? and state not in ('ordered', 'dropped')",
        (photo, tx.now, id),
    )?;
    Ok(())
}

/// Puts the open draft of a person aside.
pub fn drop_open(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    tx.run(
        "update drafts set state = 'dropped', updated_at = ?
         where tg_user_id = ? and state not in ('ordered', 'dropped')",
        (tx.now, user),
    )?;
    Ok(())
}

/// Waits for the person's own text.
pub fn describe(tx: &Tx<'_>, id: DraftId) -> Result<(), StoreError> {
    tx.run(
        "update drafts set state = 'describing', updated_at = ?
         where id = ? and state not in ('ordered', 'dropped')",
        (tx.now, id),
    )?;
    Ok(())
}

/// Begins a script; returns its revision.
pub fn write(tx: &Tx<'_>, id: DraftId, source: &Source) -> Result<u32, StoreError> {
    let (preset, own_text) = match source {
        Source::Preset(preset) => (Some(preset), None),
        Source::OwnText(text) => (None, Some(text)),
    };
    tx.run(
        "update drafts set state = 'writing', revision = revision + 1, preset = ?, own_text = ?,
             prompt = null, updated_at = ?
         where id = ? and state not in ('ordered', 'dropped')",
        (preset, own_text, tx.now, id),
    )?;
    tx.notify(Channel::Prompts);
    tx.one("select revision from drafts where id = ?", [id], |row| row.get(0))
}

/// Saves a script, unless the draft has moved on since `revision`.
pub fn written(tx: &Tx<'_>, id: DraftId, revision: u32, prompt: &str) -> Result<bool, StoreError> {
    let changed = tx.run(
        "update drafts set state = 'ready', prompt = ?, updated_at = ?
         where id = ? and revision = ? and state = 'writing'",
        (prompt, tx.now, id, revision),
    )?;
    Ok(changed == 1)
}

/// Puts a draft aside whose photo cannot serve, unless it has moved on since `revision`.
pub fn reject(tx: &Tx<'_>, id: DraftId, revision: u32) -> Result<bool, StoreError> {
    let changed = tx.run(
        "update drafts set state = 'dropped', updated_at = ?
         where id = ? and revision = ? and state = 'writing'",
        (tx.now, id, revision),
    )?;
    Ok(changed == 1)
}

/// Back to the choice of an idea.
pub fn choose(tx: &Tx<'_>, id: DraftId) -> Result<(), StoreError> {
    tx.run(
        "update drafts set state = 'choosing', revision = revision + 1, preset = null,
             own_text = null, prompt = null, updated_at = ?
         where id = ? and state not in ('ordered', 'dropped')",
        (tx.now, id),
    )?;
    Ok(())
}

/// Notes that an own text was too long.
pub fn text_refused(tx: &Tx<'_>, id: DraftId) -> Result<(), StoreError> {
    tx.run("update drafts set refused_at = ? where id = ?", (tx.now, id))?;
    Ok(())
}

/// When an own text was last too long.
pub fn refused_at(view: &View<'_>, id: DraftId) -> Result<Option<Timestamp>, StoreError> {
    view.one("select refused_at from drafts where id = ?", [id], |row| row.get(0))
}

/// Consumes a draft for an order, unless it was consumed before.
pub fn ordered(tx: &Tx<'_>, id: DraftId) -> Result<bool, StoreError> {
    let sql =
        "update drafts set state = 'ordered', updated_at = ? where id = ? and state = 'ready'";
    Ok(tx.run(sql, (tx.now, id))? == 1)
}

/// The drafts whose scripts are being written, oldest first.
pub fn writing(view: &View<'_>, limit: u32) -> Result<Vec<Draft>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from drafts where state = 'writing' order by updated_at, id limit ?"
    );
    view.all(&sql, [limit], draft)
}

/// Keeps a photo and returns its row.
pub fn add_photo(tx: &Tx<'_>, user: UserId, file_id: &str) -> Result<PhotoId, StoreError> {
    let sql = "insert into photos (tg_user_id, file_id) values (?, ?)";
    tx.add(sql, (user, file_id)).map(PhotoId)
}

/// The Telegram file id of a photo, and whether its bytes were found usable.
pub fn photo_file(view: &View<'_>, photo: PhotoId) -> Result<(String, bool), StoreError> {
    let sql = "select file_id, checked_at is not null from photos where id = ?";
    view.one(sql, [photo], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Notes that the bytes of a photo are usable.
pub fn checked(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    tx.run("update photos set checked_at = ? where id = ?", (tx.now, photo))?;
    Ok(())
}

/// Notes where KIE finds a photo.
pub fn uploaded(tx: &Tx<'_>, photo: PhotoId, url: &str) -> Result<(), StoreError> {
    let sql = "update photos set upload_url = ?, uploaded_at = ? where id = ?";
    tx.run(sql, (url, tx.now, photo))?;
    Ok(())
}

/// Forgets where KIE finds a photo: it did not.
pub fn forget_upload(tx: &Tx<'_>, photo: PhotoId) -> Result<(), StoreError> {
    tx.run("update photos set upload_url = null, uploaded_at = null where id = ?", [photo])?;
    Ok(())
}

/// Notes a photo of an album; returns its number in the order of arrival.
pub fn count_in_album(tx: &Tx<'_>, user: UserId, group: &str) -> Result<u32, StoreError> {
    let sql = "insert into albums (chat_id, group_id, seen_at) values (?, ?, ?)
               on conflict do update set photos = photos + 1";
    tx.run(sql, (user, group, tx.now))?;
    let sql = "select photos from albums where chat_id = ? and group_id = ?";
    tx.one(sql, (user, group), |row| row.get(0))
}

/// Forgets albums seen before `before`.
pub fn forget_albums(tx: &Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    tx.run("delete from albums where seen_at < ?", [before])?;
    Ok(())
}
