//! A person changed a text that they had sent, or the words under a photo.

use crate::actions::begin_script::{begin_again, has_scripts_left};
use crate::chat::{
    conversation::Conversation,
    handlers::{
        addressed::{Target, of_script},
        album,
        naming::{named_product, on_name},
        series,
        text::{ask, named_so, offer, write},
    },
    input::Input,
    own_text::{TextFault, own_text},
    reply::{Anchor, Reply},
    screens,
};
use crate::domain::{
    album::AlbumKind,
    article::{Named, named},
    draft::{Scope, ScriptState, Source, SourceKind},
    id::AlbumId,
};
use crate::store::{
    albums, anchors,
    drafts::{self, Draft},
    error::StoreError,
    outbox, own_texts, scripts,
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
    let target = match &script {
        Some(script) => of_script(conversation, script.id)?,
        None => drafts::of_message(tx, user, message)?.map(Target::one),
    };
    let Some(mut target) = target else { return Ok(Reply::Nothing) };
    let is_prompt = script.as_ref().is_some_and(|s| s.source.kind() == SourceKind::Edited);
    // What stands under a photo is about that, whatever it says.
    if target.draft.photo_message != Some(message)
        && !is_prompt
        && let Some((other, rest)) = named_product(conversation, text)?
        && !target.is_of(&other)
    {
        // What was asked before stands as it is: it says which product it is about.
        return if rest.is_empty() {
            on_name(conversation, &other)
        } else {
            offer(conversation, &Target::one(other), rest)
        };
    }
    // Words for all name none.
    let may_name = !is_prompt && target.scope == Scope::One;
    let text = match named(text).filter(|_| may_name) {
        Some(Named { name, rest }) => {
            drafts::set_name(tx, target.draft.id, &name)?;
            if rest.is_empty() {
                let is_news = target.draft.name.as_deref() != Some(&name);
                let reply = is_news.then(|| named_so(conversation, &target.draft, &name));
                return Ok(reply.unwrap_or(Reply::Nothing));
            }
            target.draft.name = Some(name);
            rest
        }
        None => text,
    };
    let draft = &target.draft;
    let text = match (Input::from_text(text), own_text(text)) {
        (Input::Text(_), Ok(text)) => text,
        // Neither a command nor an empty text is meant for a video.
        (_, Ok(_) | Err(TextFault::Empty)) => return Ok(Reply::Nothing),
        (_, Err(fault)) => {
            return Ok(Reply::Hint(screens::own_text::unusable(&conversation.voice(), fault)));
        }
    };
    let Some(script) = script else {
        if let Some(album) = series_of(conversation, draft)? {
            let text = Source::OwnText(text.to_owned());
            own_texts::offer(tx, draft.id, &text, Some(message), Scope::One)?;
            return series::show_ideas_again(conversation, album);
        }
        return offer(conversation, &target, text);
    };
    if script.source.idea() == text {
        return Ok(Reply::Nothing);
    }
    match script.state {
        ScriptState::Offered => {
            own_texts::change(tx, script.id, text)?;
            if album::undecided(conversation, draft)?.is_some() {
                return Ok(Reply::Nothing);
            }
            let anchor = Anchor::Offer(script.id).to_string();
            let is_asked = anchors::message(tx, user, &anchor)?.is_some()
                || outbox::is_waiting(tx, user, &anchor)?;
            match series_of(conversation, draft)?.filter(|_| !is_asked) {
                Some(album) => series::show_ideas_again(conversation, album),
                None => ask(conversation, &target, script.id, text),
            }
        }
        // The scripts of all stay as they are.
        _ if target.scope == Scope::All => offer(conversation, &target, text),
        ScriptState::Writing => {
            begin_again(tx, user, script.id, &script.source.kind().of(text.to_owned()))?;
            Ok(Reply::Nothing)
        }
        ScriptState::Ready | ScriptState::Ordered => {
            let source = script.source.kind().of(text.to_owned());
            if source.needs_writer() && !has_scripts_left(tx, user, draft.id)? {
                return Ok(Reply::Hint(screens::script::no_more(&conversation.voice())));
            }
            write(conversation, draft, &source)
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
