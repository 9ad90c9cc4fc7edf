//! `/help` and the texts that Telegram asks for.

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    voice::Voice,
};
use crate::domain::contact::Contact;

/// How it works; that a text can be spoken, where the bot `listens`.
pub(crate) fn help(voice: &Voice<'_>, listens: bool) -> Screen {
    let mut more = voice.text(Key::HelpMore, &[]);
    if listens {
        more += "\n";
        more += &voice.text(Key::HelpVoice, &[]);
    }
    let [steps, commands] = [Key::Help, Key::HelpCommands].map(|key| voice.text(key, &[]));
    Screen::of_paragraphs(&[steps, more, commands])
}

/// The operator's contact.
pub(crate) fn support(voice: &Voice<'_>, support: &str) -> Screen {
    let text = contact(voice, support, Key::Support, Key::SupportPage, Key::SupportNobody);
    Screen::new(text).row(contact_button(voice, support, Key::ButtonWrite))
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
    let text = contact(voice, support, Key::Paysupport, Key::PaysupportPage, Key::PaysupportNobody);
    Screen::new(text).row(contact_button(voice, support, Key::ButtonWrite))
}

/// The text that says how to get credits.
pub(crate) fn top_up(voice: &Voice<'_>, support: &str) -> String {
    contact(voice, support, Key::OrderTopUp, Key::OrderTopUpPage, Key::OrderTopUpNobody)
}

/// The button that leads there, where one can.
pub(crate) fn top_up_button(voice: &Voice<'_>, support: &str) -> Option<Button> {
    contact_button(voice, support, Key::ButtonTopUp)
}

/// The text with the operator's contact in it: for one that is written `to`, or for a `page`; or the
/// one `without` when none is set.
fn contact(voice: &Voice<'_>, support: &str, to: Key, page: Key, without: Key) -> String {
    let support = support.trim();
    if support.is_empty() {
        return voice.text(without, &[]);
    }
    let (key, shown) = match Contact::parse(support) {
        Some(Contact::Page(url)) => (page, url.to_string()),
        Some(contact) => (to, contact.text().to_owned()),
        // A config that was never checked.
        None => (to, support.to_owned()),
    };
    voice.text(key, &[("support", shown.as_str().into())])
}

fn contact_button(voice: &Voice<'_>, support: &str, label: Key) -> Option<Button> {
    let url = Contact::parse(support.trim())?.url()?;
    Some(Button::url(&voice.text(label, &[]), url))
}
