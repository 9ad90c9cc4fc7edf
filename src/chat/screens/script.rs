//! The script, and how many videos of it.

use crate::chat::{
    check::{MAX_LINE, MAX_PART},
    key::Key,
    screen::{Body, Button, Screen},
    screens::prompt::photos_shown,
    tap::Tap,
    text::{cut, units},
    voice::Voice,
    words::MAX_INSERTED,
};
use crate::domain::{
    brief::LONGEST_SUMMARY,
    credits::Credits,
    draft::{Fallback, Scene, ScriptId, SourceKind},
    options::{Edges, OfPhotos, Offered, Options, Quote},
    preset::Localized,
    user::Language,
    video::Aspect,
};
use crate::store::scripts::Script;

/// What a script is shown for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Heading {
    /// It is ready.
    #[default]
    Ready,
    /// A video shall be had in another format.
    OtherFormat,
}

/// A script to show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadyScript<'a> {
    /// Which one it is.
    pub id: ScriptId,
    /// What it is shown for.
    pub heading: Heading,
    /// What it was made from.
    pub source: SourceKind,
    /// The final prompt.
    pub prompt: &'a str,
    /// What will be seen.
    pub summary: Option<&'a Localized>,
    /// What each video would show; none where each shows the prompt.
    pub scenes: &'a [Scene],
    /// Whether the photo shows people.
    pub people: bool,
    /// Whether it shows several products.
    pub several: bool,
    /// Why the script writer has no part in it.
    pub fallback: Option<Fallback>,
}

impl<'a> ReadyScript<'a> {
    /// The script, once it is written.
    pub(crate) fn of(script: &'a Script) -> Option<Self> {
        let Script { source, prompt, summary, scenes, .. } = script;
        let prompt = prompt.as_deref()?;
        let (source, summary) = (source.kind(), summary.as_ref());
        let Script { id, people, several, fallback, .. } = *script;
        let heading = Heading::Ready;
        Some(Self { id, heading, source, prompt, summary, scenes, people, several, fallback })
    }
}

/// The videos that can be ordered.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// How many can be ordered at once.
    pub counts: &'a [u32],
    /// What can be chosen.
    pub offered: &'a Offered,
    /// What is chosen, and the price of one video.
    pub quote: Quote,
    /// What the person has.
    pub balance: Credits,
    /// How often what the buttons say has changed.
    pub number: u32,
    /// What the videos show of the photos.
    pub of_photos: OfPhotos,
}

impl Offer<'_> {
    /// What the button for so many videos says.
    pub(crate) fn label(&self, voice: &Voice<'_>, count: u32) -> String {
        let values = [("count", count.into()), ("credits", self.quote.price.times(count).into())];
        voice.text(Key::ButtonCount, &values)
    }

    /// What is chosen, and what one video of it costs.
    pub(crate) fn choice(&self, voice: &Voice<'_>) -> String {
        let Options { aspect, seconds } = self.quote.options;
        let aspect = ("aspect", aspect.word().into());
        let credits = ("credits", self.quote.price.into());
        if self.offered.lengths().is_empty() {
            return voice.text(Key::ScriptShape, &[aspect, credits]);
        }
        voice.text(Key::ScriptOptions, &[aspect, ("seconds", seconds.into()), credits])
    }

    /// What happens to the edges of the photo, where it has another shape.
    fn edges(&self, voice: &Voice<'_>) -> Option<String> {
        let key = match self.of_photos.edges? {
            Edges::Whole => return None,
            Edges::AddedAboveAndBelow => Key::ScriptAddedAboveAndBelow,
            Edges::AddedAtTheSides => Key::ScriptAddedAtTheSides,
            Edges::CutAtTheSides => Key::ScriptCutAtTheSides,
            Edges::CutAboveAndBelow => Key::ScriptCutAboveAndBelow,
        };
        Some(voice.text(key, &[]))
    }

    /// How many photos of the product are shown together, where it is more than one.
    fn photos(&self, voice: &Voice<'_>) -> Option<String> {
        let OfPhotos { photos, left, .. } = self.of_photos;
        (photos > 1).then(|| photos_shown(voice, photos, left))
    }

    /// The shapes of the videos as buttons; none where there is one only.
    pub(crate) fn shapes(&self, voice: &Voice<'_>, tap: impl Fn(Aspect) -> Tap) -> Vec<Button> {
        let shapes = self.offered.shapes().into_iter().map(|aspect| {
            let label = aspect.word().to_owned();
            let label = marked(voice, label, aspect == self.quote.options.aspect);
            Button::new(&label, &tap(aspect))
        });
        several(shapes)
    }

    /// Their lengths; the same.
    pub(crate) fn lengths(&self, voice: &Voice<'_>, tap: impl Fn(u32) -> Tap) -> Vec<Button> {
        let lengths = self.offered.lengths().into_iter().map(|seconds| {
            let label = voice.text(Key::ButtonSeconds, &[("seconds", seconds.into())]);
            let label = marked(voice, label, seconds == self.quote.options.seconds);
            Button::new(&label, &tap(seconds))
        });
        several(lengths)
    }
}

