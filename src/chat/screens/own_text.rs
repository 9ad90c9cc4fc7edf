//! The person's own words for the video.

use crate::chat::key::Key;
use crate::chat::own_text::MAX_OWN_TEXT;
use crate::chat::own_text::TextFault;
use crate::chat::screen::Button;
use crate::chat::screen::Screen;
use crate::chat::tap::Tap;
use crate::chat::words::Words;
use crate::domain::id::DraftId;
use crate::domain::user::Language;

/// What makes a good text, with an example, and the way back to the ideas.
pub fn invitation(words: &Words, language: Language, draft: DraftId) -> Screen {
    let back = words.say(language, Key::ButtonIdeas, &[]);
    Screen::new(words.say(language, Key::OwnTextInvitation, &[]))
        .row([Button::new(&back, &Tap::Ideas { draft })])
}

/// Why a text cannot serve.
pub fn unusable(words: &Words, language: Language, fault: TextFault) -> Screen {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let text = match fault {
        TextFault::Empty => words.say(language, Key::OwnTextEmpty, &[]),
        TextFault::TooLong { length } => {
            let values =
                [("length", number(length).into()), ("limit", number(MAX_OWN_TEXT).into())];
            words.say(language, Key::OwnTextTooLong, &values)
        }
    };
    Screen::new(text)
}
