//! Every screen in both languages, looked at as Telegram would.
#![cfg(test)]

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use crate::chat::{
    check::MAX_PART,
    ftl::{needs, variables},
    key::Key,
    own_text::TextFault,
    refusal::sentence,
    screen::{MAX_LABEL, Screen},
    screens::{
        alert,
        balance::{balance, granted},
        closing::{Went, closing},
        help, hint, language,
        order::{self, Shortage},
        own_text, photo,
        prompt::{self, Caption, Ideas, ideas},
        script::{self, Offer, ReadyScript},
        start::{self, Welcome},
    },
    settings::Settings,
    tap::{MAX_DATA, Tap},
    text::{MAX_TEXT, check_html, cut, shown_units, units},
    voice::Voice,
    words::{Words, shipped_file},
};
use crate::config::settings::Config;
use crate::domain::{
    credits::Credits,
    draft::{Fallback, ScriptId, SourceKind},
    failure::{FailureKind, Violation},
    id::{DraftId, OrderId, OutboxId},
    notification::{Alert, Concern},
    options::{Offered, Options},
    photo::PhotoFault,
    ports::LONGEST_SUMMARY,
    preset::{Localized, Preset},
    user::Language,
    video::Aspect,
};

const DRAFT: DraftId = DraftId(i64::MAX);
/// Messages that stand only within others.
const PARTS: [Key; 2] = [Key::Credits, Key::CreditBack];
const SCRIPT: ScriptId = ScriptId { draft: DRAFT, revision: u32::MAX };
const ORDER: OrderId = OrderId(i64::MAX);
const ROW: OutboxId = OutboxId(i64::MAX);
const UNTIL: &str = "2025-11-24 19:00 MSK";

fn preset(label: &str) -> Preset {
    Preset {
        id: "a".repeat(24),
        label: Localized { ru: label.into(), en: label.into() },
        idea: "The camera moves up.".into(),
    }
}

fn shown(voice: &Voice<'_>, text: &str, source: SourceKind, fallback: Option<Fallback>) -> Screen {
    let summary = Localized { ru: cut(text, LONGEST_SUMMARY), en: cut(text, LONGEST_SUMMARY) };
    let summary = (source == SourceKind::Edited).then_some(&summary);
    let written = ReadyScript { id: SCRIPT, source, prompt: text, summary, fallback };
    let settings = Settings::default();
    let offer = settings.offer(Credits(3), settings.rules.offered.usual_quote());
    script::script(voice, &written, &offer)
}

/// The script with everything that can be chosen of a model's videos, for photos of other shapes.
fn choices(voice: &Voice<'_>) -> Vec<Screen> {
    let id = SCRIPT;
    let (source, prompt) = (SourceKind::Preset, "A mug.");
    let written = ReadyScript { id, source, prompt, summary: None, fallback: None };
    let models = Config::default().models.into_iter().map(Some).chain([None]);
    let usual = Options { aspect: Aspect::Card, seconds: 15 };
    let all = models.flat_map(|model| {
        let offered = Offered { model, usual };
        [None, Some((1000, 1000)), Some((300, 9000))].map(|sides| {
            let settings = Settings::default();
            let offer = settings.offer(Credits(3), offered.usual_quote());
            let offer = Offer { offered: &offered, number: u32::MAX, sides, ..offer };
            script::script(voice, &written, &offer)
        })
    });
    all.collect()
}

/// The script with every source, with and without the script writer.
fn scripts(voice: &Voice<'_>, text: &str) -> Vec<Screen> {
    let fallbacks = Fallback::ALL.map(Some).into_iter().chain([None]);
    let all = SourceKind::ALL
        .into_iter()
        .flat_map(|source| fallbacks.clone().map(move |fallback| (source, fallback)));
    all.map(|(source, fallback)| shown(voice, text, source, fallback)).collect()
}