/// The label of what can be chosen, with a mark where it is.
fn marked(voice: &Voice<'_>, label: String, is_chosen: bool) -> String {
    if is_chosen {
        voice.text(Key::ButtonChosen, &[("name", label.as_str().into())])
    } else {
        label
    }
}

/// A row of buttons to choose from, if there is a choice.
fn several(buttons: impl Iterator<Item = Button>) -> Vec<Button> {
    let buttons: Vec<Button> = buttons.collect();
    if buttons.len() > 1 { buttons } else { Vec::new() }
}

/// The script is being written.
pub(crate) fn writing(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::ScriptWriting, &[])
}

/// The script is already being written: for a second tap meanwhile.
pub(crate) fn still_writing(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::ScriptStillWriting, &[])
}

/// The script with the counts to choose from. What does not fit of a long one is cut.
pub(crate) fn script(voice: &Voice<'_>, script: &ReadyScript<'_>, offer: &Offer<'_>) -> Screen {
    let mut text = vec![what_is_seen(voice, script)];
    text.extend(script.people.then(|| voice.text(Key::ScriptPeople, &[])));
    text.extend(script.several.then(|| voice.text(Key::ScriptSeveral, &[])));
    text.extend(script.fallback.map(|fallback| voice.text(as_is(script.source, fallback), &[])));
    text.extend(offer.photos(voice));
    text.extend(offer.edges(voice));
    text.push(offer.choice(voice));
    let credits = [("credits", offer.balance.into())];
    text.push(voice.text(Key::ScriptQuestion, &credits));
    let (id, number) = (script.id, offer.number);
    let counts = offer.counts.iter().map(|&count| {
        Button::new(&offer.label(voice, count), &Tap::Order { script: id, count, offer: number })
    });
    let edit = Tap::EditScript { draft: id.draft, revision: Some(id.revision) };
    let another_photo = voice.button(Key::ButtonAnotherPhoto, &Tap::AnotherPhoto);
    let screen = Screen::of_paragraphs(&text);
    let screen = screen
        .row(offer.shapes(voice, |aspect| Tap::Aspect { script: id, aspect }))
        .row(offer.lengths(voice, |seconds| Tap::Seconds { script: id, seconds }));
    counts
        .fold(screen, |screen, button| screen.row([button]))
        .row([
            voice.button(Key::ButtonAnotherScript, &Tap::AnotherScript(id)),
            voice.button(Key::ButtonEditScript, &edit),
        ])
        .row((script.people || script.several).then_some(another_photo))
}

