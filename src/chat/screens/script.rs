//! The script, and how many videos of it.

use crate::chat::{
    key::Key,
    screen::{Button, Screen},
    tap::Tap,
    voice::Voice,
};
use crate::domain::{credits::Credits, id::DraftId};

/// A script to show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script<'a> {
    /// The draft that it belongs to.
    pub draft: DraftId,
    /// Which script of the draft it is.
    pub revision: u32,
    /// The final prompt.
    pub prompt: &'a str,
    /// What takes the place of the script writer's work, if there was none.
    pub fallback: Option<Fallback>,
}

/// What is used when the script writer is down, slow or refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fallback {
    /// The preset's own text.
    Preset,
    /// The person's own text, unchanged.
    OwnText,
}

/// What videos cost.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// How many videos can be ordered at once.
    pub counts: &'a [u32],
    /// The price of one.
    pub price: Credits,
    /// What the person has.
    pub balance: Credits,
}

/// The script is being written.
pub(crate) fn writing(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::ScriptWriting, &[])
}

/// The script is already being written: for a second tap meanwhile.
pub(crate) fn still_writing(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::ScriptStillWriting, &[])
}

/// The script with the counts to choose from. What does not fit of a long one is cut.
pub(crate) fn script(voice: &Voice<'_>, script: &Script<'_>, offer: &Offer<'_>) -> Screen {
    let mut text = vec![voice.text(Key::ScriptTitle, &[("prompt", script.prompt.into())])];
    text.extend(script.fallback.map(|fallback| match fallback {
        Fallback::Preset => voice.text(Key::ScriptPresetAsIs, &[]),
        Fallback::OwnText => voice.text(Key::ScriptOwnAsIs, &[]),
    }));
    let credits = [("credits", offer.balance.into())];
    text.push(voice.text(Key::ScriptQuestion, &credits));
    let Script { draft, revision, .. } = *script;
    let counts = offer.counts.iter().map(|&count| {
        let values = [("count", count.into()), ("credits", offer.price.times(count).into())];
        let label = voice.text(Key::ButtonCount, &values);
        Button::new(&label, &Tap::Order { draft, revision, count })
    });
    counts.fold(Screen::of_paragraphs(&text), |screen, button| screen.row([button])).row([
        voice.button(Key::ButtonAnotherScript, &Tap::AnotherScript { draft, revision }),
        voice.button(Key::ButtonEditScript, &Tap::EditScript { draft }),
    ])
}

/// The invitation to send a changed script, with the present one to copy.
pub(crate) fn edit(voice: &Voice<'_>, prompt: &str) -> Screen {
    voice.screen(Key::ScriptEdit, &[("prompt", prompt.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::user::Language;

    fn shown(language: Language, prompt: &str, fallback: Option<Fallback>) -> Screen {
        let written = Script { draft: DraftId(7), revision: 2, prompt, fallback };
        let offer = Offer { counts: &[1, 3, 5], price: Credits(1), balance: Credits(3) };
        script(&Words::shipped().voice(language), &written, &offer)
    }

    #[test]
    fn the_script_shows_the_prompt_and_the_prices() {
        let screen = shown(Language::Ru, "A mug <b>& steam", None);
        assert_eq!(
            screen.text(),
            "🎬 <b>Сценарий готов</b>\n<blockquote>A mug &lt;b&gt;&amp; steam</blockquote>\n\n\
             На балансе: 3 кредита. Сколько видео сделать?",
        );
        let labels: Vec<&str> =
            screen.buttons.iter().flatten().map(|button| button.label.as_str()).collect();
        let counts = ["1 видео · 1 кредит", "3 видео · 3 кредита", "5 видео · 5 кредитов"];
        assert_eq!(labels, [&counts[..], &["🔁 Другой сценарий", "✏️ Изменить"]].concat());
        assert_eq!(screen.buttons[1][0].data(), "o:7:2:3");
        let english = shown(Language::En, "A mug", Some(Fallback::Preset));
        assert_eq!(english.buttons[0][0].label, "1 video · 1 credit");
        assert_eq!(english.buttons[2][0].label, "5 videos · 5 credits");
        assert!(english.text().contains("The script writer is away"), "{}", english.text());
    }
}
