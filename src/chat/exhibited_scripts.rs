//! Scripts in the gallery.

use crate::chat::{
    screen::Screen,
    screens::script::{self, Heading, Offer, ReadyScript},
    settings::Settings,
    text::cut,
    voice::Voice,
};
use crate::config::settings::Config;
use crate::domain::{
    brief::{LONGEST_SUMMARY, LONGEST_TITLE, WORTHWHILE_PROMPT},
    credits::Credits,
    draft::{Fallback, Scene, ScriptId, SourceKind},
    id::DraftId,
    options::{OfPhotos, Offered, Options},
    preset::Localized,
    video::Aspect,
};

const SCRIPT: ScriptId = ScriptId { draft: DraftId(i64::MAX), revision: u32::MAX };

/// So many scenes, with a title and without.
fn every_scene(text: &str, count: usize) -> Vec<Scene> {
    let title = Localized { ru: cut(text, LONGEST_TITLE), en: cut(text, LONGEST_TITLE) };
    let prompt = cut(text, WORTHWHILE_PROMPT);
    let scene =
        |number| Scene { title: (number > 0).then(|| title.clone()), prompt: prompt.clone() };
    (0..count).map(scene).collect()
}

fn shown(voice: &Voice<'_>, text: &str, source: SourceKind, fallback: Option<Fallback>) -> Screen {
    let summary = Localized { ru: cut(text, LONGEST_SUMMARY), en: cut(text, LONGEST_SUMMARY) };
    let summary = (source == SourceKind::Edited).then_some(&summary);
    let scenes = every_scene(text, if fallback.is_none() { 5 } else { 0 });
    let (id, prompt, people) = (SCRIPT, text, source != SourceKind::Preset);
    let (several, scenes) = (source == SourceKind::OwnText, scenes.as_slice());
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
    let settings = Settings::default();
    let offer = settings.offer(Credits(3), settings.rules.offered.usual_quote());
    script::script(voice, &written, &offer)
}

/// The script with everything that can be chosen of a model's videos, for photos of other shapes.
pub(super) fn choices(voice: &Voice<'_>) -> Vec<Screen> {
    let id = SCRIPT;
    let (source, prompt) = (SourceKind::Preset, "A mug.");
    let written = ReadyScript {
        id,
        heading: Heading::Ready,
        source,
        prompt,
        summary: None,
        scenes: &[],
        people: false,
        several: false,
        fallback: None,
    };
    let models = Config::default().models.into_iter().map(Some).chain([None]);
    let usual = Options { aspect: Aspect::Card, seconds: 15 };
    let all = models.flat_map(|model| {
        let offered = Offered { model, stand_in: None, usual };
        [None, Some((1000, 1000)), Some((300, 9000))].map(|sides| {
            let settings = Settings::default();
            let quote = offered.usual_quote();
            let edges = sides.map(|sides| offered.edges(quote.options.aspect, sides));
            let of_photos = OfPhotos { photos: offered.photos_of(9), left: 2, edges };
            let offer = settings.offer(Credits(3), quote);
            let offer = Offer { offered: &offered, number: u32::MAX, of_photos, ..offer };
            script::script(voice, &written, &offer)
        })
    });
    all.collect()
}

/// The script with every source, with and without the script writer.
pub(super) fn scripts(voice: &Voice<'_>, text: &str) -> Vec<Screen> {
    let fallbacks = Fallback::ALL.map(Some).into_iter().chain([None]);
    let all = SourceKind::ALL
        .into_iter()
        .flat_map(|source| fallbacks.clone().map(move |fallback| (source, fallback)));
    let mut screens: Vec<Screen> =
        all.map(|(source, fallback)| shown(voice, text, source, fallback)).collect();
    screens.extend(other_formats(voice, text));
    screens
}

/// A script that is there already, for videos of another format.
fn other_formats(voice: &Voice<'_>, text: &str) -> [Screen; 2] {
    let settings = Settings::default();
    let offer = settings.offer(Credits(3), settings.rules.offered.usual_quote());
    let title = Localized { ru: cut(text, LONGEST_SUMMARY), en: cut(text, LONGEST_SUMMARY) };
    [Some(&title), None].map(|summary| {
        let written = ReadyScript {
            id: SCRIPT,
            heading: Heading::OtherFormat,
            source: SourceKind::Edited,
            prompt: text,
            summary,
            scenes: &[],
            people: summary.is_some(),
            several: summary.is_some(),
            fallback: None,
        };
        script::script(voice, &written, &offer)
    })
}
