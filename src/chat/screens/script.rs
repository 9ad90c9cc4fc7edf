//! The script, and how many videos of it.

use crate::chat::{
    key::Key,
    screen::{Body, Button, Screen},
    tap::Tap,
    text::units,
    voice::Voice,
    words::MAX_INSERTED,
};
use crate::domain::{
    credits::Credits,
    draft::{Fallback, ScriptId, SourceKind},
    preset::Localized,
};
use crate::store::scripts::Script;

/// A script to show.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadyScript<'a> {
    /// Which one it is.
    pub id: ScriptId,
    /// What it was made from.
    pub source: SourceKind,
    /// The final prompt.
    pub prompt: &'a str,
    /// What will be seen.
    pub summary: Option<&'a Localized>,
    /// Why the script writer has no part in it.
    pub fallback: Option<Fallback>,
}

impl<'a> ReadyScript<'a> {
    /// The script, once it is written.
    pub(crate) fn of(script: &'a Script) -> Option<Self> {
        let Script { id, source, prompt, summary, fallback, .. } = script;
        let prompt = prompt.as_deref()?;
        let (source, summary) = (source.kind(), summary.as_ref());
        Some(Self { id: *id, source, prompt, summary, fallback: *fallback })
    }
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

impl Offer<'_> {
    /// What the button for so many videos says.
    pub(crate) fn label(&self, voice: &Voice<'_>, count: u32) -> String {
        let values = [("count", count.into()), ("credits", self.price.times(count).into())];
        voice.text(Key::ButtonCount, &values)
    }
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
pub(crate) fn script(voice: &Voice<'_>, script: &ReadyScript<'_>, offer: &Offer<'_>) -> Screen {
    let prompt = ("prompt", script.prompt.into());
    let mut text = vec![match script.summary {
        Some(summary) => {
            let summary = ("summary", summary.text(voice.language).into());
            voice.text(Key::ScriptSummary, &[summary, prompt])
        }
        None => voice.text(Key::ScriptTitle, &[prompt]),
    }];
    text.extend(script.fallback.map(|fallback| voice.text(as_is(script.source, fallback), &[])));
    let credits = [("credits", offer.balance.into())];
    text.push(voice.text(Key::ScriptQuestion, &credits));
    let id = script.id;
    let counts = offer
        .counts
        .iter()
        .map(|&count| Button::new(&offer.label(voice, count), &Tap::Order { script: id, count }));
    let edit = Tap::EditScript { draft: id.draft, revision: Some(id.revision) };
    counts.fold(Screen::of_paragraphs(&text), |screen, button| screen.row([button])).row([
        voice.button(Key::ButtonAnotherScript, &Tap::AnotherScript(id)),
        voice.button(Key::ButtonEditScript, &edit),
    ])
}

/// What is said of a script in which the script writer has no part.
fn as_is(source: SourceKind, fallback: Fallback) -> Key {
    match (source, fallback) {
        (SourceKind::Preset, Fallback::Away) => Key::ScriptPresetAsIs,
        (SourceKind::OwnText | SourceKind::Style | SourceKind::Rewrite, Fallback::Away) => {
            Key::ScriptOwnAsIs
        }
        (SourceKind::Preset, Fallback::Limit) => Key::ScriptPresetLimit,
        (SourceKind::OwnText | SourceKind::Style | SourceKind::Rewrite, Fallback::Limit) => {
            Key::ScriptOwnLimit
        }
        (SourceKind::Edited, _) => Key::ScriptEditedAsIs,
    }
}

/// There are no more scripts for now.
pub(crate) fn no_more(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::ScriptNoMore, &[])
}

/// The invitation to send a changed script, with the present one to copy: in the message, or in a
/// file where it has no room there.
pub(crate) fn edit(voice: &Voice<'_>, prompt: &str) -> Screen {
    if units(prompt) <= MAX_INSERTED {
        return voice.screen(Key::ScriptEdit, &[("prompt", prompt.into())]);
    }
    let (name, content) = ("script.txt".to_owned(), prompt.to_owned());
    Screen::of(Body::File { name, content, caption: voice.text(Key::ScriptEditFile, &[]) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::words::Words;
    use crate::domain::{id::DraftId, user::Language};

    fn shown(language: Language, prompt: &str, fallback: Option<Fallback>) -> Screen {
        let id = ScriptId { draft: DraftId(7), revision: 2 };
        let source = SourceKind::Preset;
        let written = ReadyScript { id, source, prompt, summary: None, fallback };
        let offer = Offer { counts: &[1, 3, 5], price: Credits(1), balance: Credits(3) };
        script(&Words::shipped().voice(language), &written, &offer)
    }

    #[test]
    fn the_script_shows_the_prompt_and_the_prices() {
        let screen = shown(Language::Ru, "A mug <b>& steam", None);
        assert_eq!(
            screen.text(),
            "🎬 <b>Сценарий готов</b>\n<blockquote>A mug &lt;b&gt;&amp; steam</blockquote>\n\n\
             На балансе: 3\u{a0}кредита. Сколько видео сделать?",
        );
        let labels: Vec<&str> =
            screen.buttons.iter().flatten().map(|button| button.label.as_str()).collect();
        let counts = [
            "1\u{a0}видео · 1\u{a0}кредит",
            "3\u{a0}видео · 3\u{a0}кредита",
            "5\u{a0}видео · 5\u{a0}кредитов",
        ];
        assert_eq!(labels, [&counts[..], &["🔁 Другой сценарий", "✏️ Изменить"]].concat());
        assert_eq!(screen.buttons[1][0].data(), "o:7:2:3");
        let english = shown(Language::En, "A mug", Some(Fallback::Away));
        assert_eq!(english.buttons[0][0].label, "1\u{a0}video · 1\u{a0}credit");
        assert_eq!(english.buttons[2][0].label, "5\u{a0}videos · 5\u{a0}credits");
        assert!(english.text().contains("The script writer is away"), "{}", english.text());
    }
}
