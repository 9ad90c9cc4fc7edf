//! Texts that people wrote, before they say whether these are meant for a video: scripts in state `offered`.

use crate::domain::{
    draft::{Scope, ScriptId, ScriptState, Source},
    id::{DraftId, MessageId},
};
use crate::store::{
    error::StoreError,
    scripts::{self, Script},
    tx::{Tx, View},
};

/// Keeps a text that nobody asked for: it becomes a script once the person says so.
pub(crate) fn offer(
    tx: &Tx<'_>,
    draft: DraftId,
    text: &Source,
    message: Option<MessageId>,
    scope: Scope,
) -> Result<ScriptId, StoreError> {
    let id = scripts::add(tx, draft, text, message, None, ScriptState::Offered)?;
    set_scope(tx, id, scope)?;
    Ok(id)
}

/// Says for which products the words of a script are.
pub(crate) fn set_scope(tx: &Tx<'_>, id: ScriptId, scope: Scope) -> Result<(), StoreError> {
    let sql = "update scripts set for_all = ? where draft_id = ? and revision = ?";
    tx.run(sql, (scope == Scope::All, id.draft, id.revision)).map(drop)
}

/// The text under the photo of a draft, as far as anything was made of it or may be.
pub(crate) fn caption(view: &View<'_>, draft: DraftId) -> Result<Option<String>, StoreError> {
    let sql = "select s.idea from scripts s join drafts d on d.id = s.draft_id
               where s.draft_id = ? and s.source = 'own_text' and s.message_id = d.message_id
               order by s.revision desc limit 1";
    view.first(sql, [draft], |row| row.get(0))
}

/// The newest text that is offered for a draft, or for all products of its album.
pub(crate) fn offered(
    view: &View<'_>,
    draft: DraftId,
    scope: Scope,
) -> Result<Option<Script>, StoreError> {
    let is_it = |script: &Script| script.state == ScriptState::Offered && script.scope == scope;
    Ok(scripts::of_draft(view, draft)?.into_iter().find(is_it))
}

/// The text that is offered reads otherwise now.
pub(crate) fn change(tx: &Tx<'_>, id: ScriptId, text: &str) -> Result<(), StoreError> {
    let sql = "update scripts set idea = ?
               where draft_id = ? and revision = ? and state = 'offered'";
    tx.run(sql, (text, id.draft, id.revision)).map(drop)
}

/// Drops the texts that are offered for a draft.
pub(crate) fn drop_offered(tx: &Tx<'_>, draft: DraftId) -> Result<(), StoreError> {
    let sql = "delete from scripts where draft_id = ? and state = 'offered'";
    tx.run(sql, [draft]).map(drop)
}
