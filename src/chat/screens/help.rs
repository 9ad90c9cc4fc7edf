//! `/help` and the texts that Telegram asks for.

use crate::chat::{key::Key, screen::Screen, voice::Voice};

/// How it works.
pub(crate) fn help(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::Help, &[])
}

/// The operator's contact.
pub(crate) fn support(voice: &Voice<'_>, support: &str) -> Screen {
    Screen::new(contact(voice, support, Key::Support, Key::SupportNobody))
}

/// The terms of use.
pub(crate) fn terms(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::Terms, &[])
}

/// What is stored about a person.
pub(crate) fn privacy(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::Privacy, &[])
}

/// The operator's contact for questions about a payment.
pub(crate) fn pay_support(voice: &Voice<'_>, support: &str) -> Screen {
    Screen::new(contact(voice, support, Key::Paysupport, Key::PaysupportNobody))
}

/// The text `with` the operator's contact in it, or the one `without` when none is set.
pub(crate) fn contact(voice: &Voice<'_>, support: &str, with: Key, without: Key) -> String {
    match support.trim() {
        "" => voice.text(without, &[]),
        support => voice.text(with, &[("support", support.into())]),
    }
}
