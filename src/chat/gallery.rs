//! Every screen with sample data: the tests look at them as Telegram would, and the sandbox's
//! gallery shows them.

use crate::chat::{
    exhibit::{Named, all_named, distinct, exhibits, named},
    exhibited_albums::albums,
    exhibited_orders::{failures, in_progress, in_short, orders},
    exhibited_scripts::{choices, scripts},
    exhibited_videos::{my, styles, videos},
    key::Key,
    own_text::TextFault,
    screen::Screen,
    screens::{
        alert,
        balance::{balance, granted},
        closing::{Went, closing},
        help, hint, language,
        order::{self, Shortage},
        own_text,
        photo::{self, Replacement},
        prompt::{self, Caption, Ideas, ideas},
        rewrite,
        samples::{self, ChosenFor},
        script,
        settings::{self, Chosen},
        start::{self, Welcome},
        voice_message,
    },
    tap::Tap,
    text::cut,
    voice::Voice,
    words::Words,
};
use crate::config::presets::shipped;
use crate::domain::{
    article::LONGEST_NAME,
    credits::Credits,
    draft::ScriptId,
    id::{AlbumId, DraftId, OrderId, OutboxId},
    notification::{Alert, Concern},
    options::Price,
    photo::{Advice, Flaw, PhotoFault},
    preset::Preset,
    quiet::QuietHours,
    user::Language,
    video::Aspect,
};

/// A contact that is a page.
const PAGE: &str = "https://shop.example/pay";
const DRAFT: DraftId = DraftId(i64::MAX);
const SCRIPT: ScriptId = ScriptId { draft: DRAFT, revision: u32::MAX };
const ORDER: OrderId = OrderId(i64::MAX);
const ROW: OutboxId = OutboxId(i64::MAX);
const UNTIL: &str = "2025-11-24 19:00 MSK";

/// What comes into screens from outside.
#[derive(Clone, Copy, Debug)]
struct Outside<'a> {
    /// Prompts and what people write.
    text: &'a str,
    /// The operator's contact.
    support: &'a str,
    /// What an alert is about.
    subject: &'a str,
    /// What the provider said.
    detail: &'a str,
    /// The operator's zone.
    zone: &'a str,
    /// The operator's ideas.
    presets: &'a [Preset],
}

/// Every screen that differs from the others, in each language.
pub(crate) fn gallery() -> Vec<(String, Vec<Screen>)> {
    let (words, presets) = (Words::shipped(), shipped());
    let in_language = |language| {
        let text = match language {
            Language::Ru => "Кружка медленно поворачивается, над кофе поднимается пар.",
            Language::En => "The mug turns slowly while steam rises from the coffee.",
        };
        let (support, subject, zone) = ("@reelbot_help", "main", "UTC+3");
        let detail = "402: Credits insufficient";
        let outside = Outside { text, support, subject, detail, zone, presets: &presets };
        all(&words.voice(language), &outside)
    };
    distinct(&Language::ALL.map(in_language))
}

/// The ideas for a new photo, for one that was there, and beside a text under it; with all that may be
/// said of the photo.
fn every_ideas(voice: &Voice<'_>, presets: &[Preset], text: &str) -> Vec<Screen> {
    let caption = Some(Caption { script: SCRIPT, text });
    let name = cut(text, LONGEST_NAME);
    let flaws = [Flaw::Blurred, Flaw::TooDark, Flaw::TooSmall].map(Advice::Flaw);
    let shapes = [Advice::Background(Aspect::Portrait), Advice::Cut(Aspect::Portrait)];
    let advice = flaws.into_iter().chain(shapes).map(Some);
    let styles = &styles(text);
    let mut screens = Vec::new();
    let photos = [None, Some((3, 3)), Some((7, 10))];
    for (index, advice) in [None].into_iter().chain(advice).enumerate() {
        let photos = photos.get(index).copied().flatten();
        for (occasion, caption) in [
            (prompt::Occasion::NewPhoto, None),
            (prompt::Occasion::SamePhoto, None),
            (prompt::Occasion::NewPhoto, caption),
        ] {
            let name = advice.and(Some(name.as_str()));
            screens.push(ideas(
                voice,
                &Ideas {
                    draft: DRAFT,
                    presets,
                    styles,
                    occasion,
                    caption,
                    name,
                    photos,
                    has_others: index == 0 && caption.is_some(),
                    advice,
                },
            ));
        }
    }
    screens
}

