//! A person sent a voice message: it is put into words, and they are asked whether these are meant
//! for a video.

use std::time::Duration;

use crate::chat::{
    conversation::Conversation,
    handlers::text::addressed,
    incoming_voice::IncomingVoice,
    input::is_small_talk,
    own_text::own_text,
    reply::{Anchor, Reply},
    screens::{self, own_text::Offer},
};
use crate::store::{
    drafts,
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
    let Some((draft, _)) = addressed(conversation)? else {
        return Ok(Reply::Hint(screens::photo::needed(&words)));
    };
    if voices::count_since(tx, user, tx.now - COUNTED)? >= MOST_VOICES {
        return Ok(Reply::Hint(screens::voice_message::enough(&words)));
    }
    let (file_id, name) = (voice.file_id.clone(), voice.name.clone());
    voices::keep(tx, &Voice { user, message, draft: draft.id, file_id, name, tries: 0 })?;
    let listening = screens::voice_message::listening(&words).in_reply_to(Some(message));
    Ok(Reply::Below(Anchor::Voice(message), listening))
}

/// What is shown of a voice message that was listened to: its words, and the question whether they
/// are meant for a video.
pub(crate) fn on_heard(
    conversation: &Conversation<'_>,
    voice: &Voice,
    heard: &Heard,
) -> Result<Reply, StoreError> {
    let (tx, user, words) = (conversation.tx, conversation.user.id, conversation.voice());
    let anchor = Anchor::Voice(voice.message);
    let text = match heard {
        Heard::Words(text) if is_small_talk(text) => {
            return Ok(Reply::Edit(anchor, screens::hint::pleasure(&words)));
        }
        Heard::Words(text) => own_text(text),
        Heard::Nothing => {
            return Ok(Reply::Edit(anchor, screens::voice_message::nothing(&words)));
        }
        Heard::GivenUp => {
            return Ok(Reply::Edit(anchor, screens::voice_message::given_up(&words)));
        }
    };
    let text = match text {
        Ok(text) => text,
        Err(fault) => return Ok(Reply::Edit(anchor, screens::own_text::unusable(&words, fault))),
    };
    let draft = match drafts::find(tx, user, voice.draft)? {
        Some(draft) => Some(draft),
        None => drafts::newest(tx, user)?,
    };
    let Some(draft) = draft else { return Ok(Reply::Edit(anchor, screens::photo::needed(&words))) };
    let script = scripts::offer(tx, draft.id, text, Some(voice.message))?;
    let offer = screens::own_text::offer(&words, Offer { script, text, status: None });
    Ok(Reply::Edit(anchor, offer.in_reply_to(Some(voice.message))))
}
