//! The answer to "1 / 3 / 5 videos".

use std::time::Duration;

use crate::chat::{
    key::Key,
    screen::Screen,
    screens::help::{top_up, top_up_button},
    voice::Voice,
};
use crate::domain::credits::Credits;

/// The minutes that are said: nobody knows them better.
const ROUND_MINUTES: [u64; 11] = [1, 2, 3, 5, 10, 15, 20, 30, 40, 50, 60];

/// The order is placed: the balance left, and how long it may take, if that is known.
pub(crate) fn accepted(
    voice: &Voice<'_>,
    count: u32,
    balance: Credits,
    wait: Option<Duration>,
) -> Screen {
    Screen::of_paragraphs(&[
        voice.text(Key::OrderAccepted, &[("count", count.into())]),
        left(voice, balance),
        wait.map_or_else(
            || voice.text(Key::OrderSoon, &[]),
            |wait| about(voice, wait, Key::OrderWait, Key::OrderWaitHours),
        ),
    ])
}

/// The balance after an order, and how to get more when that was the last of it.
pub(crate) fn left(voice: &Voice<'_>, balance: Credits) -> String {
    if balance > Credits(0) {
        return voice.text(Key::OrderBalance, &[("credits", balance.into())]);
    }
    voice.text(Key::OrderLast, &[])
}

/// How far a person's orders are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// Videos that arrived.
    pub ready: u32,
    /// Videos that were ordered.
    pub count: u32,
    /// How long it may still take.
    pub wait: Option<Duration>,
}

/// How far the orders are that are being made.
pub(crate) fn progress(voice: &Voice<'_>, orders: &Progress) -> String {
    let Progress { ready, count, wait } = *orders;
    let key = if ready > 0 { Key::ProgressSome } else { Key::ProgressNone };
    let text = voice.text(key, &[("ready", ready.into()), ("count", count.into())]);
    match wait {
        Some(wait) => {
            let wait = about(voice, wait, Key::ProgressWait, Key::ProgressWaitHours);
            format!("{text} {wait}")
        }
        None => text,
    }
}

/// A wait in words: in minutes, or in hours where it is longer than one.
fn about(voice: &Voice<'_>, wait: Duration, minutes: Key, hours: Key) -> String {
    let whole = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
    let needed = wait.as_secs().div_ceil(60).max(1);
    match ROUND_MINUTES.into_iter().find(|round| *round >= needed) {
        Some(round) => voice.text(minutes, &[("minutes", whole(round).into())]),
        None => voice.text(hours, &[("hours", whole(needed.div_ceil(60)).into())]),
    }
}

/// An order that costs more than the person has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shortage<'a> {
    /// How many videos were to be ordered.
    pub count: u32,
    /// What they cost together.
    pub cost: Credits,
    /// What the person has.
    pub balance: Credits,
    /// The operator's contact; may be empty.
    pub support: &'a str,
}

/// Too few credits: how many are missing, and how to get them. A message of its own, so that
/// the script above it keeps its buttons.
pub(crate) fn too_few_credits(voice: &Voice<'_>, shortage: &Shortage<'_>) -> Screen {
    let Shortage { count, cost, balance, support } = *shortage;
    let missing = cost.0.saturating_sub(balance.0).max(0);
    let values =
        [("count", count.into()), ("missing", missing.into()), ("credits", balance.into())];
    Screen::of_paragraphs(&[voice.text(Key::OrderShort, &values), top_up(voice, support)])
        .row(top_up_button(voice, support))
}

/// The draft has been ordered before: nothing was charged again.
pub(crate) fn already_ordered(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::OrderAlready, &[])
}

/// The operator takes no orders just now. The script keeps its buttons for later.
pub(crate) fn paused(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::OrderPaused, &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::user::Language;

    #[test]
    fn an_accepted_order_shows_what_is_left_and_how_long_it_takes() {
        let words = Words::shipped();
        let wait = Some(Duration::from_secs(290));
        let screen = accepted(&words.voice(Language::Ru), 3, Credits(2), wait);
        assert_eq!(
            screen.text(),
            "✅ Принял! 🎬 Генерация 3\u{a0}видео запущена!\n\n💳 На балансе: 2\u{a0}кредита\n\n\
             Обычно это занимает до 5\u{a0}минут. Каждое видео пришлю, как только оно будет готово.",
        );
        let english = accepted(&words.voice(Language::En), 1, Credits(1), None);
        assert!(english.text().starts_with(
            "✅ Got it! 🎬 1\u{a0}video is on the way!\n\n💳 Your balance: 1\u{a0}credit"
        ));
    }

    #[test]
    fn with_too_few_credits_the_screen_names_how_many_and_the_contact() {
        let words = Words::shipped();
        let short = |support| {
            let shortage = Shortage { count: 5, cost: Credits(5), balance: Credits(3), support };
            too_few_credits(&words.voice(Language::Ru), &shortage).text().to_owned()
        };
        assert_eq!(
            short("@shop_help"),
            "Немного не хватает: для 5\u{a0}видео нужно ещё 2\u{a0}кредита. На балансе: 3\u{a0}кредита. \
             Ничего не списано.\n\nЧтобы пополнить баланс, напишите @shop_help.",
        );
        assert!(short("").ends_with("Пополнить баланс может администратор бота."));
    }
}
