//! A refused text that could not be written anew.

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    voice::Voice,
};
use crate::domain::id::OrderId;

/// The script writer is away: the rewrite is still free later.
pub(crate) fn away(voice: &Voice<'_>, order: OrderId) -> Screen {
    let again = voice.button(Key::ButtonRewrite, &Tap::Rewrite { order });
    voice.screen(Key::RewriteAway, &[]).row([again]).row([more(voice, order)])
}

/// It was asked often enough: another idea for the same photo.
pub(crate) fn given_up(voice: &Voice<'_>, order: OrderId) -> Screen {
    voice.screen(Key::RewriteGivenUp, &[]).row([more(voice, order)])
}

fn more(voice: &Voice<'_>, order: OrderId) -> Button {
    voice.button(Key::ButtonMore, &Tap::MoreWithPhoto { order })
}
