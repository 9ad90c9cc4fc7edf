//! The answer to "1 / 3 / 5 videos", and how the order stands from then on.

use std::time::Duration;

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    screens::{
        cancellable::{Cancellable, labels},
        help::{top_up, top_up_button},
    },
    tap::Tap,
    voice::Voice,
};
use crate::domain::{credits::Credits, id::OrderId};
use crate::store::standing::{Standing, Trouble};

/// The minutes that are said: nobody knows them better.
const ROUND_MINUTES: [u64; 11] = [1, 2, 3, 5, 10, 15, 20, 30, 40, 50, 60];

/// How an order stands while its videos are made: what was accepted, the balance, and what is done and
/// awaited. It is the answer to the tap, and the same message says it anew until the order has closed.
pub(crate) fn accepted(
    voice: &Voice<'_>,
    order: OrderId,
    standing: &Standing,
    balance: Credits,
) -> Screen {
    let screen = Screen::of_paragraphs(&[
        voice.text(Key::OrderAccepted, &[("count", standing.count.into())]),
        left(voice, balance),
        joined(lines(voice, standing)),
        voice.text(Key::OrderSoon, &[("count", standing.count.into())]),
    ]);
    let all = standing.cancellable == standing.count;
    let label = match standing.cancellable {
        0 => return screen,
        _ if all => voice.text(Key::ButtonCancel, &[]),
        some => voice.text(Key::ButtonCancelVideos, &[("videos", some.into())]),
    };
    screen.row([Button::new(&label, &Tap::Cancel { order })])
}

/// The balance after an order, and how to get more when that was the last of it.
pub(crate) fn left(voice: &Voice<'_>, balance: Credits) -> String {
    if balance > Credits(0) {
        return voice.text(Key::OrderBalance, &[("credits", balance.into())]);
    }
    voice.text(Key::OrderLast, &[])
}

/// How an order went: the last words of the same message.
pub(crate) fn ended(voice: &Voice<'_>, standing: &Standing) -> Screen {
    let Standing { count, delivered, cancelled, .. } = *standing;
    let key = match delivered {
        0 if cancelled == count => Key::EndedCancelled,
        0 => Key::EndedNone,
        some if some < count => Key::EndedSome,
        _ => Key::EndedAll,
    };
    voice.screen(key, &[("ready", delivered.into()), ("count", count.into())])
}

/// The most buttons that call something off.
const MOST_CANCELLED: usize = 20;

/// How far a person's orders are that are being made, with a button for each that can be called off.
pub(crate) fn progress(
    voice: &Voice<'_>,
    together: &Standing,
    cancellable: &[Cancellable],
) -> Screen {
    let mut text = vec![
        voice.text(Key::Progress, &[("count", in_progress(together).into())]),
        joined(lines(voice, together)),
    ];
    if cancellable.len() > MOST_CANCELLED {
        let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let values =
            [("shown", whole(MOST_CANCELLED).into()), ("count", whole(cancellable.len()).into())];
        text.push(voice.text(Key::ProgressMore, &values));
    }
    let shown = &cancellable[..cancellable.len().min(MOST_CANCELLED)];
    let labelled = shown.iter().zip(labels(voice, shown));
    labelled.fold(Screen::of_paragraphs(&text), |screen, (one, label)| {
        screen.row([Button::new(&label, &Tap::Cancel { order: one.order })])
    })
}

