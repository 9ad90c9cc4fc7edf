//! The person's own words for the video.

use crate::chat::{
    key::Key,
    own_text::{MAX_OWN_TEXT, TextFault},
    screen::Screen,
    tap::Tap,
    voice::Voice,
};
use crate::domain::id::DraftId;

/// What makes a good text, with an example, and the way back to the ideas.
pub(crate) fn invitation(voice: &Voice<'_>, draft: DraftId) -> Screen {
    voice
        .screen(Key::OwnTextInvitation, &[])
        .row([voice.button(Key::ButtonIdeas, &Tap::Ideas { draft })])
}

/// Why a text cannot be used.
pub(crate) fn unusable(voice: &Voice<'_>, fault: TextFault) -> Screen {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    match fault {
        TextFault::Empty => voice.screen(Key::OwnTextEmpty, &[]),
        TextFault::TooLong { length } => {
            let values =
                [("length", number(length).into()), ("limit", number(MAX_OWN_TEXT).into())];
            voice.screen(Key::OwnTextTooLong, &values)
        }
    }
}
