//! The first screen, which is also the main menu.

use crate::chat::{
    key::Key,
    screen::{MAX_LABEL, Screen},
    tap::Tap,
    text::cut,
    video_tap::VideoTap,
    voice::Voice,
};
use crate::domain::{credits::Credits, options::Price, preset::Preset, video::Aspect};

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
    /// What one video costs.
    pub price: Price,
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
    let price = price(voice, Key::StartPrice, welcome.price);
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

/// A sentence that says what one video costs, and which one, where they do not all cost the same.
pub(crate) fn price(voice: &Voice<'_>, key: Key, price: Price) -> String {
    let (aspect, seconds) = price.of.unzip();
    let values = [
        ("credits", price.credits.into()),
        ("varies", u32::from(price.of.is_some()).into()),
        ("aspect", aspect.map_or("", Aspect::word).into()),
        ("seconds", seconds.flatten().unwrap_or(0).into()),
    ];
    voice.text(key, &values)
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
        let price = Price { credits: Credits(1), of: None };
        let occasion = Occasion::FirstContact;
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
        let price = Price { credits: Credits(2), of: None };
        let occasion = Occasion::Menu;
        let welcome = Welcome { occasion, balance: Credits(5), price, presets: &[] };
        let screen = start(&Words::shipped().voice(Language::Ru), &welcome);
        let text = screen.text();
        assert!(text.contains("💳 На балансе: 5\u{a0}кредитов"), "{text}");
        assert!(!text.contains("🎁") && !text.contains("💡"), "{text}");
    }

    #[test]
    fn a_price_that_is_not_everywhere_the_same_says_of_what_it_is() {
        let words = Words::shipped();
        for (credits, of, ru, en) in [
            (1, None, "1 кредит = 1 видео.", "1 credit = 1 video."),
            (3, None, "1 видео = 3 кредита.", "1 video = 3 credits."),
            (
                1,
                Some((Aspect::Portrait, Some(10))),
                "1 кредит = 1 видео (9:16, 10 секунд).",
                "1 credit = 1 video (9:16, 10 seconds).",
            ),
            (
                2,
                Some((Aspect::Card, Some(1))),
                "1 видео (3:4, 1 секунда) = 2 кредита.",
                "1 video (3:4, 1 second) = 2 credits.",
            ),
            (
                2,
                Some((Aspect::Card, None)),
                "1 видео (3:4) = 2 кредита.",
                "1 video (3:4) = 2 credits.",
            ),
        ] {
            let said = |language| {
                let of = Price { credits: Credits(credits), of };
                price(&words.voice(language), Key::StartPrice, of).replace('\u{a0}', " ")
            };
            assert_eq!((said(Language::Ru).as_str(), said(Language::En).as_str()), (ru, en));
        }
    }
}
