//! `/help` and the texts that Telegram asks for.

use crate::chat::key::Key;
use crate::chat::screen::Screen;
use crate::chat::voice::Voice;

/// How it works.
pub fn help(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::Help, &[])
}

/// Whom to write to.
pub fn support(voice: &Voice<'_>, support: &str) -> Screen {
    Screen::new(contact(voice, support, Key::Support, Key::SupportNobody))
}

/// The terms of use.
pub fn terms(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::Terms, &[])
}

/// What is stored about a person.
pub fn privacy(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::Privacy, &[])
}

/// Whom to write to about a payment.
pub fn pay_support(voice: &Voice<'_>, support: &str) -> Screen {
    Screen::new(contact(voice, support, Key::Paysupport, Key::PaysupportNobody))
}

/// `somebody` with the operator's contact in it, or `nobody` when none is set.
pub(crate) fn contact(voice: &Voice<'_>, support: &str, somebody: Key, nobody: Key) -> String {
    match support.trim() {
        "" => voice.text(nobody, &[]),
        support => voice.text(somebody, &[("support", support.into())]),
    }
}
