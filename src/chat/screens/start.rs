//! The first screen, which is also the main menu.

use crate::chat::{
    key::Key,
    screen::{MAX_LABEL, Screen},
    tap::Tap,
    text::cut,
    video_tap::VideoTap,
    voice::Voice,
};
use crate::domain::{credits::Credits, preset::Preset};

/// How many of the presets are named as examples.
const NAMED: usize = 3;

/// Why the first screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// The person is new.
    FirstContact,
    /// The person is new, and has sent a photo already.
    FirstPhoto,
    /// The person knows the bot.
    Menu,
}

/// What the first screen is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Welcome<'a> {
    /// Why it is shown.
    pub occasion: Occasion,
    /// Their credits; for a new person, the gift.
    pub balance: Credits,
    /// Credits for one video.
    pub price: Credits,
    /// The ready-made ideas.
    pub presets: &'a [Preset],
}

/// What the bot does, the balance, an example, and what to send.
pub(crate) fn start(voice: &Voice<'_>, welcome: &Welcome<'_>) -> Screen {
    let credits = [("credits", welcome.balance.into())];
    let is_new = welcome.occasion != Occasion::Menu;
    let gift = is_new && welcome.balance > Credits(0);
    let greeting = if is_new { Key::StartFirst } else { Key::StartAgain };
    let credits_text = if gift { Key::StartGift } else { Key::StartBalance };
    let mut text = vec![voice.text(greeting, &[]), voice.text(Key::StartExample, &[])];
    text.extend(ideas(voice, welcome.presets));
    let price = voice.text(Key::StartPrice, &[("credits", welcome.price.into())]);
    text.push(format!("{}\n{price}", voice.text(credits_text, &credits)));
    if welcome.occasion != Occasion::FirstPhoto {
        text.push(voice.text(Key::StartPhoto, &[]));
    }
    let videos = voice.button(Key::ButtonMyVideos, &Tap::Video(VideoTap::My));
    Screen::of_paragraphs(&text)
        .row([
            voice.button(Key::ButtonBalance, &Tap::Balance),
            voice.button(Key::ButtonExamples, &Tap::Examples),
            voice.button(Key::ButtonHelp, &Tap::Help),
        ])
        .row((!is_new).then_some(videos))
}

/// What videos can be like.
pub(crate) fn examples(voice: &Voice<'_>, presets: &[Preset]) -> Screen {
    let mut text = vec![voice.text(Key::Examples, &[])];
    text.extend(ideas(voice, presets));
    text.push(voice.text(Key::StartPhoto, &[]));
    Screen::of_paragraphs(&text).row([voice.button(Key::ButtonMenu, &Tap::Menu)])
}

/// The names of some ideas, where there are any.
fn ideas(voice: &Voice<'_>, presets: &[Preset]) -> Option<String> {
    let labels =
        presets.iter().take(NAMED).map(|preset| cut(preset.label.text(voice.language), MAX_LABEL));
    let ideas = labels.collect::<Vec<_>>().join(" · ");
    let named = || voice.text(Key::StartIdeas, &[("ideas", ideas.as_str().into())]);
    (!ideas.is_empty()).then(named)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::chat::words::Words;
    use crate::domain::{preset::Localized, user::Language};

    fn preset(label: &str) -> Preset {
        Preset {
            id: "scroll-up".into(),
            label: Localized { ru: label.into(), en: label.into() },
            idea: "The camera moves up.".into(),
            sample: PathBuf::new(),
        }
    }

    #[test]
    fn a_new_person_is_welcomed_with_a_gift() {
        let presets = [preset("Прокрути вверх")];
        let (occasion, price) = (Occasion::FirstContact, Credits(1));
        let welcome = Welcome { occasion, balance: Credits(1), price, presets: &presets };
        let screen = start(&Words::shipped().voice(Language::Ru), &welcome);
        let text = screen.text();
        assert!(text.starts_with("👋 Здравствуйте!"), "{text}");
        assert!(text.contains("💡 Готовые идеи: Прокрути вверх"), "{text}");
        assert!(text.contains("🎁 Подарок, чтобы попробовать: 1\u{a0}кредит."), "{text}");
        assert!(text.ends_with("📸 <b>Отправьте фото товара</b>"), "{text}");
    }

    #[test]
    fn a_person_who_comes_back_sees_the_balance() {
        let (occasion, price) = (Occasion::Menu, Credits(2));
        let welcome = Welcome { occasion, balance: Credits(5), price, presets: &[] };
        let screen = start(&Words::shipped().voice(Language::Ru), &welcome);
        let text = screen.text();
        assert!(text.contains("💳 На балансе: 5\u{a0}кредитов"), "{text}");
        assert!(!text.contains("🎁") && !text.contains("💡"), "{text}");
    }
}
