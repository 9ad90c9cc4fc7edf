//! `/language`

use crate::chat::key::Key;
use crate::chat::screen::Button;
use crate::chat::screen::Screen;
use crate::chat::tap::Tap;
use crate::chat::words::Words;
use crate::domain::user::Language;

/// Which language to speak.
pub fn choose(words: &Words, language: Language) -> Screen {
    let buttons = Language::ALL.map(|offered| {
        let key = match offered {
            Language::Ru => Key::ButtonRussian,
            Language::En => Key::ButtonEnglish,
        };
        Button::new(&words.say(language, key, &[]), &Tap::Language(offered))
    });
    Screen::new(words.say(language, Key::LanguageChoose, &[])).row(buttons)
}

/// The chosen language is spoken from now on.
pub fn chosen(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::LanguageChosen, &[]))
}