/// What will be seen, and the prompt of each scene.
fn what_is_seen(voice: &Voice<'_>, script: &ReadyScript<'_>) -> String {
    let count = u32::try_from(script.scenes.len()).unwrap_or(u32::MAX);
    let listed = listed(script.scenes, voice.language);
    let prompt = if count > 1 { &listed } else { script.prompt };
    // A warning takes the room of one message more than a screen usually has.
    let warnings = usize::from(script.people) + usize::from(script.several);
    let room = match (warnings, script.summary) {
        (0, Some(_)) => LIST,
        (0, None) => ROOM,
        (warnings, _) => LIST - warnings * MAX_PART,
    };
    let prompt = cut(prompt, room);
    let prompt = ("prompt", prompt.as_str().into());
    let summary = script.summary.map(|summary| ("summary", summary.text(voice.language).into()));
    match (summary, script.heading) {
        (summary, Heading::OtherFormat) => {
            let heading = voice.text(Key::ScriptOtherFormat, &[]);
            let shown = match summary {
                Some(summary) => voice.text(Key::ScriptSameWords, &[summary, prompt]),
                None => voice.text(Key::ScriptSamePrompt, &[prompt]),
            };
            format!("{heading}\n\n{shown}")
        }
        (Some(summary), Heading::Ready) if count > 1 => {
            voice.text(Key::ScriptScenes, &[("count", count.into()), summary, prompt])
        }
        (Some(summary), Heading::Ready) => voice.text(Key::ScriptSummary, &[summary, prompt]),
        (None, Heading::Ready) => voice.text(Key::ScriptTitle, &[prompt]),
    }
}

/// The room for the prompt, in UTF-16 units: three lines about the videos stand below it.
const ROOM: usize = MAX_INSERTED - 3 * (MAX_LINE + 2);

/// The room for the list of scenes: a summary stands beside it.
const LIST: usize = ROOM - LONGEST_SUMMARY;

/// "1. Title — prompt" for each scene. Where there is no room for all, the last ones have their
/// title alone.
fn listed(scenes: &[Scene], language: Language) -> String {
    let line = |(index, scene): (usize, &Scene), is_whole: bool| {
        let title = scene.title.as_ref().map(|title| title.text(language));
        let prompt = is_whole.then_some(scene.prompt.as_str());
        let texts: Vec<&str> = title.into_iter().chain(prompt).collect();
        let text = if texts.is_empty() { "…".to_owned() } else { texts.join(" — ") };
        format!("{}. {text}", index + 1)
    };
    let with = |whole: usize| {
        let lines = scenes.iter().enumerate().map(|scene| line(scene, scene.0 < whole));
        lines.collect::<Vec<_>>().join("\n\n")
    };
    (0..=scenes.len()).rev().map(with).find(|text| units(text) <= LIST).unwrap_or_default()
}

/// What is said of a script in which the script writer has no part.
fn as_is(source: SourceKind, fallback: Fallback) -> Key {
    match (source, fallback) {
        (SourceKind::Preset, Fallback::Away) => Key::ScriptPresetAsIs,
        (SourceKind::OwnText | SourceKind::Rewrite, Fallback::Away) => Key::ScriptOwnAsIs,
        (SourceKind::Style, Fallback::Away) => Key::ScriptStyleAsIs,
        (SourceKind::Preset, Fallback::Limit) => Key::ScriptPresetLimit,
        (SourceKind::OwnText | SourceKind::Rewrite, Fallback::Limit) => Key::ScriptOwnLimit,
        (SourceKind::Style, Fallback::Limit) => Key::ScriptStyleLimit,
        (SourceKind::Edited, _) => Key::ScriptEditedAsIs,
    }
}

/// There are no more scripts for now.
pub(crate) fn no_more(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::ScriptNoMore, &[])
}

