//! The scripts that are being written.

use crate::domain::{
    draft::ScriptId,
    id::{MessageId, PhotoId, UserId},
};
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

/// Drops a script that is being written: its photo cannot serve.
pub(crate) fn drop_writing(tx: &Tx<'_>, id: ScriptId) -> Result<bool, StoreError> {
    let sql = "delete from scripts where draft_id = ? and revision = ? and state = 'writing'";
    Ok(tx.run(sql, (id.draft, id.revision))? == 1)
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
            user: row.get(19)?,
            photo: row.get(20)?,
            photo_message: row.get(21)?,
            tries: row.get(22)?,
        })
    })
}
