//! A person put another photo, or another file, in the place of one that they had sent.

use crate::actions::{
    receive_photo::NewPhoto,
    replace_photo::{Anew, EditedPhoto, PutBack, put_back, replace_photo},
};
use crate::chat::{
    conversation::Conversation,
    handlers::{
        edited::{on_edited, series_of},
        ideas::{are_shown, ideas},
        photo::on_photo,
        series, series_offer,
    },
    incoming_photo::IncomingPhoto,
    reply::{Anchor, Reply},
    screen::Screen,
    screens::{
        self,
        photo::{Replacement, kept, replaced},
        prompt::Occasion,
    },
};
use crate::domain::{
    id::{DraftId, PhotoId},
    photo::PhotoFault,
};
use crate::store::{batches, drafts, error::StoreError, replaced_photos};

/// The photo of a message as it is now: another one is filmed from now on. Its words are taken as those
/// of any edited message.
pub(crate) fn on_edited_photo(
    conversation: &mut Conversation<'_>,
    photo: &IncomingPhoto,
) -> Result<Reply, StoreError> {
    let new = NewPhoto {
        file_id: &photo.file_id,
        unique_id: photo.unique_id.as_deref(),
        message: conversation.message,
        album: photo.album.as_deref(),
    };
    let said = match replace_photo(conversation.tx, conversation.user.id, &new)? {
        EditedPhoto::Same => None,
        // Nothing usable was in its place before.
        EditedPhoto::New => return on_photo(conversation, photo),
        EditedPhoto::Replaced { anew, are_ordered } => {
            let is_written_anew = anew.iter().any(|anew| !anew.scripts.is_empty());
            for anew in &anew {
                show_anew(conversation, anew)?;
            }
            let replacement = Replacement { is_written_anew, are_ordered };
            Some(replaced(&conversation.voice(), replacement))
        }
    };
    on_words(conversation, said, photo.caption.as_deref())
}

/// What can be no photo of a product took the place of one: that one stays.
pub(crate) fn on_edited_file(
    conversation: &mut Conversation<'_>,
    fault: PhotoFault,
    caption: Option<&str>,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(message) = conversation.message else { return Ok(Reply::Nothing) };
    if replaced_photos::places(tx, user, message)?.is_empty() {
        return Ok(Reply::Nothing);
    }
    let said = kept(&conversation.voice(), fault);
    on_words(conversation, Some(said), caption)
}

/// Answers the words under what was replaced, after what is said of that. Two hints of one update are one:
/// the second would take the place of the first.
fn on_words(
    conversation: &mut Conversation<'_>,
    said: Option<Screen>,
    caption: Option<&str>,
) -> Result<Reply, StoreError> {
    let reply = caption.map_or(Ok(Reply::Nothing), |caption| on_edited(conversation, caption))?;
    Ok(match (said, reply) {
        (None, reply) => reply,
        (Some(said), Reply::Nothing) => Reply::Hint(said),
        (Some(said), Reply::Hint(hint)) => Reply::Hint(said.and(hint)),
        (Some(said), reply) => {
            say(conversation, said)?;
            reply
        }
    })
}

/// A photo in a draft was found to be none: the one that it had replaced has its place again. `false`
/// where there is none.
pub(crate) fn restore(
    conversation: &Conversation<'_>,
    draft: DraftId,
    photo: PhotoId,
    fault: PhotoFault,
) -> Result<bool, StoreError> {
    match put_back(conversation.tx, conversation.user.id, draft, photo)? {
        PutBack::Nothing => return Ok(false),
        PutBack::Side => {}
        PutBack::Filmed(anew) => show_anew(conversation, &anew)?,
    }
    say(conversation, kept(&conversation.voice(), fault))?;
    Ok(true)
}

/// One side of a product was found to be no photo: the one before is there again, or the product is shown
/// from the others.
pub(crate) fn on_bad_side(
    conversation: &Conversation<'_>,
    draft: DraftId,
    photo: PhotoId,
    fault: PhotoFault,
) -> Result<(), StoreError> {
    if restore(conversation, draft, photo, fault)?
        || !replaced_photos::leave_out(conversation.tx, draft, photo)?
    {
        return Ok(());
    }
    show_anew(conversation, &Anew { draft, scripts: Vec::new() })?;
    say(conversation, screens::photo::unusable(&conversation.voice(), fault))
}

/// What stands in the chat for a draft, as it is with another photo.
fn show_anew(conversation: &Conversation<'_>, anew: &Anew) -> Result<(), StoreError> {
    let (tx, voice) = (conversation.tx, conversation.voice());
    let mut shown = Vec::new();
    for script in &anew.scripts {
        let reply = match batches::of_script(tx, *script)? {
            Some(batch) if shown.contains(&batch) => continue,
            Some(batch) => {
                shown.push(batch);
                series_offer::on_script(conversation, batch)?
            }
            None => Reply::Edit(Anchor::Script(*script), screens::script::writing(&voice)),
        };
        conversation.show(&reply)?;
    }
    let Some(draft) = drafts::find(tx, conversation.user.id, anew.draft)? else { return Ok(()) };
    if are_shown(conversation, &draft)? {
        let ideas = ideas(conversation, &draft, Occasion::NewPhoto)?;
        conversation.show(&Reply::Edit(Anchor::Ideas(draft.id), ideas))?;
    }
    if let Some(album) = series_of(conversation, &draft)? {
        conversation.show(&series::show_ideas_again(conversation, album)?)?;
    }
    Ok(())
}

/// It is no hint: that would take the place of what was said of the edit and still waits.
fn say(conversation: &Conversation<'_>, word: Screen) -> Result<(), StoreError> {
    conversation.show(&Reply::Message(word))
}
