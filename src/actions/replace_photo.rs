//! A person edits a message and puts another photo in the place of the one that it brought.

use crate::actions::{begin_script::bounded, receive_photo::NewPhoto};
use crate::domain::{
    draft::{ScriptId, ScriptState},
    id::{DraftId, PhotoId, UserId},
};
use crate::store::{
    batches, error::StoreError, orders, photos, replaced_photos, scripts, scripts_in_hand, tx::Tx,
};

/// What an edit of a message with a photo comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EditedPhoto {
    /// It is the photo that it was: its words may have changed.
    Same,
    /// It is a photo where no draft has one.
    New,
    /// It is another one, in these drafts.
    Replaced {
        /// Those that film it, with their scripts that are written anew.
        anew: Vec<Anew>,
        /// Whether videos of the one before are ordered and have not ended.
        are_ordered: bool,
    },
}

/// A draft that films another photo than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anew {
    /// The draft.
    pub draft: DraftId,
    /// Its scripts that are written anew for that.
    pub scripts: Vec<ScriptId>,
}

/// Films the photo that a message has now in all drafts of the one that it had. Videos that are ordered
/// keep theirs.
pub(crate) fn replace_photo(
    tx: &Tx<'_>,
    user: UserId,
    new: &NewPhoto<'_>,
) -> Result<EditedPhoto, StoreError> {
    let Some(message) = new.message else { return Ok(EditedPhoto::Same) };
    let places = replaced_photos::places(tx, user, message)?;
    let known = photos::find(tx, user, new.file_id, new.unique_id)?;
    let is_same = known.is_some() && places.iter().all(|place| Some(place.photo) == known);
    if is_same {
        return Ok(EditedPhoto::Same);
    }
    if places.is_empty() {
        return Ok(EditedPhoto::New);
    }
    let photo = photos::keep(tx, user, new.file_id, new.unique_id)?;
    replaced_photos::replace(tx, user, message, photo)?;
    let (mut anew, mut are_ordered) = (Vec::new(), false);
    for place in places.into_iter().filter(|place| place.photo != photo) {
        are_ordered |= orders::are_open_of(tx, place.photo)?;
        if place.is_filmed {
            anew.push(write_anew(tx, user, place.draft)?);
        }
    }
    Ok(EditedPhoto::Replaced { anew, are_ordered })
}

/// What becomes of a photo that cannot serve in a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PutBack {
    /// It was the first of its message: there is none to go back to.
    Nothing,
    /// The one that it had replaced is a side of the product again.
    Side,
    /// The same, and it is filmed.
    Filmed(Anew),
}

/// Gives the photo before its place back where the one that replaced it cannot serve.
pub(crate) fn put_back(
    tx: &Tx<'_>,
    user: UserId,
    draft: DraftId,
    photo: PhotoId,
) -> Result<PutBack, StoreError> {
    Ok(match replaced_photos::put_back(tx, draft, photo)? {
        None => PutBack::Nothing,
        Some(place) if place.is_filmed => PutBack::Filmed(write_anew(tx, user, draft)?),
        Some(_) => PutBack::Side,
    })
}

/// What is written of a draft, or being written, is written anew for its photo, within the bounds of
/// the script writer. What was ordered stays as it is.
fn write_anew(tx: &Tx<'_>, user: UserId, draft: DraftId) -> Result<Anew, StoreError> {
    scripts_in_hand::forget_seen(tx, draft)?;
    let mut anew = Anew { draft, scripts: Vec::new() };
    for script in scripts::of_draft(tx, draft)? {
        match script.state {
            ScriptState::Writing | ScriptState::Ready => {}
            ScriptState::Offered | ScriptState::Ordered => continue,
        }
        let fallback = bounded(tx, user, draft, &script.source)?;
        scripts_in_hand::write_anew(tx, &script, fallback)?;
        if let Some(batch) = batches::of_script(tx, script.id)? {
            batches::note_other_photo(tx, batch)?;
        }
        anew.scripts.push(script.id);
    }
    Ok(anew)
}
