//! The scripts that are being written.

use crate::domain::{
    draft::{Fallback, ScriptId},
    id::{DraftId, MessageId, PhotoId, UserId},
};
use crate::service::notify::Channel;
use crate::store::{
    error::StoreError,
    scripts::{COLUMNS, Script, script},
    tx::{Tx, View},
};

/// A script that is being written, with what its writer needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScriptInHand {
    /// The script.
    pub script: Script,
    /// Whose it is.
    pub user: UserId,
    /// The product photo.
    pub photo: PhotoId,
    /// The message that brought it, if it is known.
    pub photo_message: Option<MessageId>,
    /// How many tries at writing it were begun.
    pub tries: u32,
}

/// Whether a script is being written still, as it was begun then.
pub(crate) fn is_current(view: &View<'_>, in_hand: &ScriptInHand) -> Result<bool, StoreError> {
    let Script { id, begun_at, .. } = in_hand.script;
    let sql = "select 1 from scripts
               where draft_id = ? and revision = ? and state = 'writing' and begun_at = ?";
    Ok(view.first(sql, (id.draft, id.revision, begun_at), |_| Ok(()))?.is_some())
}

/// Drops a script that is being written: nothing comes of it.
pub(crate) fn drop_writing(tx: &Tx<'_>, id: ScriptId) -> Result<(), StoreError> {
    let sql = "delete from scripts where draft_id = ? and revision = ? and state = 'writing'";
    tx.run(sql, (id.draft, id.revision)).map(drop)
}

/// Has a script written anew for another photo, with the script writer or, for this reason, without
/// it. What its buttons have offered is of the photo before, and so is what was seen in that.
pub(crate) fn write_anew(
    tx: &Tx<'_>,
    script: &Script,
    fallback: Option<Fallback>,
) -> Result<(), StoreError> {
    tx.notify(Channel::Prompts);
    let sql = "update scripts set state = 'writing', fallback = ?, asked = asked + ?, tries = 0,
                   begun_at = max(?, coalesce(begun_at, 0) + 1), prompt = null, summary_ru = null,
                   summary_en = null, scenes = null, photos = null, edges = null, offer = offer + 1,
                   photo_offer = offer + 1
               where draft_id = ? and revision = ? and state in ('writing', 'ready')";
    let is_asked = fallback.is_none() && script.source.needs_writer();
    let ScriptId { draft, revision } = script.id;
    tx.run(sql, (fallback, is_asked, tx.now, draft, revision)).map(drop)
}

/// Forgets what was seen in the photo of a draft: it has another one.
pub(crate) fn forget_seen(tx: &Tx<'_>, draft: DraftId) -> Result<(), StoreError> {
    let sql = "update scripts set people = 0, several = 0 where draft_id = ?";
    tx.run(sql, [draft]).map(drop)
}

/// Counts a try at writing a script before it is made: what kills the process counts as well.
pub(crate) fn count_try(tx: &Tx<'_>, id: ScriptId) -> Result<(), StoreError> {
    let sql = "update scripts set tries = tries + 1
               where draft_id = ? and revision = ? and state = 'writing'";
    tx.run(sql, (id.draft, id.revision)).map(drop)
}

/// The scripts that are being written, oldest first.
pub(crate) fn writing(view: &View<'_>, limit: u32) -> Result<Vec<ScriptInHand>, StoreError> {
    let sql = format!(
        "select {COLUMNS}, d.tg_user_id, d.photo_id, d.message_id, s.tries
         from scripts s join drafts d on d.id = s.draft_id
         where s.state = 'writing' order by s.begun_at, s.draft_id, s.revision limit ?"
    );
    view.all(&sql, [limit], |row| {
        Ok(ScriptInHand {
            script: script(row)?,
            user: row.get(22)?,
            photo: row.get(23)?,
            photo_message: row.get(24)?,
            tries: row.get(25)?,
        })
    })
}
