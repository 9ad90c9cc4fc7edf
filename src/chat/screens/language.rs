//! `/language`

use crate::chat::{key::Key, screen::Screen, tap::Tap, voice::Voice};
use crate::domain::user::Language;

/// The languages as buttons.
pub(crate) fn choose(voice: &Voice<'_>) -> Screen {
    let buttons =
        Language::ALL.map(|offered| voice.button(label(offered), &Tap::Language(offered)));
    voice.screen(Key::LanguageChoose, &[]).row(buttons)
}

/// What the button of a language says.
pub(crate) fn label(language: Language) -> Key {
    match language {
        Language::Ru => Key::ButtonRussian,
        Language::En => Key::ButtonEnglish,
    }
}

/// The chosen language is used from now on.
pub(crate) fn chosen(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::LanguageChosen, &[])
}
