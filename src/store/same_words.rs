//! Scripts whose words are there already: those of an earlier video.

use crate::domain::{
    draft::{ScriptId, ScriptState, Source},
    id::{DraftId, PhotoId},
    options::Quote,
};
use crate::store::{
    error::StoreError,
    scripts::{self, NewPrompt},
    tx::{Tx, View},
};

/// The newest script of a photo that can be ordered by itself and has this prompt.
pub(crate) fn find(
    view: &View<'_>,
    photo: PhotoId,
    prompt: &str,
) -> Result<Option<ScriptId>, StoreError> {
    let sql = "select s.draft_id, s.revision from drafts d join scripts s on s.draft_id = d.id
               where d.photo_id = ? and d.closed_at is null and s.state = 'ready' and s.prompt = ?
                 and s.batch_id is null
               order by d.id desc, s.revision desc limit 1";
    view.first(sql, (photo, prompt), |row| {
        Ok(ScriptId { draft: row.get(0)?, revision: row.get(1)? })
    })
}

/// Adds a script that is ready to be shown with an offer.
pub(crate) fn add(
    tx: &Tx<'_>,
    draft: DraftId,
    source: &Source,
    new: &NewPrompt,
    quote: Quote,
) -> Result<ScriptId, StoreError> {
    let id = scripts::add(tx, draft, source, None, new.fallback, ScriptState::Writing)?;
    scripts::finish(tx, id, Some(tx.now), new, quote)?;
    Ok(id)
}