/// The same in two sentences, for a message that is about something else.
pub(crate) fn progress_in_short(voice: &Voice<'_>, together: &Standing) -> String {
    let progress = voice.text(Key::Progress, &[("count", in_progress(together).into())]);
    let [ready, _, _, filming, trouble, place, begins, wait] = lines(voice, together);
    let most = trouble.or(wait).or(place).or(ready).or(filming).or(begins);
    [Some(progress), most].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// How many videos are still to come.
fn in_progress(together: &Standing) -> u32 {
    let Standing { count, delivered, failed, cancelled, .. } = *together;
    count.saturating_sub(delivered + failed + cancelled).max(1)
}

fn joined(lines: [Option<String>; 8]) -> String {
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// What is done, what holds it up, and how long it may take: each where there is something to say.
fn lines(voice: &Voice<'_>, standing: &Standing) -> [Option<String>; 8] {
    let Standing { count, delivered, failed, cancelled, filming, trouble, ahead, wait, .. } =
        *standing;
    let is_held = trouble == Some(Trouble::Held);
    let say = |key, values: &[_]| Some(voice.text(key, values));
    let videos = |key, videos: u32| {
        let values = [("videos", videos.into()), ("count", count.into())];
        (videos > 0).then(|| voice.text(key, &values))
    };
    let ready = [("ready", delivered.into()), ("count", count.into())];
    // The next of an order of which one is being filmed has nobody before it.
    let is_place = |ahead: &u32| !is_held && (*ahead > 0 || filming == 0);
    let place = ahead.filter(is_place).map(|ahead| match rounded_place(ahead) {
        Some(place) => voice.text(Key::StatusQueue, &[("videos", place.into())]),
        None => voice.text(Key::StatusQueueNext, &[]),
    });
    let is_about_to_begin = filming + delivered == 0 && place.is_none() && trouble.is_none();
    [
        (delivered > 0).then(|| voice.text(Key::StatusReady, &ready)),
        videos(Key::StatusFailed, failed),
        videos(Key::StatusCancelled, cancelled),
        videos(Key::StatusFilming, filming),
        trouble.and_then(|trouble| say(in_words(trouble), &[])),
        place,
        is_about_to_begin.then(|| voice.text(Key::StatusBegins, &[])),
        wait.filter(|_| !is_held).map(|wait| about(voice, wait)),
    ]
}

fn in_words(trouble: Trouble) -> Key {
    match trouble {
        Trouble::Sending => Key::StatusSending,
        Trouble::Slow => Key::StatusSlow,
        Trouble::Retry => Key::StatusRetry,
        Trouble::Busy => Key::StatusBusy,
        Trouble::Held => Key::StatusHeld,
    }
}

/// A place in the queue as it is said; `None` near its head. Who goes first changes with every video that
/// others order or get, so nobody knows it better.
fn rounded_place(ahead: u32) -> Option<u32> {
    const PLACES: [u32; 14] = [5, 10, 20, 40, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000];
    let thousands = || ahead.div_ceil(1000).saturating_mul(1000);
    let place = || PLACES.into_iter().find(|place| *place >= ahead).unwrap_or_else(thousands);
    (ahead > 2).then(place)
}

/// A wait as it is said: in minutes, or in hours where it is longer than one.
fn rounded_minutes(wait: Duration) -> u64 {
    let needed = wait.as_secs().div_ceil(60).max(1);
    let minutes = ROUND_MINUTES.into_iter().find(|round| *round >= needed);
    minutes.unwrap_or_else(|| needed.div_ceil(60) * 60)
}

/// A wait in words.
fn about(voice: &Voice<'_>, wait: Duration) -> String {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    match rounded_minutes(wait) {
        minutes if minutes <= 60 => {
            voice.text(Key::StatusWait, &[("minutes", whole(minutes).into())])
        }
        minutes => voice.text(Key::StatusWaitHours, &[("hours", whole(minutes / 60).into())]),
    }
}

/// After how long a wait that passes is said in other words.
pub(crate) fn passes_into_less(wait: Duration) -> Duration {
    let said = rounded_minutes(wait);
    let hours = if said > 60 { Some(said.saturating_sub(60)) } else { None };
    let less = hours.or_else(|| ROUND_MINUTES.into_iter().rev().find(|round| *round < said));
    wait.saturating_sub(Duration::from_mins(less.unwrap_or(0)))
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
    use std::collections::BTreeSet;

    use super::*;
    use crate::chat::{screens::cancellable::OrderName, words::Words};
    use crate::domain::user::Language;

    fn shown(language: Language, standing: Standing) -> Screen {
        accepted(&Words::shipped().voice(language), OrderId(9), &standing, Credits(2))
    }

    /// The lines in the middle of the message.
    fn said(standing: Standing) -> String {
        let screen = shown(Language::Ru, standing);
        let text = screen.text().replace('\u{a0}', " ");
        text.split("\n\n").nth(2).unwrap().to_owned()
    }

    const THREE: Standing = Standing {
        count: 3,
        delivered: 0,
        failed: 0,
        cancelled: 0,
        waiting: 3,
        cancellable: 3,
        filming: 0,
        trouble: None,
        ahead: None,
        wait: None,
        changes_in: None,
    };

    #[test]
    fn an_accepted_order_shows_what_is_left_and_how_long_it_takes() {
        let screen = shown(Language::Ru, Standing { wait: Some(Duration::from_mins(5)), ..THREE });
        assert_eq!(
            screen.text(),
            "✅ Принял! 🎬 Генерация 3\u{a0}видео запущена!\n\n💳 На балансе: 2\u{a0}кредита\n\n\
             Сейчас начну снимать.\nЖдать примерно 5\u{a0}минут.\n\n\
             Каждое видео пришлю, как только оно будет готово.",
        );
        let button = &screen.buttons[0][0];
        assert_eq!((button.label.as_str(), button.data()), ("✖️ Отменить", "c:9"));
        let english = shown(Language::En, Standing { count: 1, ..THREE });
        assert!(english.text().starts_with(
            "✅ Got it! 🎬 1\u{a0}video is on the way!\n\n💳 Your balance: 2\u{a0}credits"
        ));
    }

    #[test]
    fn the_place_in_the_queue_is_said_in_bands() {
        for (ahead, words) in [
            (1, "🕐 Вы почти первые в очереди."),
            (3, "🕐 В очереди: перед вами около 5 видео."),
            (37, "🕐 В очереди: перед вами около 40 видео."),
            (41, "🕐 В очереди: перед вами около 70 видео."),
            (2001, "🕐 В очереди: перед вами около 3000 видео."),
        ] {
            let said =
                said(Standing { ahead: Some(ahead), wait: Some(Duration::from_mins(61)), ..THREE });
            assert_eq!(said, format!("{words}\nЖдать примерно 2 часа."));
        }
    }

    #[test]
    fn what_is_done_and_what_goes_wrong_is_said() {
        let one = Standing { delivered: 1, waiting: 1, cancellable: 1, filming: 1, ..THREE };
        assert_eq!(said(one), "✅ Готово 1 из 3 видео.\n🎥 Снимается 1 видео.");
        assert_eq!(said(Standing { ahead: Some(0), ..one }), said(one));
        let buttons = shown(Language::Ru, one).buttons;
        assert_eq!(buttons[0][0].label, "✖️ Отменить 1\u{a0}видео");
        let none = Standing { cancellable: 0, ..one };
        assert!(shown(Language::Ru, none).buttons.is_empty());
        let held = Standing { trouble: Some(Trouble::Held), ahead: Some(9), ..THREE };
        let said_of_held = said(Standing { wait: Some(Duration::from_mins(3)), ..held });
        assert!(said_of_held.starts_with("🔧 Студия на ремонте") && !said_of_held.contains('\n'));
        let lost = Standing { failed: 1, cancelled: 2, ..Standing { waiting: 0, ..THREE } };
        assert!(said(lost).contains("Не получилось 1 видео"), "{}", said(lost));
        assert!(said(lost).contains("Отменено 2 видео"), "{}", said(lost));
    }

    #[test]
    fn a_wait_is_said_anew_when_its_words_change() {
        let after = |seconds| passes_into_less(Duration::from_secs(seconds)).as_secs();
        for (wait, change) in [
            (290, 110),
            (300, 120),
            (60, 60),
            (30, 30),
            (61, 1),
            (3660, 60),
            (7200, 3600),
            (7201, 1),
        ] {
            assert_eq!(after(wait), change, "{wait}");
            let said = rounded_minutes(Duration::from_secs(wait));
            assert_eq!(rounded_minutes(Duration::from_secs(wait - change + 1)), said, "{wait}");
            assert!(change == wait || rounded_minutes(Duration::from_secs(wait - change)) < said);
        }
    }

    #[test]
    fn the_last_words_say_how_the_order_went() {
        let words = Words::shipped();
        let said = |delivered, failed, cancelled| {
            let count = delivered + failed + cancelled;
            let standing = Standing { count, delivered, failed, cancelled, ..Standing::default() };
            let screen = ended(&words.voice(Language::Ru), &standing);
            assert!(screen.buttons.is_empty());
            screen.text().replace('\u{a0}', " ")
        };
        assert_eq!(said(1, 0, 0), "✅ Видео у вас.");
        assert_eq!(said(3, 0, 0), "✅ Все 3 видео у вас.");
        assert_eq!(said(2, 1, 0), "✅ Готово 2 из 3 видео, за остальное кредиты вернули.");
        assert_eq!(said(0, 0, 3), "✖️ Заказ на 3 видео отменён, кредиты вернули.");
        assert!(said(0, 1, 1).starts_with("❌ Видео не получились"));
    }

    #[test]
    fn what_can_be_called_off_has_a_name_and_never_too_many_buttons() {
        let words = Words::shipped();
        let voice = words.voice(Language::Ru);
        let standing = Standing { count: 3, waiting: 3, cancellable: 3, ..Standing::default() };
        let of = |name| Cancellable { order: OrderId(7), name, videos: 3 };
        let time = || "26.11 14:05".to_owned();
        let shown = progress(
            &voice,
            &standing,
            &[
                of(OrderName::Only),
                of(OrderName::Product("арт. 7".to_owned(), time())),
                of(OrderName::Placed(time(), None)),
                of(OrderName::Series(10, time())),
            ],
        );
        let labels = shown.buttons.iter().map(|row| row[0].label.replace('\u{a0}', " "));
        assert_eq!(
            labels.collect::<Vec<_>>(),
            [
                "✖️ Отменить 3 видео",
                "✖️ 3 видео: арт. 7",
                "✖️ 3 видео: 26.11 14:05",
                "✖️ 3 видео: 10 товаров, 26.11 14:05"
            ]
        );
        for (orders, buttons, more) in [(20, 20, false), (21, 20, true), (150, 20, true)] {
            let many = vec![of(OrderName::Placed(time(), None)); orders];
            let shown = progress(&voice, &standing, &many);
            assert_eq!(shown.buttons.len(), buttons);
            let labels = shown.buttons.iter().map(|row| &row[0].label);
            assert_eq!(labels.collect::<BTreeSet<_>>().len(), buttons);
            assert_eq!(shown.text().contains("у\u{a0}первых 20"), more, "{}", shown.text());
        }
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
