//! `/language`

use crate::chat::{key::Key, screen::Screen, tap::Tap, voice::Voice};
use crate::domain::user::Language;

/// The languages as buttons.
pub(crate) fn choose(voice: &Voice<'_>) -> Screen {
    let buttons = Language::ALL.map(|offered| {
        let key = match offered {
            Language::Ru => Key::ButtonRussian,
            Language::En => Key::ButtonEnglish,
        };
        voice.button(key, &Tap::Language(offered))
    });
    voice.screen(Key::LanguageChoose, &[]).row(buttons)
}

/// The chosen language is used from now on.
pub(crate) fn chosen(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::LanguageChosen, &[])
}
