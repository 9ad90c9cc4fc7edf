//! The rows of the drafts, changed by moves alone.

use rusqlite::{Row, ToSql};

use crate::domain::{
    credits::Credits,
    draft::{DraftMove, DraftState, DraftStatus, Source},
    id::{DraftId, PhotoId, UserId},
    time::Timestamp,
};
use crate::service::notify::Channel;
use crate::store::{
    error::{StoreError, StoreErrorKind},
    tx::{Tx, View},
};

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
    /// The price of one video that its buttons say, once there are such.
    pub price: Option<Credits>,
}

const COLUMNS: &str = "id, tg_user_id, photo_id, revision, state, preset, own_text, prompt, price";

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    let preset: Option<String> = row.get(5)?;
    let own_text: Option<String> = row.get(6)?;
    let source = || match (preset, own_text) {
        (Some(preset), _) => Source::Preset(preset),
        (None, own_text) => Source::OwnText(own_text.unwrap_or_default()),
    };
    let state = match row.get(4)? {
        DraftStatus::Choosing => DraftState::Choosing,
        DraftStatus::Describing => DraftState::Describing,
        DraftStatus::Writing => DraftState::Writing(source()),
        DraftStatus::Ready => DraftState::Ready { source: source(), prompt: row.get(7)? },
        DraftStatus::Ordered => DraftState::Ordered,
        DraftStatus::Dropped => DraftState::Dropped,
    };
    Ok(Draft {
        id: row.get(0)?,
        user: row.get(1)?,
        photo: row.get(2)?,
        revision: row.get(3)?,
        state,
        price: row.get(8)?,
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
    let sql = "insert into drafts (tg_user_id, photo_id, state, updated_at) values (?, ?, ?, ?)";
    tx.add(sql, (user, photo, DraftStatus::Choosing, tx.now)).map(DraftId)
}

/// Puts the open draft of a person aside.
pub fn drop_open(tx: &Tx<'_>, user: UserId) -> Result<(), StoreError> {
    match open(tx, user)? {
        Some(draft) => transition(tx, draft.id, DraftMove::Drop),
        None => Ok(()),
    }
}

/// Makes a move that must be possible: the caller has seen the draft in this transaction.
pub fn transition(tx: &Tx<'_>, id: DraftId, made: DraftMove<'_>) -> Result<(), StoreError> {
    if try_transition(tx, id, None, made)? {
        return Ok(());
    }
    Err(StoreError::new(StoreErrorKind::Other, format!("draft {id} cannot make {made:?}")))
}

/// Makes a move, unless the draft has moved on, since `revision` where one is given; says
/// whether it was made. The one statement that changes a draft.
pub fn try_transition(
    tx: &Tx<'_>,
    id: DraftId,
    revision: Option<u32>,
    made: DraftMove<'_>,
) -> Result<bool, StoreError> {
    let mut values: Vec<&dyn ToSql> = Vec::new();
    let script = match &made {
        DraftMove::ChangePhoto(photo) => {
            values.push(photo);
            "photo_id = ?, revision = revision + 1, preset = null, own_text = null, prompt = null,"
        }
        DraftMove::ChooseIdea => {
            "revision = revision + 1, preset = null, own_text = null, prompt = null,"
        }
        DraftMove::BeginScript(source) => {
            let (chosen, column) = match source {
                Source::Preset(preset) => (preset, "preset = ?, own_text = null,"),
                Source::OwnText(text) => (text, "own_text = ?, preset = null,"),
            };
            values.push(chosen);
            tx.notify(Channel::Prompts);
            &format!("revision = revision + 1, prompt = null, {column}")
        }
        DraftMove::FinishScript { prompt, price } => {
            values.push(prompt);
            values.push(price);
            "prompt = ?, price = ?,"
        }
        DraftMove::Reprice(price) => {
            values.push(price);
            "price = ?,"
        }
        // What a person wrote is kept no longer than it is needed; a prompt is the order's then.
        DraftMove::Drop | DraftMove::RejectPhoto | DraftMove::Order => {
            "preset = null, own_text = null, prompt = null,"
        }
        DraftMove::Describe => "",
    };
    let from: Vec<&str> = made.from().iter().map(|status| status.word()).collect();
    let sql = format!(
        "update drafts set {script} state = ?, updated_at = ?
         where id = ? and revision = coalesce(?, revision) and state in ('{}')",
        from.join("', '")
    );
    let to = made.to();
    values.extend([&to as &dyn ToSql, &tx.now, &id, &revision]);
    Ok(tx.run(&sql, values.as_slice())? == 1)
}

/// Notes that an own text was too long.
pub fn mark_text_refused(tx: &Tx<'_>, id: DraftId) -> Result<(), StoreError> {
    tx.run("update drafts set refused_at = ? where id = ?", (tx.now, id))?;
    Ok(())
}

/// When an own text was last too long.
pub fn refused_at(view: &View<'_>, id: DraftId) -> Result<Option<Timestamp>, StoreError> {
    view.one("select refused_at from drafts where id = ?", [id], |row| row.get(0))
}

/// The drafts whose scripts are being written, oldest first.
pub fn writing(view: &View<'_>, limit: u32) -> Result<Vec<Draft>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from drafts where state = 'writing' order by updated_at, id limit ?"
    );
    view.all(&sql, [limit], draft)
}

/// Forgets at most so many drafts that have not moved since `before`; a script in hand is waited
/// for.
pub(crate) fn forget(tx: &Tx<'_>, before: Timestamp, most: u16) -> Result<usize, StoreError> {
    let sql = "delete from drafts where id in (select id from drafts
                   where updated_at < ? and state <> 'writing' limit ?)";
    tx.run(sql, (before, most))
}
