//! A person sent a voice message: it is put into words, and they are asked whether these are meant
//! for a video.

use std::time::Duration;

use crate::chat::{
    conversation::Conversation,
    handlers::{
        addressed::{Addressed, Target, addressed, all, asked_beside, filmed_again},
        album,
        my::on_find,
        naming::{named_product, on_name},
        style::on_style_name,
        text::question,
    },
    incoming_voice::IncomingVoice,
    input::is_small_talk,
    own_text::own_text,
    reply::{Anchor, Reply},
    screen::Screen,
    screens,
    voice::Voice as Words,
};
use crate::domain::{
    awaited::Awaited,
    draft::{Scope, SourceKind},
    id::{DraftId, OrderId},
    photo::PhotoFault,
};
use crate::store::{
    drafts,
    error::StoreError,
    own_texts,
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
    let meant = match meant(conversation)? {
        Ok(meant) => meant,
        Err(why_not) => return Ok(Reply::Hint(why_not)),
    };
    if voices::count_since(tx, user, tx.now - COUNTED)? >= MOST_VOICES {
        return Ok(Reply::Hint(screens::voice_message::enough(&words)));
    }
    let Meant { awaits, draft, order } = meant;
    let is_answer = conversation.replies_to.is_some();
    let (file_id, name, tries) = (voice.file_id.clone(), voice.name.clone(), 0);
    let voice = Voice { user, message, draft, order, is_answer, awaits, file_id, name, tries };
    voices::keep(tx, &voice)?;
    let listening = screens::voice_message::listening(&words).in_reply_to(Some(message));
    Ok(Reply::Below(Anchor::Voice(message), listening))
}

/// What a voice message is said for.
struct Meant {
    awaits: Option<Awaited>,
    draft: Option<DraftId>,
    order: Option<OrderId>,
}

/// What a voice message is said for, as a text in its place would be: what was asked for, and the products
/// that it is about; where there are none, what is needed.
fn meant(conversation: &Conversation<'_>) -> Result<Result<Meant, Screen>, StoreError> {
    let voice = conversation.voice();
    let other = asked_beside(conversation)?;
    let nothing = Meant { awaits: other, draft: None, order: None };
    Ok(match addressed(conversation)? {
        _ if other.is_some() => Ok(nothing),
        Addressed::Target(Target { draft, scope: Scope::All }, _) => {
            Ok(Meant { awaits: draft.album.map(Awaited::Series), ..nothing })
        }
        Addressed::Target(target, Some(SourceKind::Edited)) => {
            Ok(Meant { awaits: conversation.awaited(), draft: Some(target.draft.id), ..nothing })
        }
        Addressed::Target(target, _) => Ok(Meant { draft: Some(target.draft.id), ..nothing }),
        Addressed::Order(order) => Ok(Meant { order: Some(order), ..nothing }),
        Addressed::Gone => Err(screens::photo::no_more(&voice)),
        Addressed::Nothing => Err(screens::photo::needed(&voice)),
    })
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
fn offer(conversation: &Conversation<'_>, voice: &Voice, said: &str) -> Result<Reply, StoreError> {
    let (tx, words) = (conversation.tx, conversation.voice());
    let (anchor, message) = (Anchor::Voice(voice.message), Some(voice.message));
    let source = match voice.awaits {
        Some(Awaited::Edit(_)) => SourceKind::Edited,
        _ => SourceKind::OwnText,
    };
    let (target, text) = match named_product(conversation, said)? {
        Some((draft, rest)) if source != SourceKind::Edited && !voice.is_answer => {
            (Some(Target::one(draft)), rest)
        }
        _ => (target(conversation, voice)?, said),
    };
    if text.is_empty()
        && let Some(Target { draft, .. }) = &target
    {
        show_words(conversation, voice, said)?;
        return on_name(conversation, draft);
    }
    let Some(target) = target else { return Ok(Reply::Edit(anchor, gone(&words, voice))) };
    let script =
        own_texts::offer(tx, target.draft.id, &source.of(text.to_owned()), message, target.scope)?;
    if let Some(album) = album::undecided(conversation, &target.draft)? {
        show_words(conversation, voice, text)?;
        return album::ask_again(conversation, &album);
    }
    let question = question(conversation, &target, script, text, None)?;
    Ok(Reply::Edit(anchor, question.in_reply_to(message)))
}

/// The products that a voice message is about, as far as they can still be filmed.
fn target(conversation: &Conversation<'_>, voice: &Voice) -> Result<Option<Target>, StoreError> {
    let (tx, user) = (conversation.tx, conversation.user.id);
    if let Some(order) = voice.order {
        return filmed_again(tx, user, order);
    }
    if let Some(Awaited::Series(album)) = voice.awaits {
        return all(conversation, album);
    }
    let draft = voice.draft.map(|draft| drafts::find(tx, user, draft)).transpose()?.flatten();
    let draft = match draft {
        Some(draft) => Some(draft),
        None => drafts::newest(tx, user)?,
    };
    Ok(draft.map(Target::one))
}

/// What it is about can be filmed no more.
fn gone(words: &Words<'_>, voice: &Voice) -> Screen {
    match voice.order {
        Some(_) => screens::photo::unusable(words, PhotoFault::Gone),
        None => screens::photo::no_more(words),
    }
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
