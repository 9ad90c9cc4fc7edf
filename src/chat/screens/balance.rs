//! `/balance`

use crate::chat::{
    key::Key,
    screen::Screen,
    screens::{
        help::{top_up, top_up_button},
        start,
    },
    voice::Voice,
};
use crate::domain::{credits::Credits, options::Price};

/// The operator gave credits: how many, and how many there are now.
pub(crate) fn granted(voice: &Voice<'_>, amount: Credits, balance: Credits) -> Screen {
    voice.screen(Key::CreditsGranted, &[("amount", amount.into()), ("credits", balance.into())])
}

/// The credits, the price of one video, and how to get more.
pub(crate) fn balance(voice: &Voice<'_>, balance: Credits, price: Price, support: &str) -> Screen {
    Screen::of_paragraphs(&[
        voice.text(Key::Balance, &[("credits", balance.into())]),
        start::price(voice, Key::BalancePrice, price),
        top_up(voice, support),
    ])
    .row(top_up_button(voice, support))
}
