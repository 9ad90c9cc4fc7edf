//! A person sent a photo or a file.

use crate::actions::receive_photo::{Received, receive_photo};
use crate::chat::{
    conversation::Conversation,
    input::IncomingPhoto,
    reply::Reply,
    screens::{
        self,
        prompt::{Occasion, ideas},
    },
};
use crate::domain::photo::PhotoFault;
use crate::store::{albums, error::StoreError};

/// Keeps a photo and shows the ideas. The second photo of an album is answered that only the
/// first is used, the rest are not.
pub(crate) fn on_photo(
    conversation: &mut Conversation<'_>,
    photo: &IncomingPhoto,
) -> Result<Reply, StoreError> {
    let album = photo.album.as_deref();
    if let Some(fault) = photo.fault() {
        return on_bad_file(conversation, fault, album);
    }
    let (voice, presets) = (conversation.voice(), &conversation.settings.presets);
    Ok(
        match receive_photo(
            conversation.tx,
            conversation.user.id,
            &photo.file_id,
            photo.unique_id.as_deref(),
            album,
        )? {
            Received::Kept(draft) => {
                Reply::Message(ideas(&voice, draft, presets, Occasion::NewPhoto))
            }
            Received::AlbumSibling { number: 2 } => Reply::Message(screens::photo::album(&voice)),
            Received::AlbumSibling { .. } => Reply::Nothing,
        },
    )
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
