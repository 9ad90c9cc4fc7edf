//! Which idea: the presets, or one's own text.

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    text::units,
    video_tap::VideoTap,
    voice::Voice,
};
use crate::domain::{draft::ScriptId, id::DraftId, preset::Preset, user::Language};
use crate::store::styles::Style;

/// The longest label, in UTF-16 units, that shares its row on a phone.
const SHORT: usize = 18;

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
    let mut screen = match (ideas.caption, ideas.occasion) {
        (Some(caption), _) => {
            let yes = voice.button(Key::ButtonUseText, &Tap::UseText(caption.script));
            voice.screen(Key::PromptCaption, &[("text", caption.text.into())]).row([yes])
        }
        (None, Occasion::NewPhoto) => voice.screen(Key::PromptNewPhoto, &[]),
        (None, Occasion::SamePhoto) => voice.screen(Key::PromptSamePhoto, &[]),
    };
    let mut waiting: Option<Button> = None;
    let presets = ideas.presets.iter().map(|preset| button(voice.language, draft, preset));
    for button in presets.chain(ideas.styles.iter().map(|style| saved(draft, style))) {
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
    screen.row(waiting).row([voice.button(Key::ButtonOwnText, &Tap::OwnText { draft })])
}

fn saved(draft: DraftId, style: &Style) -> Button {
    let tap = VideoTap::UseStyle { draft, style: style.id };
    Button::new(&format!("⭐ {}", style.name), &Tap::Video(tap))
}

fn button(language: Language, draft: DraftId, preset: &Preset) -> Button {
    let label = match preset.label.text(language).trim() {
        "" => preset.id.as_str(),
        label => label,
    };
    Button::new(label, &Tap::Preset { draft, preset: preset.id.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::preset::Localized;

    fn labels(presets: &[&str]) -> Vec<Vec<String>> {
        let preset = |label: &&str| Preset {
            id: "scroll-up".into(),
            label: Localized { ru: (*label).into(), en: String::new() },
            idea: "The camera moves up.".into(),
        };
        let presets: Vec<Preset> = presets.iter().map(preset).collect();
        let words = Words::shipped();
        let voice = words.voice(Language::Ru);
        let occasion = Occasion::NewPhoto;
        let shown =
            Ideas { draft: DraftId(7), presets: &presets, styles: &[], occasion, caption: None };
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
