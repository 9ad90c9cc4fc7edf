//! The photos of an album show one product from several sides.

use crate::domain::{
    draft::ScriptState,
    id::{AlbumId, DraftId, UserId},
};
use crate::store::{
    draft_photos,
    drafts::{self, Draft},
    error::StoreError,
    scripts,
    tx::Tx,
};

/// Makes one draft of those of an album: the first, with all photos, and with the first name and the
/// first text that stand under any of them. `None` where none is left.
pub(crate) fn join_album(
    tx: &Tx<'_>,
    user: UserId,
    album: AlbumId,
) -> Result<Option<DraftId>, StoreError> {
    let drafts = drafts::of_album(tx, user, album)?;
    let Some((first, others)) = drafts.split_first() else { return Ok(None) };
    for draft in &drafts {
        draft_photos::add(tx, first.id, draft.photo, draft.photo_message)?;
    }
    let named = drafts.iter().find_map(|draft| draft.name.as_deref());
    if let Some(name) = named.filter(|_| first.name.is_none()) {
        drafts::set_name(tx, first.id, name)?;
    }
    if offered(tx, first)?.is_none() {
        take_text(tx, first, others)?;
    }
    for draft in others {
        // What is changed of such a text from now on is changed of the first draft's.
        scripts::drop_offers(tx, draft.id)?;
        drafts::close(tx, draft.id)?;
    }
    Ok(Some(first.id))
}

/// The first text under one of the other photos is offered for the first.
fn take_text(tx: &Tx<'_>, first: &Draft, others: &[Draft]) -> Result<(), StoreError> {
    for draft in others {
        if let Some(text) = offered(tx, draft)? {
            return scripts::offer(tx, first.id, &text, draft.photo_message).map(drop);
        }
    }
    Ok(())
}

/// The text that stands under the photo of a draft.
pub(crate) fn offered(tx: &Tx<'_>, draft: &Draft) -> Result<Option<String>, StoreError> {
    let scripts = scripts::of_draft(tx, draft.id)?;
    let offered = scripts.into_iter().find(|script| script.state == ScriptState::Offered);
    Ok(offered.map(|script| script.source.idea().to_owned()))
}