/// One price for all videos, and one of many.
fn prices() -> [Price; 2] {
    let of = Some((Aspect::Portrait, Some(21)));
    [Price { credits: Credits(1), of: None }, Price { credits: Credits(21), of }]
}

/// The first screen, on each occasion.
fn starts(voice: &Voice<'_>, presets: &[Preset]) -> [Screen; 4] {
    let [price, dear] = prices();
    let welcome = |occasion, price| Welcome { occasion, balance: Credits(1), price, presets };
    [
        welcome(start::Occasion::FirstContact, price),
        welcome(start::Occasion::FirstPhoto, price),
        welcome(start::Occasion::Menu, price),
        welcome(start::Occasion::Menu, dear),
    ]
    .map(|welcome| start::start(voice, &welcome))
}

/// What is said of a photo that cannot serve, and of one that took the place of another.
fn photos(voice: &Voice<'_>) -> Vec<Named> {
    let unusable = PhotoFault::ALL.map(|fault| photo::unusable(voice, fault));
    let replaced = [(false, false), (true, false), (false, true), (true, true)]
        .map(|(is_written_anew, are_ordered)| Replacement { is_written_anew, are_ordered })
        .map(|replacement| photo::replaced(voice, replacement));
    let mut screens = all_named("photo::unusable", unusable);
    screens.extend(all_named("photo::replaced", replaced));
    screens.extend(all_named("photo::kept", [photo::kept(voice, PhotoFault::NotAnImage)]));
    screens
}