/// The ideas for a new photo, for one that was there, and beside a text under it.
fn every_ideas(voice: &Voice<'_>, presets: &[Preset], text: &str) -> [Screen; 3] {
    let caption = Some(Caption { script: SCRIPT, text });
    [
        (prompt::Occasion::NewPhoto, None),
        (prompt::Occasion::SamePhoto, None),
        (prompt::Occasion::NewPhoto, caption),
    ]
    .map(|(occasion, caption)| ideas(voice, &Ideas { draft: DRAFT, presets, occasion, caption }))
}

/// Every screen in a language, with `text` wherever text from outside comes in.
fn all(voice: &Voice<'_>, text: &str) -> Vec<Screen> {
    let presets = [preset(text), preset("Up"), preset("Свет")];
    let price = Credits(1);
    let welcome = |occasion| Welcome { occasion, balance: Credits(1), price, presets: &presets };
    let waits = [60, 290, 2000, 9000].map(Duration::from_secs);
    let mut screens = vec![
        start::start(voice, &welcome(start::Occasion::FirstContact)),
        start::start(voice, &welcome(start::Occasion::FirstPhoto)),
        start::start(voice, &welcome(start::Occasion::Menu)),
        start::examples(voice, &presets),
        photo::needed(voice),
        photo::album(voice),
        photo::unusable(voice, PhotoFault::NotAnImage),
        photo::unusable(voice, PhotoFault::OtherFormat),
        photo::unusable(voice, PhotoFault::TooLarge),
        photo::unusable(voice, PhotoFault::TooSmall),
        own_text::invitation(voice, DRAFT),
        own_text::unusable(voice, TextFault::Empty),
        own_text::unusable(voice, TextFault::TooLong { length: 5000 }),
        script::writing(voice),
        script::still_writing(voice),
        script::no_more(voice),
        script::edit(voice, text),
        own_text::offer(voice, offer(text, None)),
        order::accepted(voice, 3, Credits(2), None),
        order::too_few_credits(voice, &shortage(text)),
        order::too_few_credits(voice, &shortage("")),
        order::already_ordered(voice),
        order::paused(voice),
        closing(voice, ORDER, 1, Went::Delivered(1)),
        closing(voice, ORDER, 3, Went::Delivered(3)),
        closing(voice, ORDER, 3, Went::Delivered(2)),
        closing(voice, ORDER, 3, Went::Delivered(0)),
        closing(voice, ORDER, 1, Went::Delivered(0)),
        closing(voice, ORDER, 1, Went::PhotoRefused),
        closing(voice, ORDER, 5, Went::PhotoRefused),
        voice.screen(Key::OrderHeld, &[]),
        granted(voice, Credits(5), Credits(8)),
        balance(voice, Credits(3), Credits(1), text),
        balance(voice, Credits(3), Credits(1), " "),
        help::help(voice),
        help::support(voice, text),
        help::support(voice, ""),
        help::terms(voice),
        help::privacy(voice),
        help::pay_support(voice, text),
        help::pay_support(voice, ""),
        language::choose(voice),
        language::chosen(voice),
        hint::stale(voice),
        hint::unknown_command(voice),
        hint::other_media(voice),
        hint::cancelled(voice),
        hint::pleasure(voice),
        hint::trouble(voice),
    ];
    screens.extend(every_ideas(voice, &presets, text));
    screens.extend(scripts(voice, text));
    screens.extend(choices(voice));
    let status = |wait| Some(progress(voice, wait));
    screens.extend(waits.map(|wait| own_text::offer(voice, offer(text, status(wait)))));
    screens.extend(waits.map(|wait| order::accepted(voice, 3, Credits(2), Some(wait))));
    screens.extend(failures(voice));
    screens.extend(alerts(text).map(|alert| alert::alert(voice, ROW, &alert)));
    screens.extend(alerts(text).map(|alert| alert::muted(voice, ROW, &alert, UNTIL)));
    screens
}

fn offer(text: &str, status: Option<String>) -> own_text::Offer<'_> {
    own_text::Offer { script: SCRIPT, text, status }
}

fn progress(voice: &Voice<'_>, wait: Duration) -> String {
    order::progress(voice, &order::Progress { ready: 1, count: 3, wait: Some(wait) })
}

