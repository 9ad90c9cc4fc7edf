//! A person sent a photo or a file.

use crate::actions::receive_photo::{NewPhoto, receive_photo};
use crate::chat::{
    conversation::Conversation,
    handlers::{
        album::{on_member, on_unusable},
        ideas::ideas,
    },
    incoming_photo::IncomingPhoto,
    input::Input,
    own_text::own_text,
    reply::{Anchor, Reply},
    screens::{self, prompt::Occasion},
};
use crate::domain::{
    article::{Named, named},
    awaited::Awaited,
    draft::{Scope, Source},
    id::DraftId,
    photo::PhotoFault,
};
use crate::store::{albums, drafts, error::StoreError, own_texts};

/// Keeps a photo and shows the ideas, with the offer to go by what is written under it. The photos of
/// an album are asked about together.
pub(crate) fn on_photo(
    conversation: &mut Conversation<'_>,
    photo: &IncomingPhoto,
) -> Result<Reply, StoreError> {
    let group = photo.album.as_deref();
    if let Some(fault) = photo.fault() {
        return on_bad_file(conversation, fault, group);
    }
    let (tx, user, message) = (conversation.tx, conversation.user.id, conversation.message);
    let (file_id, unique_id) = (photo.file_id.as_str(), photo.unique_id.as_deref());
    let new = NewPhoto { file_id, unique_id, message, album: group };
    let (draft, album) = receive_photo(tx, user, &new)?;
    keep_caption(conversation, draft, photo)?;
    if let Some(album) = album {
        return on_member(conversation, album, draft);
    }
    let Some(draft) = drafts::find(tx, user, draft)? else { return Ok(Reply::Nothing) };
    conversation.expect_text(Awaited::Text(draft.id))?;
    let ideas = ideas(conversation, &draft, Occasion::NewPhoto)?;
    Ok(Reply::Edit(Anchor::Ideas(draft.id), ideas))
}

/// What a photo can serve no more for that was sent to another bot, or that Telegram does not find.
pub(crate) fn gone(conversation: &Conversation<'_>) -> Reply {
    Reply::Hint(screens::photo::unusable(&conversation.voice(), PhotoFault::Gone))
}

/// Keeps what is written under a photo: the name of the product, and the rest as an offer.
fn keep_caption(
    conversation: &Conversation<'_>,
    draft: DraftId,
    photo: &IncomingPhoto,
) -> Result<(), StoreError> {
    let Some(caption) = photo.caption.as_deref() else { return Ok(()) };
    let text = match named(caption) {
        Some(Named { name, rest }) => {
            drafts::set_name(conversation.tx, draft, &name)?;
            rest
        }
        None => caption,
    };
    let Ok(text) = own_text(text) else { return Ok(()) };
    if !matches!(Input::from_text(text), Input::Text(_)) {
        return Ok(());
    }
    let text = Source::OwnText(text.to_owned());
    own_texts::offer(conversation.tx, draft, &text, conversation.message, Scope::One).map(drop)
}

/// Shows why a file cannot serve; one of an album is said with the others.
pub(crate) fn on_bad_file(
    conversation: &mut Conversation<'_>,
    fault: PhotoFault,
    group: Option<&str>,
) -> Result<Reply, StoreError> {
    if let Some(group) = group {
        let album = albums::of_group(conversation.tx, conversation.user.id, group)?;
        return on_unusable(conversation, album, fault);
    }
    Ok(Reply::Hint(screens::photo::unusable(&conversation.voice(), fault)))
}
