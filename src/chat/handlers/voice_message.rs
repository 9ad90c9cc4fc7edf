//! A person sent a voice message: it is put into words, and they are asked whether these are meant
//! for a video.

use std::time::Duration;

use crate::chat::{
    conversation::Conversation,
    handlers::{album, my::on_find, style::on_style_name, text::addressed},
    incoming_voice::IncomingVoice,
    input::is_small_talk,
    own_text::own_text,
    reply::{Anchor, Reply},
    screens::{self, own_text::Offer},
};
use crate::domain::{
    awaited::Awaited,
    draft::SourceKind,
    id::{AlbumId, DraftId},
};
use crate::store::{
    drafts::{self, Draft},
    error::StoreError,
    scripts,
    voices::{self, Voice},
};

/// How many voice messages of one person are listened to in [`COUNTED`]: each costs the operator.
const MOST_VOICES: u32 = 30;

/// For how long they are counted.
const COUNTED: Duration = Duration::from_hours(24);

/// What became of a voice message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// These words were spoken.
    Words(String),
    /// No words.
    Nothing,
    /// It cannot be put into words.
    GivenUp,
}

/// Has a voice message listened to, where the operator has somebody for that and there is a photo.
pub(crate) fn on_voice(
    conversation: &mut Conversation<'_>,
    voice: &IncomingVoice,
) -> Result<Reply, StoreError> {
    let (tx, user, words) = (conversation.tx, conversation.user.id, conversation.voice());
    let Some(message) = conversation.message.filter(|_| conversation.settings.listens()) else {
        return Ok(Reply::Hint(screens::voice_message::as_text(&words)));
    };
    if voice.is_too_long() {
        return Ok(Reply::Hint(screens::voice_message::too_long(&words)));
    }
    let (awaits, draft) = meant(conversation)?;
    if awaits.is_none() && draft.is_none() {
        return Ok(Reply::Hint(screens::photo::needed(&words)));
    }
    if voices::count_since(tx, user, tx.now - COUNTED)? >= MOST_VOICES {
        return Ok(Reply::Hint(screens::voice_message::enough(&words)));
    }
    let (file_id, name) = (voice.file_id.clone(), voice.name.clone());
    voices::keep(tx, &Voice { user, message, draft, awaits, file_id, name, tries: 0 })?;
    let listening = screens::voice_message::listening(&words).in_reply_to(Some(message));
    Ok(Reply::Below(Anchor::Voice(message), listening))
}

/// What a voice message is said for, as a text in its place would be: what was asked for, and the draft
/// that it is about.
fn meant(
    conversation: &Conversation<'_>,
) -> Result<(Option<Awaited>, Option<DraftId>), StoreError> {
    let awaited = conversation.awaited();
    let is_asked = match awaited {
        Some(Awaited::Search | Awaited::StyleName(_)) => true,
        Some(Awaited::Series(_)) => conversation.replies_to.is_none(),
        Some(Awaited::Text(_) | Awaited::Edit(_)) | None => false,
    };
    let Some((draft, kind)) = addressed(conversation)? else {
        return Ok((awaited.filter(|_| is_asked), None));
    };
    let is_asked = is_asked || kind == Some(SourceKind::Edited);
    Ok((awaited.filter(|_| is_asked), Some(draft.id)))
}

/// What is shown of a voice message that was listened to: its words, and the question whether they
/// are meant for a video. What a text may answer, a voice message may too.
pub(crate) fn on_heard(
    conversation: &Conversation<'_>,
    voice: &Voice,
    heard: &Heard,
) -> Result<Reply, StoreError> {
    let words = conversation.voice();
    let anchor = Anchor::Voice(voice.message);
    let text = match heard {
        Heard::Words(text) => text,
        Heard::Nothing => {
            return Ok(Reply::Edit(anchor, screens::voice_message::nothing(&words)));
        }
        Heard::GivenUp => {
            return Ok(Reply::Edit(anchor, screens::voice_message::given_up(&words)));
        }
    };
    match voice.awaits {
        Some(awaits @ (Awaited::Search | Awaited::StyleName(_))) => {
            show_words(conversation, voice, text)?;
            if conversation.awaited() == Some(awaits) {
                conversation.stop_expecting()?;
            }
            match awaits {
                Awaited::StyleName(style) => on_style_name(conversation, style, text),
                _ => on_find(conversation, text),
            }
        }
        _ if is_small_talk(text) => Ok(Reply::Edit(anchor, screens::hint::pleasure(&words))),
        _ => match own_text(text) {
            Ok(text) => offer(conversation, voice, text),
            Err(fault) => Ok(Reply::Edit(anchor, screens::own_text::unusable(&words, fault))),
        },
    }
}

/// Asks whether the words are meant for a video: of all products of a series, else of one.
fn offer(conversation: &Conversation<'_>, voice: &Voice, text: &str) -> Result<Reply, StoreError> {
    let (tx, user, words) = (conversation.tx, conversation.user.id, conversation.voice());
    let (anchor, message) = (Anchor::Voice(voice.message), Some(voice.message));
    let draft = voice.draft.map(|draft| drafts::find(tx, user, draft)).transpose()?.flatten();
    let draft = match draft {
        Some(draft) => Some(draft),
        None => drafts::newest(tx, user)?,
    };
    let Some(draft) = draft else { return Ok(Reply::Edit(anchor, screens::photo::needed(&words))) };
    if let Some(album) = series_of(conversation, voice, &draft)? {
        voices::keep_words(tx, voice, text)?;
        let offer = screens::voice_message::offer_for_all(&words, album, voice.message, text);
        return Ok(Reply::Edit(anchor, offer.in_reply_to(message)));
    }
    let source = match voice.awaits {
        Some(Awaited::Edit(_)) => SourceKind::Edited,
        _ => SourceKind::OwnText,
    };
    let script = scripts::offer(tx, draft.id, &source.of(text.to_owned()), message)?;
    if let Some(album) = album::undecided(conversation, &draft)? {
        show_words(conversation, voice, text)?;
        return album::ask_again(conversation, &album);
    }
    let offer = screens::own_text::offer(&words, Offer { script, text, status: None });
    Ok(Reply::Edit(anchor, offer.in_reply_to(message)))
}

/// The album for whose products the words are meant, where a text would be, or would have been.
fn series_of(
    conversation: &Conversation<'_>,
    voice: &Voice,
    draft: &Draft,
) -> Result<Option<AlbumId>, StoreError> {
    let now = conversation.awaited().filter(|awaited| {
        voice.awaits.is_none() && draft.album.map(Awaited::Series) == Some(*awaited)
    });
    let Some(Awaited::Series(album)) = voice.awaits.or(now) else { return Ok(None) };
    let products = drafts::of_album(conversation.tx, conversation.user.id, album)?;
    Ok((!products.is_empty()).then_some(album))
}

/// Shows what was heard where the answer stands in a message of its own.
fn show_words(
    conversation: &Conversation<'_>,
    voice: &Voice,
    text: &str,
) -> Result<(), StoreError> {
    let heard = screens::voice_message::heard(&conversation.voice(), text);
    let heard = heard.in_reply_to(Some(voice.message));
    conversation.show(&Reply::Edit(Anchor::Voice(voice.message), heard))
}
