//! A person sent a photo or a file.

use crate::actions::receive_photo::{NewPhoto, Received, receive_photo};
use crate::chat::{
    conversation::Conversation,
    handlers::ideas::ideas,
    input::{IncomingPhoto, Input},
    own_text::own_text,
    reply::{Anchor, Reply},
    screens::{self, own_text::Offer, prompt::Occasion},
};
use crate::domain::{
    article::{Named, named},
    awaited::Awaited,
    draft::ScriptId,
    id::DraftId,
    photo::PhotoFault,
};
use crate::store::{albums, drafts, error::StoreError, scripts};

/// Keeps a photo and shows the ideas, with the offer to go by what is written under it. The second
/// photo of an album is answered that only the first is used, the rest are not.
pub(crate) fn on_photo(
    conversation: &mut Conversation<'_>,
    photo: &IncomingPhoto,
) -> Result<Reply, StoreError> {
    let album = photo.album.as_deref();
    if let Some(fault) = photo.fault() {
        return on_bad_file(conversation, fault, album);
    }
    let (tx, message) = (conversation.tx, conversation.message);
    let (file_id, unique_id) = (photo.file_id.as_str(), photo.unique_id.as_deref());
    let new = NewPhoto { file_id, unique_id, message, album };
    Ok(match receive_photo(tx, conversation.user.id, &new)? {
        Received::Kept(draft) => {
            conversation.expect_text(Awaited::Text(draft))?;
            caption(conversation, draft, photo)?;
            let Some(draft) = drafts::find(tx, conversation.user.id, draft)? else {
                return Ok(Reply::Nothing);
            };
            let ideas = ideas(conversation, &draft, Occasion::NewPhoto)?;
            Reply::Edit(Anchor::Ideas(draft.id), ideas)
        }
        Received::AlbumSibling { number, draft } => {
            return on_sibling(conversation, photo, number, draft);
        }
    })
}

/// A photo of an album after the one that is used. What is written under it is offered for that one.
fn on_sibling(
    conversation: &Conversation<'_>,
    photo: &IncomingPhoto,
    number: u32,
    draft: Option<DraftId>,
) -> Result<Reply, StoreError> {
    let (tx, user, voice) = (conversation.tx, conversation.user.id, conversation.voice());
    let album = (number == 2).then(|| screens::photo::album(&voice));
    let draft = draft.map(|draft| drafts::find(tx, user, draft)).transpose()?.flatten();
    if let Some(draft) = draft
        && let Some((script, text)) = caption(conversation, draft.id, photo)?
    {
        let status = album.map(|album| album.text().to_owned());
        let screen = screens::own_text::offer(&voice, Offer { script, text, status });
        return Ok(Reply::Edit(Anchor::Offer(script), screen.in_reply_to(draft.photo_message)));
    }
    Ok(album.map_or(Reply::Nothing, Reply::Message))
}

/// What is written under a photo: the name of the product, and the rest as an offer.
fn caption<'a>(
    conversation: &Conversation<'_>,
    draft: DraftId,
    photo: &'a IncomingPhoto,
) -> Result<Option<(ScriptId, &'a str)>, StoreError> {
    let Some(caption) = photo.caption.as_deref() else { return Ok(None) };
    let text = match named(caption) {
        Some(Named { name, rest }) => {
            drafts::set_name(conversation.tx, draft, &name)?;
            rest
        }
        None => caption,
    };
    let Ok(text) = own_text(text) else { return Ok(None) };
    if !matches!(Input::from_text(text), Input::Text(_)) {
        return Ok(None);
    }
    let script = scripts::offer(conversation.tx, draft, text, conversation.message)?;
    Ok(Some((script, text)))
}

/// Shows why a file cannot serve; for an album once.
pub(crate) fn on_bad_file(
    conversation: &mut Conversation<'_>,
    fault: PhotoFault,
    album: Option<&str>,
) -> Result<Reply, StoreError> {
    if let Some(group) = album {
        let refusals = format!("{group} refused");
        if albums::count(conversation.tx, conversation.user.id, &refusals)? > 1 {
            return Ok(Reply::Nothing);
        }
    }
    Ok(Reply::Hint(screens::photo::unusable(&conversation.voice(), fault)))
}
