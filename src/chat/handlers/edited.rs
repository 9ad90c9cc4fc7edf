//! A person changed a text that they had sent, or the words under a photo.

use crate::actions::begin_script::{begin_again, has_scripts_left};
use crate::chat::{
    conversation::Conversation,
    handlers::{
        album, series,
        text::{ask, named_so, offer, write},
    },
    input::Input,
    own_text::{TextFault, own_text},
    reply::Reply,
    screens,
};
use crate::domain::{
    album::AlbumKind,
    article::{Named, named},
    draft::{ScriptState, Source, SourceKind},
    id::AlbumId,
};
use crate::store::{
    albums,
    drafts::{self, Draft},
    error::StoreError,
    scripts,
};

/// A text, or the words under a photo, was changed. Where it was meant for a video, a script is
/// written of what it says now; one that is there stays orderable.
pub(crate) fn on_edited(
    conversation: &mut Conversation<'_>,
    text: &str,
) -> Result<Reply, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let Some(message) = conversation.message else { return Ok(Reply::Nothing) };
    let script = scripts::of_message(tx, user, message)?;
    let draft = match &script {
        Some(script) => drafts::find(tx, user, script.id.draft)?,
        None => drafts::of_message(tx, user, message)?,
    };
    let Some(draft) = draft else { return Ok(Reply::Nothing) };
    let is_prompt = script.as_ref().is_some_and(|s| s.source.kind() == SourceKind::Edited);
    let text = match named(text).filter(|_| !is_prompt) {
        Some(Named { name, rest }) => {
            drafts::set_name(tx, draft.id, &name)?;
            if rest.is_empty() {
                let is_news = draft.name.as_deref() != Some(&name);
                let reply = is_news.then(|| named_so(conversation, &draft, &name));
                return Ok(reply.unwrap_or(Reply::Nothing));
            }
            rest
        }
        None => text,
    };
    let text = match (Input::from_text(text), own_text(text)) {
        (Input::Text(_), Ok(text)) => text,
        // Neither a command nor an empty text is meant for a video.
        (_, Ok(_) | Err(TextFault::Empty)) => return Ok(Reply::Nothing),
        (_, Err(fault)) => {
            return Ok(Reply::Hint(screens::own_text::unusable(&conversation.voice(), fault)));
        }
    };
    let Some(script) = script else {
        if let Some(album) = series_of(conversation, &draft)? {
            scripts::offer(tx, draft.id, &Source::OwnText(text.to_owned()), Some(message))?;
            return series::show_ideas_again(conversation, album);
        }
        return offer(conversation, &draft, text);
    };
    if script.source.idea() == text {
        return Ok(Reply::Nothing);
    }
    match script.state {
        ScriptState::Offered => {
            scripts::change_offer(tx, script.id, text)?;
            if album::undecided(conversation, &draft)?.is_some() {
                return Ok(Reply::Nothing);
            }
            if let Some(album) = series_of(conversation, &draft)? {
                return series::show_ideas_again(conversation, album);
            }
            ask(conversation, &draft, script.id, text)
        }
        ScriptState::Writing => {
            begin_again(tx, user, script.id, &script.source.kind().of(text.to_owned()))?;
            Ok(Reply::Nothing)
        }
        ScriptState::Ready | ScriptState::Ordered => {
            let source = script.source.kind().of(text.to_owned());
            if source.needs_writer() && !has_scripts_left(tx, user, draft.id)? {
                return Ok(Reply::Hint(screens::script::no_more(&conversation.voice())));
            }
            write(conversation, &draft, &source)
        }
    }
}

/// The album whose photos show different products, this draft's among them.
pub(super) fn series_of(
    conversation: &Conversation<'_>,
    draft: &Draft,
) -> Result<Option<AlbumId>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    let album = draft.album.map(|album| albums::find(tx, user, album)).transpose()?.flatten();
    Ok(album.filter(|album| album.kind == Some(AlbumKind::Many)).map(|album| album.id))
}
