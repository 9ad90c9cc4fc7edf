//! The words and the language in which one person is answered.

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    words::{Value, Words},
};
use crate::domain::user::Language;

/// The words of reelbot in one language.
#[derive(Clone, Copy)]
pub struct Voice<'a> {
    /// The words, in every language.
    pub words: &'a Words,
    /// The language of this person.
    pub language: Language,
}

impl Words {
    /// These words in one language.
    pub fn voice(&self, language: Language) -> Voice<'_> {
        Voice { words: self, language }
    }
}

impl Voice<'_> {
    /// A message: Telegram HTML, or plain text for a [plain](Key::is_plain) key.
    pub fn text(&self, key: Key, values: &[(&str, Value<'_>)]) -> String {
        self.words.text(self.language, key, values)
    }

    /// A screen of one message, without buttons.
    pub fn screen(&self, key: Key, values: &[(&str, Value<'_>)]) -> Screen {
        Screen::new(self.text(key, values))
    }

    /// A button whose label needs no values.
    pub fn button(&self, label: Key, tap: &Tap) -> Button {
        Button::new(&self.text(label, &[]), tap)
    }
}
