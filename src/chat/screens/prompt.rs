//! Which idea: the presets, or one's own text.

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    text::units,
    voice::Voice,
};
use crate::domain::{id::DraftId, preset::Preset, user::Language};

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

/// The ideas as buttons: short labels two in a row, last the person's own text.
pub(crate) fn ideas(
    voice: &Voice<'_>,
    draft: DraftId,
    presets: &[Preset],
    occasion: Occasion,
) -> Screen {
    let key = match occasion {
        Occasion::NewPhoto => Key::PromptNewPhoto,
        Occasion::SamePhoto => Key::PromptSamePhoto,
    };
    let mut screen = voice.screen(key, &[]);
    let mut waiting: Option<Button> = None;
    for preset in presets {
        let button = button(voice.language, draft, preset);
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
        let screen = ideas(&voice, DraftId(7), &presets, Occasion::NewPhoto);
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