/// Every screen in a language.
fn all(voice: &Voice<'_>, outside: &Outside<'_>) -> Vec<Named> {
    let Outside { text, support, zone, presets, .. } = *outside;
    let [price, dear] = prices();
    let mut screens = all_named("start::start", starts(voice, presets));
    screens.extend(exhibits![
        start::examples(voice, presets),
        samples::sample(voice, &presets[0], true, ChosenFor::Draft(DRAFT)),
        samples::sample(voice, &presets[0], false, ChosenFor::Nothing),
        samples::after(voice, ChosenFor::Album(AlbumId(i64::MAX)), Some(u32::MAX)),
        samples::after(voice, ChosenFor::Nothing, None),
        photo::needed(voice),
        photo::named(voice, &cut(text, LONGEST_NAME)),
        own_text::invitation(voice, &Tap::Ideas { draft: DRAFT }, true),
        own_text::unusable(voice, TextFault::Empty),
        own_text::unusable(voice, TextFault::TooLong { length: 5000 }),
        voice_message::as_text(voice),
        voice_message::too_long(voice),
        voice_message::enough(voice),
        voice_message::listening(voice),
        voice_message::heard(voice, text),
        voice_message::nothing(voice),
        voice_message::given_up(voice),
        script::writing(voice),
        script::still_writing(voice),
        script::no_more(voice),
        script::edit(voice, text),
        own_text::offer(voice, offer(text, None)),
        order::too_few_credits(voice, &shortage(support)),
        order::too_few_credits(voice, &shortage("")),
        order::already_ordered(voice),
        order::paused(voice),
        closing(voice, ORDER, 1, Went::Delivered(1)),
        closing(voice, ORDER, 3, Went::Delivered(3)),
        closing(voice, ORDER, 3, Went::Delivered(2)),
        closing(voice, ORDER, 3, Went::Delivered(0)),
        closing(voice, ORDER, 1, Went::Delivered(0)),
        closing(voice, ORDER, 3, Went::CalledOff(0)),
        closing(voice, ORDER, 1, Went::CalledOff(0)),
        closing(voice, ORDER, 3, Went::CalledOff(2)),
        closing(voice, ORDER, 1, Went::PhotoRefused),
        closing(voice, ORDER, 5, Went::PhotoRefused),
        closing(voice, ORDER, 1, Went::SideRefused),
        closing(voice, ORDER, 5, Went::SideRefused),
        closing(voice, ORDER, 1, Went::PhotoGone),
        closing(voice, ORDER, 5, Went::PhotoGone),
        closing(voice, ORDER, 1, Went::TextRefused(0)),
        closing(voice, ORDER, 5, Went::TextRefused(0)),
        closing(voice, ORDER, 5, Went::TextRefused(3)),
        rewrite::away(voice, ORDER),
        rewrite::given_up(voice, ORDER),
        granted(voice, Credits(5), Credits(8)),
        balance(voice, Credits(3), price, support),
        balance(voice, Credits(3), price, " "),
        balance(voice, Credits(0), dear, PAGE),
        help::help(voice, true),
        help::support(voice, support),
        help::support(voice, ""),
        help::support(voice, PAGE),
        help::terms(voice),
        help::privacy(voice),
        help::pay_support(voice, support),
        help::pay_support(voice, ""),
        help::pay_support(voice, PAGE),
        settings::settings(voice, &chosen(zone, true)),
        settings::settings(voice, &chosen(zone, false)),
        language::choose(voice),
        language::chosen(voice),
        hint::stale(voice),
        hint::unknown_command(voice),
        hint::other_media(voice, false),
        hint::other_media(voice, true),
        hint::cancelled(voice, None),
        hint::cancelled(voice, Some(in_progress(voice, &cut(text, LONGEST_NAME)))),
        hint::nothing_to_cancel(voice),
        hint::pleasure(voice),
        hint::trouble(voice),
    ]);
    screens.extend(photos(voice));
    screens.extend(all_named("prompt::ideas", every_ideas(voice, presets, text)));
    screens.extend(all_named("script::script", scripts(voice, text)));
    screens.extend(albums(voice, presets, text, support));
    screens.extend(all_named("script::script", choices(voice)));
    screens.extend(all_named("my_videos", my(voice, text)));
    let offers = in_short(voice).map(|status| own_text::offer(voice, offer(text, Some(status))));
    screens.extend(all_named("own_text::offer", offers));
    screens.extend(orders(voice, &cut(text, LONGEST_NAME)));
    screens.extend([named("order::held", voice.screen(Key::OrderHeld, &[]))]);
    screens.extend(all_named("video", videos(voice)));
    screens.extend(all_named("failure", failures(voice)));
    let alerts = || alerts(outside);
    screens.extend(all_named("alert", alerts().map(|alert| alert::alert(voice, ROW, &alert))));
    let muted = alerts().map(|alert| alert::muted(voice, ROW, &alert, UNTIL));
    screens.extend(all_named("alert::muted", muted));
    screens
}

fn chosen(zone: &str, is_quiet: bool) -> Chosen<'_> {
    Chosen {
        aspect: Aspect::Portrait,
        aspects: &Aspect::ALL,
        seconds: 10,
        lengths: &[5, 10, 15],
        is_quiet,
        hours: QuietHours::NIGHT,
        zone,
    }
}

fn offer(text: &str, status: Option<String>) -> own_text::Offer<'_> {
    let about = own_text::About::One(status.is_some().then_some("Товар 3 · SKU <b>&12"));
    own_text::Offer { script: SCRIPT, text, about, status }
}

fn shortage(support: &str) -> Shortage<'_> {
    Shortage { count: 5, cost: Credits(5), balance: Credits(3), support }
}

