//! Answers to what was not expected.

use crate::chat::{key::Key, screen::Screen, tap::Tap, voice::Voice};

/// A button of an old message whose draft is gone.
pub(crate) fn stale(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::HintStale, &[]).row([voice.button(Key::ButtonMenu, &Tap::Menu)])
}

/// A command that the bot does not have.
pub(crate) fn unknown_command(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::HintUnknownCommand, &[])
}

/// A sticker, a video … `listens`: whether voice messages are understood.
pub(crate) fn other_media(voice: &Voice<'_>, listens: bool) -> Screen {
    voice.screen(Key::HintOtherMedia, &[("listens", u32::from(listens).into())])
}

/// Something polite was said.
pub(crate) fn pleasure(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::HintPleasure, &[])
}

/// The text that was asked for is not awaited any longer. What else the person may have meant stands below:
/// how far their orders are, with what can be called off.
pub(crate) fn cancelled(voice: &Voice<'_>, progress: Option<Screen>) -> Screen {
    let mut text = vec![voice.text(Key::HintCancelled, &[])];
    text.extend(progress.as_ref().map(|progress| progress.text().to_owned()));
    let buttons = progress.map(|progress| progress.buttons).unwrap_or_default();
    let screen = Screen { buttons, ..Screen::of_paragraphs(&text) };
    screen.row([voice.button(Key::ButtonMenu, &Tap::Menu)])
}

/// Nothing of the person's is being made.
pub(crate) fn nothing_to_cancel(voice: &Voice<'_>) -> Screen {
    let screen = voice.screen(Key::HintNothingToCancel, &[]);
    screen.row([voice.button(Key::ButtonMenu, &Tap::Menu)])
}

/// An error of our own came before the answer was ready.
pub(crate) fn trouble(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::HintTrouble, &[])
}

/// Why a person who is about to pay cannot: plain text, which Telegram shows by itself.
pub(crate) fn no_payments(voice: &Voice<'_>) -> String {
    voice.text(Key::ToastNoPayments, &[])
}
