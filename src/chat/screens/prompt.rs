//! Which idea: the presets, or one's own text.

use crate::chat::{
    album_tap::AlbumTap,
    key::Key,
    screen::{Button, Screen},
    screens::photo,
    tap::Tap,
    text::{cut, units},
    video_tap::VideoTap,
    voice::Voice,
};
use crate::config::samples::Sample;
use crate::domain::{draft::ScriptId, id::DraftId, photo::Advice, preset::Preset, user::Language};
use crate::store::styles::Style;

/// The longest label, in UTF-16 units, that shares its row on a phone.
pub(crate) const SHORT: usize = 18;

/// The longest text under a photo that is shown, in UTF-16 units: Telegram's own limit.
const MAX_CAPTION: usize = 2048;

/// The reason why the ideas are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// A photo has come.
    NewPhoto,
    /// The photo was there before: one more video of it, or back from elsewhere.
    SamePhoto,
}

/// What a person may choose for a photo.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ideas<'a> {
    /// The draft of the photo.
    pub draft: DraftId,
    /// The ready-made ideas.
    pub presets: &'a [Preset],
    /// Those that the person has saved.
    pub styles: &'a [Style],
    /// Why they are shown.
    pub occasion: Occasion,
    /// What the person wrote under the photo.
    pub caption: Option<Caption<'a>>,
    /// The name of the product.
    pub name: Option<&'a str>,
    /// How many photos of the product the videos show together, and how many there are; `None`
    /// where they show one.
    pub photos: Option<(u32, u32)>,
    /// Whether another photo of the product can be filmed instead.
    pub has_others: bool,
    /// What would make a better video.
    pub advice: Option<Advice>,
}

/// A text under a photo, which may become a script.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caption<'a> {
    /// That script.
    pub script: ScriptId,
    /// The text.
    pub text: &'a str,
}

/// The ideas as buttons: the text under the photo first, short labels two in a row, then the styles
/// that the person has saved, last their own text.
pub(crate) fn ideas(voice: &Voice<'_>, ideas: &Ideas<'_>) -> Screen {
    let draft = ideas.draft;
    let question = match (ideas.caption, ideas.occasion) {
        (Some(caption), _) => {
            let text = cut(caption.text, MAX_CAPTION);
            voice.text(Key::PromptCaption, &[("text", text.as_str().into())])
        }
        (None, Occasion::NewPhoto) => voice.text(Key::PromptNewPhoto, &[]),
        (None, Occasion::SamePhoto) => voice.text(Key::PromptSamePhoto, &[]),
    };
    let name = ideas.name.map(|name| voice.text(Key::VideoProduct, &[("name", name.into())]));
    let advice = ideas.advice.map(|advice| photo::advice(voice, advice));
    let photos = ideas.photos.map(|(photos, all)| photos_shown(voice, photos, all - photos));
    let more = photos.into_iter().chain(advice);
    let paragraphs: Vec<String> = name.into_iter().chain([question]).chain(more).collect();
    let yes = ideas.caption.map(|caption| Tap::UseText(caption.script));
    let screen = Screen::of_paragraphs(&paragraphs)
        .row(yes.map(|yes| voice.button(Key::ButtonUseText, &yes)));
    let presets = ideas.presets.iter().map(|preset| button(voice.language, draft, preset));
    let styles = ideas.styles.iter().map(|style| saved(draft, style));
    let own = voice.button(Key::ButtonOwnText, &Tap::OwnText { draft });
    let has_samples = ideas.presets.iter().any(|preset| Sample::of(preset).is_some());
    let tap = Tap::Samples { draft: Some(draft), from: 0 };
    let samples = has_samples.then(|| voice.button(Key::ButtonExamples, &tap));
    let others = ideas
        .has_others
        .then(|| voice.button(Key::ButtonOtherSide, &Tap::Album(AlbumTap::Sides(draft))));
    in_rows(screen, presets.chain(styles)).row([own].into_iter().chain(samples)).row(others)
}

/// How many photos of the product the videos show together, and how many they leave out.
pub(crate) fn photos_shown(voice: &Voice<'_>, photos: u32, left: u32) -> String {
    voice.text(Key::PromptPhotos, &[("photos", photos.into()), ("left", left.into())])
}

/// Buttons below a screen, those with short labels two in a row.
pub(crate) fn in_rows(mut screen: Screen, buttons: impl IntoIterator<Item = Button>) -> Screen {
    let mut waiting: Option<Button> = None;
    for button in buttons {
        let short = units(&button.label) <= SHORT;
        match waiting.take() {
            Some(first) if short => screen = screen.row([first, button]),
            first => {
                screen = screen.row(first);
                if short {
                    waiting = Some(button);
                } else {
                    screen = screen.row([button]);
                }
            }
        }
    }
    screen.row(waiting)
}

fn saved(draft: DraftId, style: &Style) -> Button {
    let tap = VideoTap::UseStyle { draft, style: style.id };
    Button::new(&format!("⭐ {}", style.name), &Tap::Video(tap))
}

fn button(language: Language, draft: DraftId, preset: &Preset) -> Button {
    Button::new(preset.name(language), &Tap::Preset { draft, preset: preset.id.clone() })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::chat::words::Words;
    use crate::domain::preset::Localized;

    fn labels(presets: &[&str]) -> Vec<Vec<String>> {
        let preset = |label: &&str| Preset {
            id: "scroll-up".into(),
            label: Localized { ru: (*label).into(), en: String::new() },
            idea: "The camera moves up.".into(),
            sample: PathBuf::new(),
        };
        let presets: Vec<Preset> = presets.iter().map(preset).collect();
        let words = Words::shipped();
        let voice = words.voice(Language::Ru);
        let occasion = Occasion::NewPhoto;
        let (draft, presets, styles) = (DraftId(7), &presets, &[]);
        let (caption, name, photos, advice) = (None, None, None, None);
        let has_others = false;
        let shown =
            Ideas { draft, presets, styles, occasion, caption, name, photos, has_others, advice };
        let screen = ideas(&voice, &shown);
        let label = |row: Vec<Button>| row.into_iter().map(|button| button.label).collect();
        screen.buttons.into_iter().map(label).collect()
    }

    #[test]
    fn short_labels_share_a_row_and_the_own_text_comes_last() {
        let long = "Очень длинное название идеи";
        let rows = labels(&["Прокрути вверх", "Вращение", "Пар", long, "Свет"]);
        let expected: Vec<Vec<&str>> = vec![
            vec!["Прокрути вверх", "Вращение"],
            vec!["Пар"],
            vec![long],
            vec!["Свет"],
            vec!["✍️ Свой текст"],
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_preset_without_a_label_shows_its_id() {
        assert_eq!(labels(&[" "]), [["scroll-up"], ["✍️ Свой текст"]]);
    }
}
