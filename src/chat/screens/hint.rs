//! Answers to what was not expected.

use crate::chat::key::Key;
use crate::chat::screen::Button;
use crate::chat::screen::Screen;
use crate::chat::tap::Tap;
use crate::chat::words::Words;
use crate::domain::user::Language;

/// A button of an old message whose draft is gone.
pub fn stale(words: &Words, language: Language) -> Screen {
    let menu = words.say(language, Key::ButtonMenu, &[]);
    Screen::new(words.say(language, Key::HintStale, &[])).row([Button::new(&menu, &Tap::Menu)])
}

/// A command that we do not have.
pub fn unknown_command(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::HintUnknownCommand, &[]))
}

/// A sticker, a voice message, a video …
pub fn other_media(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::HintOtherMedia, &[]))
}

/// Something of ours broke before the answer was ready.
pub fn trouble(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::HintTrouble, &[]))
}