fn shortage(support: &str) -> Shortage<'_> {
    Shortage { count: 5, cost: Credits(5), balance: Credits(3), support }
}

fn alerts(text: &str) -> impl Iterator<Item = Alert> {
    let alert = |concern| Alert { concern, subject: text.to_owned(), detail: text.to_owned() };
    Concern::ALL.into_iter().map(alert)
}

fn failures(voice: &Voice<'_>) -> impl Iterator<Item = Screen> {
    let violations = || Violation::ALL.into_iter().map(Some).chain([None]);
    let causes = FailureKind::ALL
        .into_iter()
        .flat_map(move |kind| violations().map(move |violation| (kind, violation)));
    causes.flat_map(move |(kind, violation)| {
        [(1, 1), (1, 0), (1, 3), (5, 5), (5, 0)].map(|(videos, credits)| {
            Screen::new(sentence(voice, kind, violation, videos, Credits(credits)))
        })
    })
}

#[test]
fn telegram_takes_every_screen_whatever_text_comes_in() {
    let words = Words::shipped();
    let texts = ["кофе".to_owned(), "</b>&lt;<".repeat(500), "🎬".repeat(5000), String::new()];
    for language in Language::ALL {
        for text in &texts {
            for screen in all(&words.voice(language), text) {
                assert_eq!(check_html(screen.text()), Ok(()), "{}", screen.text());
                assert!((1..=MAX_TEXT).contains(&shown_units(screen.text())), "{}", screen.text());
                assert!(!screen.text().contains("{$"), "a value is missing: {}", screen.text());
                for button in screen.buttons.iter().flatten() {
                    assert!((1..=MAX_LABEL).contains(&units(&button.label)), "{}", button.label);
                    assert!((1..=MAX_DATA).contains(&button.data().len()), "{}", button.label);
                    assert!(Tap::parse(button.data()).is_some(), "{}", button.data());
                }
            }
        }
    }
}

#[test]
fn the_operators_longest_words_still_fit() {
    let dir = tempfile::tempdir().unwrap();
    // Room for three numbers of two digits.
    let long = "a".repeat(MAX_PART - 6);
    let shipped = needs(&shipped_file(Language::Ru));
    let line = |key: &Key| {
        let values: Vec<String> = variables(&shipped, key.name()).into_iter().collect();
        match values.join(" }{ $").as_str() {
            "" => format!("{key} = {long}"),
            values => format!("{key} = {long}{{ ${values} }}"),
        }
    };
    let whole = |key: &&Key| !key.is_plain() && !PARTS.contains(key);
    let lines: Vec<String> = Key::ALL.iter().filter(whole).map(line).collect();
    let file = lines.join("\n");
    fs::write(dir.path().join("ru.ftl"), file).unwrap();
    let words = Words::new(Some(dir.path())).unwrap();
    for screen in all(&words.voice(Language::Ru), &"🎬".repeat(5000)) {
        assert!(shown_units(screen.text()) <= MAX_TEXT, "{}", screen.text());
    }
}

#[test]
fn every_key_is_used_somewhere() {
    let mut code = String::new();
    let chat = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/chat");
    for dir in [chat.clone(), chat.join("screens"), chat.join("handlers")] {
        for file in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if file.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(file).unwrap();
                code += text.split("[cfg(test)]").next().unwrap();
            }
        }
    }
    let unused: BTreeSet<String> = Key::ALL
        .iter()
        .filter(|key| !PARTS.contains(key))
        .map(|key| format!("Key::{key:?}"))
        .filter(|name| {
            !code.match_indices(name).any(|(at, _)| ends_there(&code[at + name.len()..]))
        })
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn ends_there(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric())
}

#[test]
fn a_grant_names_what_came_and_what_there_is() {
    let screen = granted(&Words::shipped().voice(Language::Ru), Credits(21), Credits(24));
    assert_eq!(screen.text(), "🎁 Вам начислено: 21\u{a0}кредит. На балансе: 24\u{a0}кредита");
}
