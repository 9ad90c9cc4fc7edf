//! `/help` and the texts that Telegram asks for.

use crate::chat::key::Key;
use crate::chat::screen::Screen;
use crate::chat::words::Words;
use crate::domain::user::Language;

/// How it works.
pub fn help(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::Help, &[]))
}

/// Whom to write to.
pub fn support(words: &Words, language: Language, support: &str) -> Screen {
    Screen::new(contact(words, language, support, Key::Support, Key::SupportNobody))
}

/// The terms of use.
pub fn terms(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::Terms, &[]))
}

/// What is stored about a person.
pub fn privacy(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::Privacy, &[]))
}

/// Whom to write to about a payment.
pub fn pay_support(words: &Words, language: Language, support: &str) -> Screen {
    Screen::new(contact(words, language, support, Key::Paysupport, Key::PaysupportNobody))
}

/// `somebody` with the operator's contact in it, or `nobody` when none is set.
pub(crate) fn contact(
    words: &Words,
    language: Language,
    support: &str,
    somebody: Key,
    nobody: Key,
) -> String {
    match support.trim() {
        "" => words.say(language, nobody, &[]),
        support => words.say(language, somebody, &[("support", support.into())]),
    }
}
