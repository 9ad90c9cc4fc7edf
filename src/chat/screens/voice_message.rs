//! What is said of a voice message.

use crate::chat::{key::Key, screen::Screen, voice::Voice};
use crate::domain::voice_message::MAX_VOICE_SECONDS;

/// Nobody listens: a text is asked for.
pub(crate) fn as_text(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::VoiceAsText, &[])
}

/// It is longer than what is listened to.
pub(crate) fn too_long(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::VoiceTooLong, &[("minutes", (MAX_VOICE_SECONDS / 60).into())])
}

/// There were many today.
pub(crate) fn enough(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::VoiceEnough, &[])
}

/// It is being listened to.
pub(crate) fn listening(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::VoiceListening, &[])
}

/// These words are in it; the answer to them stands below.
pub(crate) fn heard(voice: &Voice<'_>, text: &str) -> Screen {
    voice.screen(Key::VoiceHeard, &[("text", text.into())])
}

/// There are no words in it.
pub(crate) fn nothing(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::VoiceNothing, &[])
}

/// It could not be put into words.
pub(crate) fn given_up(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::VoiceGivenUp, &[])
}
