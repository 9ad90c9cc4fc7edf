//! The first screen, which is also the main menu.

use crate::chat::{
    key::Key,
    screen::{MAX_LABEL, Screen},
    text::cut,
    voice::Voice,
};
use crate::domain::{credits::Credits, preset::Preset};

/// How many of the presets are named as examples.
const NAMED: usize = 3;

/// What the first screen is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Welcome<'a> {
    /// Whether the person is new.
    pub first_time: bool,
    /// Their credits; for a new person, the gift.
    pub balance: Credits,
    /// The ready-made ideas.
    pub presets: &'a [Preset],
}

/// What the bot does, the balance, an example, and what to send.
pub(crate) fn start(voice: &Voice<'_>, welcome: &Welcome<'_>) -> Screen {
    let credits = [("credits", welcome.balance.into())];
    let gift = welcome.first_time && welcome.balance > Credits(0);
    let greeting = if welcome.first_time { Key::StartFirst } else { Key::StartAgain };
    let credits_text = if gift { Key::StartGift } else { Key::StartBalance };
    let mut text = vec![voice.text(greeting, &[]), voice.text(Key::StartExample, &[])];
    if !welcome.presets.is_empty() {
        let labels = welcome
            .presets
            .iter()
            .take(NAMED)
            .map(|preset| cut(preset.label.text(voice.language), MAX_LABEL));
        let ideas = labels.collect::<Vec<_>>().join(" · ");
        text.push(voice.text(Key::StartIdeas, &[("ideas", ideas.as_str().into())]));
    }
    text.push(voice.text(credits_text, &credits));
    text.push(voice.text(Key::StartPhoto, &[]));
    Screen::of_paragraphs(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::{preset::Localized, user::Language};

    fn preset(label: &str) -> Preset {
        Preset {
            id: "scroll-up".into(),
            label: Localized { ru: label.into(), en: label.into() },
            idea: "The camera moves up.".into(),
        }
    }

    #[test]
    fn a_new_person_is_welcomed_with_a_gift() {
        let presets = [preset("Прокрути вверх")];
        let welcome = Welcome { first_time: true, balance: Credits(1), presets: &presets };
        let screen = start(&Words::shipped().voice(Language::Ru), &welcome);
        let text = screen.text();
        assert!(text.starts_with("👋 Здравствуйте!"), "{text}");
        assert!(text.contains("💡 Готовые идеи: Прокрути вверх"), "{text}");
        assert!(text.contains("🎁 Дарим вам 1 кредит,"), "{text}");
        assert!(text.ends_with("📸 <b>Отправьте фото товара</b>"), "{text}");
    }

    #[test]
    fn a_person_who_comes_back_sees_the_balance() {
        let welcome = Welcome { first_time: false, balance: Credits(5), presets: &[] };
        let screen = start(&Words::shipped().voice(Language::Ru), &welcome);
        let text = screen.text();
        assert!(text.contains("💳 На балансе: 5 кредитов"), "{text}");
        assert!(!text.contains("🎁") && !text.contains("💡"), "{text}");
    }
}
