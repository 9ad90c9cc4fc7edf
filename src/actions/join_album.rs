//! The photos of an album show one product from several sides.

use crate::domain::{
    draft::{Scope, ScriptState, Source},
    id::{AlbumId, DraftId, UserId},
};
use crate::store::{
    draft_photos::{self, DraftPhoto},
    drafts::{self, Draft},
    error::StoreError,
    own_texts, scripts,
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
    match own_texts::offered(tx, first.id, Scope::All)? {
        // What was said of all photos is said of the product that they show.
        Some(words) => own_texts::set_scope(tx, words.id, Scope::One)?,
        None if offered_text(tx, first)?.is_none() => take_text(tx, first, others)?,
        None => {}
    }
    for draft in others {
        // What is changed of such a text from now on is changed of the first draft's.
        own_texts::drop_offered(tx, draft.id)?;
        drafts::close(tx, draft.id)?;
    }
    Ok(Some(first.id))
}

/// The first text under one of the other photos is offered for the first.
fn take_text(tx: &Tx<'_>, first: &Draft, others: &[Draft]) -> Result<(), StoreError> {
    for draft in others {
        if let Some(text) = offered_text(tx, draft)? {
            let (text, message) = (Source::OwnText(text), draft.photo_message);
            return own_texts::offer(tx, first.id, &text, message, Scope::One).map(drop);
        }
    }
    Ok(())
}

/// The draft whose videos show the photo that a person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChosenPhoto {
    /// The draft.
    pub draft: Draft,
    /// Whether it was of that photo before.
    pub is_old: bool,
}

/// Chooses the photo of a product that is filmed. Once a script was begun, another photo is for
/// another draft: a script films the photo that it was written for.
pub(crate) fn choose_photo(
    tx: &Tx<'_>,
    draft: Draft,
    chosen: DraftPhoto,
) -> Result<ChosenPhoto, StoreError> {
    let DraftPhoto { photo, message, .. } = chosen;
    if draft.photo == photo {
        return Ok(ChosenPhoto { draft, is_old: true });
    }
    let scripts = scripts::of_draft(tx, draft.id)?;
    if scripts.iter().all(|script| script.state == ScriptState::Offered) {
        drafts::set_photo(tx, draft.id, photo, message)?;
        let draft = Draft { photo, photo_message: message, ..draft };
        return Ok(ChosenPhoto { draft, is_old: false });
    }
    let sides = draft_photos::of_draft(tx, draft.id)?;
    for other in drafts::of_photo(tx, photo)?.into_iter().rev() {
        if draft_photos::of_draft(tx, other.id)? == sides {
            return Ok(ChosenPhoto { draft: other, is_old: true });
        }
    }
    let id = drafts::copy_with_photo(tx, draft.id, photo, message)?;
    let copy = Draft { id, photo, photo_message: message, album: None, refused_at: None, ..draft };
    Ok(ChosenPhoto { draft: copy, is_old: false })
}

/// The text that is offered for the product of a draft alone.
pub(crate) fn offered_text(tx: &Tx<'_>, draft: &Draft) -> Result<Option<String>, StoreError> {
    let offered = own_texts::offered(tx, draft.id, Scope::One)?;
    Ok(offered.map(|script| script.source.idea().to_owned()))
}