/// The invitation to send a changed script, with the present one to copy: in the message, or in a
/// file where it has no room there.
pub(crate) fn edit(voice: &Voice<'_>, prompt: &str) -> Screen {
    if units(prompt) <= MAX_INSERTED {
        return voice.screen(Key::ScriptEdit, &[("prompt", prompt.into())]);
    }
    let (name, content) = ("script.txt".to_owned(), prompt.to_owned());
    Screen::of(Body::File { name, content, caption: voice.text(Key::ScriptEditFile, &[]) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::rules::Rules;
    use crate::chat::words::Words;
    use crate::config::settings::Config;
    use crate::domain::id::DraftId;

    fn shown(language: Language, prompt: &str, fallback: Option<Fallback>) -> Screen {
        let id = ScriptId { draft: DraftId(7), revision: 2 };
        let source = SourceKind::Preset;
        let (summary, scenes, people, several) = (None, &[][..], false, false);
        let written = ReadyScript {
            id,
            heading: Heading::Ready,
            source,
            prompt,
            summary,
            scenes,
            people,
            several,
            fallback,
        };
        let (rules, words) = (Rules::new(&Config::default()), Words::shipped());
        let quote = rules.offered.usual_quote();
        script(&words.voice(language), &written, &offer(&rules, quote))
    }

    fn offer(rules: &Rules, quote: Quote) -> Offer<'_> {
        let (counts, offered, balance) = (&rules.counts, &rules.offered, Credits(3));
        let of_photos = OfPhotos { photos: 1, left: 0, edges: None };
        Offer { counts, offered, quote, balance, number: 0, of_photos }
    }

    fn labels(screen: &Screen) -> Vec<&str> {
        screen.buttons.iter().flatten().map(|button| button.label.as_str()).collect()
    }

    #[test]
    fn the_script_shows_the_prompt_and_the_prices() {
        let screen = shown(Language::Ru, "A mug <b>& steam", None);
        assert_eq!(
            screen.text(),
            "🎬 <b>Сценарий готов</b>\n<blockquote>A mug &lt;b&gt;&amp; steam</blockquote>\n\n\
             📐 9:16, 10\u{a0}секунд. 1\u{a0}кредит = 1\u{a0}видео.\n\n\
             На балансе: 3\u{a0}кредита. Сколько видео сделать?",
        );
        let options = ["✅ 9:16", "16:9", "✅ 10\u{a0}с", "15\u{a0}с"];
        let counts = [
            "1\u{a0}видео · 1\u{a0}кредит",
            "3\u{a0}видео · 3\u{a0}кредита",
            "5\u{a0}видео · 5\u{a0}кредитов",
        ];
        let rest = ["🔁 Другой сценарий", "✏️ Изменить"];
        assert_eq!(labels(&screen), [&options[..], &counts, &rest].concat());
        assert_eq!(screen.buttons[0][1].data(), "za:7:2:16:9");
        assert_eq!(screen.buttons[1][1].data(), "zs:7:2:15");
        assert_eq!(screen.buttons[3][0].data(), "o:7:2:3");
        let english = shown(Language::En, "A mug", Some(Fallback::Away));
        assert_eq!(english.buttons[2][0].label, "1\u{a0}video · 1\u{a0}credit");
        assert_eq!(english.buttons[4][0].label, "5\u{a0}videos · 5\u{a0}credits");
        assert!(english.text().contains("The script writer is away"), "{}", english.text());
    }

    #[test]
    fn what_becomes_of_the_edges_of_the_photo_is_said() {
        let (rules, words) = (Rules::new(&Config::default()), Words::shipped());
        let voice = words.voice(Language::Ru);
        let usual = Options { aspect: Aspect::Portrait, seconds: 10 };
        let model = |slug| Config::default().model(slug).cloned();
        let offered = |slug| Offered { model: model(slug), stand_in: None, usual };
        let (cuts, follows) = (offered("bytedance/seedance-2-mini"), offered("kling-3.0/video"));
        for (sides, cut, added) in [
            (Some((900, 1600)), None, None),
            (Some((910, 1600)), None, None),
            (Some((1000, 1000)), Some("слева и\u{a0}справа"), Some("сверху и\u{a0}снизу")),
            (Some((500, 1600)), Some("сверху и\u{a0}снизу"), Some("по бокам")),
            (Some((1, u32::MAX)), Some("сверху и\u{a0}снизу"), Some("по бокам")),
            (None, None, None),
        ] {
            for (offered, said) in [(&cuts, cut), (&follows, added)] {
                let quote = offered.usual_quote();
                let edges = sides.map(|sides| offered.edges(quote.options.aspect, sides));
                let of_photos = OfPhotos { photos: 1, left: 0, edges };
                let offer = Offer { offered, of_photos, ..offer(&rules, quote) };
                let edges = offer.edges(&voice);
                assert_eq!(edges.is_some(), said.is_some(), "{sides:?}: {edges:?}");
                let edges = edges.unwrap_or_default();
                assert!(edges.contains(said.unwrap_or_default()), "{sides:?}: {edges}");
            }
        }
    }

    #[test]
    fn nothing_is_to_choose_where_there_is_one_only() {
        let (rules, words) = (Rules::new(&Config::default()), Words::shipped());
        let offered = Offered { model: None, ..rules.offered.clone() };
        let quote = offered.usual_quote();
        let offer = Offer { offered: &offered, ..offer(&rules, quote) };
        let voice = words.voice(Language::Ru);
        let script = ScriptId { draft: DraftId(7), revision: 2 };
        assert!(offer.lengths(&voice, |seconds| Tap::Seconds { script, seconds }).is_empty());
        assert!(!offer.choice(&voice).contains("секунд"));
    }

    fn scene(number: usize, length: usize) -> Scene {
        let title =
            Localized { ru: format!("Сцена {number} <"), en: format!("Scene {number}") };
        Scene {
            title: (number != 3).then_some(title),
            prompt: format!("Take {number}.{}", " x".repeat(length)),
        }
    }

    #[test]
    fn scenes_are_listed_as_far_as_there_is_room() {
        let scenes: Vec<Scene> = (1..=5).map(|number| scene(number, 0)).collect();
        assert_eq!(
            listed(&scenes, Language::En),
            "1. Scene 1 — Take 1.\n\n2. Scene 2 — Take 2.\n\n3. Take 3.\n\n4. Scene 4 — Take \
             4.\n\n5. Scene 5 — Take 5."
        );
        let long: Vec<Scene> = (1..=5).map(|number| scene(number, 550)).collect();
        let list = listed(&long, Language::Ru);
        assert!(units(&list) <= LIST);
        assert!(
            list.contains("2. Сцена 2 < — Take 2. x")
                && list.contains("\n\n3. …\n\n4. Сцена 4 <\n"),
            "{list}"
        );
        assert!(list.ends_with("\n\n5. Сцена 5 <"), "{list}");
    }

    #[test]
    fn several_scenes_are_counted_and_one_is_the_script_itself() {
        let (rules, words) = (Rules::new(&Config::default()), Words::shipped());
        let summary = Localized { ru: "Пар.".into(), en: "Steam.".into() };
        let scenes: Vec<Scene> = (1..=3).map(|number| scene(number, 0)).collect();
        let text = |scenes| {
            let id = ScriptId { draft: DraftId(7), revision: 2 };
            let ready = ReadyScript {
                id,
                source: SourceKind::Preset,
                prompt: "Take 1.",
                summary: Some(&summary),
                scenes,
                heading: Heading::Ready,
                people: false,
                several: false,
                fallback: None,
            };
            let offer = offer(&rules, rules.offered.usual_quote());
            script(&words.voice(Language::Ru), &ready, &offer).text().to_owned()
        };
        assert!(
            text(&scenes).starts_with("🎬 <b>Сценарий готов</b> · 3\u{a0}сцены\n\nПар. Каждое"),
            "{}",
            text(&scenes)
        );
        assert!(text(&scenes).contains("<blockquote expandable>1. Сцена 1 &lt; — Take 1.\n\n2. "));
        assert_eq!(text(&scenes[..1]), text(&[]));
    }
}
