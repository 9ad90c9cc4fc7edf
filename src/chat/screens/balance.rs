//! `/balance`

use crate::chat::key::Key;
use crate::chat::screen::Screen;
use crate::chat::screens::help::contact;
use crate::chat::words::Words;
use crate::domain::credits::Credits;
use crate::domain::user::Language;

/// The credits, the price of one video, and how to get more.
pub fn balance(
    words: &Words,
    language: Language,
    balance: Credits,
    price: Credits,
    support: &str,
) -> Screen {
    Screen::of_paragraphs(&[
        words.say(language, Key::Balance, &[("credits", balance.into())]),
        words.say(language, Key::BalancePrice, &[("credits", price.into())]),
        contact(words, language, support, Key::OrderTopUp, Key::OrderTopUpNobody),
    ])
}