fn alerts(outside: &Outside<'_>) -> impl Iterator<Item = Alert> {
    let Outside { subject, detail, .. } = *outside;
    let alert = move |concern| {
        let (subject, detail) = (subject.to_owned(), detail.to_owned());
        Alert { concern, subject, detail }
    };
    Concern::ALL.into_iter().map(alert)
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        fs,
        path::{Path, PathBuf},
    };

    use super::*;
    use crate::chat::{
        check::{MAX_PART, room},
        ftl::{needs, variables},
        screen::{Action, Button, MAX_LABEL},
        screens::prompt::SHORT,
        tap::{MAX_DATA, Tap},
        text::{MAX_TEXT, check_html, shown_units, units},
        words::shipped_file,
    };
    use crate::domain::preset::Localized;

    /// Messages that stand only within others.
    const PARTS: [Key; 3] = [Key::Credits, Key::CreditBack, Key::VideoFormat];

    fn presets(text: &str) -> [Preset; 3] {
        [text, "Up", "Свет"].map(|label| Preset {
            id: "a".repeat(24),
            label: Localized { ru: label.into(), en: label.into() },
            idea: "The camera moves up.".into(),
            sample: PathBuf::new(),
        })
    }

    /// The same text wherever one comes in from outside.
    fn everywhere<'a>(text: &'a str, presets: &'a [Preset]) -> Outside<'a> {
        Outside { text, support: text, subject: text, detail: text, zone: text, presets }
    }

    #[test]
    fn telegram_takes_every_screen_whatever_text_comes_in() {
        let words = Words::shipped();
        let texts = ["кофе".to_owned(), "</b>&lt;<".repeat(500), "🎬".repeat(5000), String::new()];
        for language in Language::ALL {
            for text in &texts {
                let presets = presets(text);
                for Named { screen, .. } in all(&words.voice(language), &everywhere(text, &presets))
                {
                    assert_eq!(check_html(screen.text()), Ok(()), "{}", screen.text());
                    assert!(
                        (1..=MAX_TEXT).contains(&shown_units(screen.text())),
                        "{}",
                        screen.text()
                    );
                    assert!(!screen.text().contains("{$"), "a value is missing: {}", screen.text());
                    let taps = |button: &&Button| matches!(button.action, Action::Tap(_));
                    for button in screen.buttons.iter().flatten() {
                        assert!(
                            (1..=MAX_LABEL).contains(&units(&button.label)),
                            "{}",
                            button.label
                        );
                    }
                    for button in screen.buttons.iter().flatten().filter(taps) {
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
        // Room for four numbers of two digits.
        let shipped = needs(&shipped_file(Language::Ru));
        let line = |key: &Key| {
            let long = "a".repeat(room(*key).min(MAX_PART) - 8);
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
        let text = "🎬".repeat(5000);
        let presets = presets(&text);
        for Named { screen, .. } in all(&words.voice(Language::Ru), &everywhere(&text, &presets)) {
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

    #[test]
    fn two_buttons_in_a_row_are_whole_on_a_phone() {
        for (name, screens) in gallery() {
            let rows = screens.iter().flat_map(|screen| &screen.buttons);
            for button in rows.filter(|row| row.len() == 2).flatten() {
                assert!(units(&button.label) <= SHORT, "{name}: {}", button.label);
            }
        }
    }

    #[test]
    fn the_gallery_has_every_screen_once_by_its_name() {
        let gallery = gallery();
        let names: BTreeSet<&str> = gallery.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.len(), gallery.len());
        for name in ["start::start 1", "order::accepted 1", "settings::settings 2", "closing 1"] {
            assert!(names.contains(name), "{names:?}");
        }
        let ideas = &gallery.iter().find(|(name, _)| name == "prompt::ideas 1").unwrap().1;
        assert!(ideas[0].text().starts_with("📸 Фото") && ideas[1].text().starts_with("📸 Got"));
    }
}
