//! What an operator must look after, with buttons that keep it quiet for a while.

use crate::chat::key::Key;
use crate::chat::screen::Button;
use crate::chat::screen::Screen;
use crate::chat::tap::Tap;
use crate::chat::words::Words;
use crate::domain::id::OutboxId;
use crate::domain::notification::Alert;
use crate::domain::notification::Concern;
use crate::domain::notification::MuteFor;
use crate::domain::time::Timestamp;
use crate::domain::user::Language;

/// The alert of a row, to be looked after or muted.
pub fn heard(words: &Words, language: Language, row: OutboxId, alert: &Alert) -> Screen {
    let buttons = MuteFor::ALL.map(|length| {
        let label = words.say(language, mute(length), &[]);
        Button::new(&label, &Tap::Mute { alert: row, length })
    });
    Screen::new(text(words, language, alert)).row(buttons)
}

/// The same when it is muted, and until when.
pub fn muted(
    words: &Words,
    language: Language,
    row: OutboxId,
    alert: &Alert,
    until: Timestamp,
) -> Screen {
    let until = until.minute();
    let quiet = words.say(language, Key::AlertMuted, &[("until", until.as_str().into())]);
    let unmute = words.say(language, Key::ButtonUnmute, &[]);
    Screen::of_paragraphs(&[text(words, language, alert), quiet])
        .row([Button::new(&unmute, &Tap::Unmute { alert: row })])
}

fn text(words: &Words, language: Language, alert: &Alert) -> String {
    let values =
        [("subject", alert.subject.as_str().into()), ("detail", alert.detail.as_str().into())];
    words.say(language, says(alert.concern), &values)
}

fn mute(length: MuteFor) -> Key {
    match length {
        MuteFor::Day => Key::ButtonMuteDay,
        MuteFor::Week => Key::ButtonMuteWeek,
    }
}

fn says(concern: Concern) -> Key {
    match concern {
        Concern::AccountEmpty => Key::AlertAccountEmpty,
        Concern::LowBalance => Key::AlertLowBalance,
        Concern::KeyDead => Key::AlertKeyDead,
        Concern::KeyCapped => Key::AlertKeyCapped,
        Concern::NoKeys => Key::AlertNoKeys,
        Concern::RateLimit => Key::AlertRateLimit,
        Concern::ModelDown => Key::AlertModelDown,
        Concern::OurBug => Key::AlertOurBug,
        Concern::Unknown => Key::AlertUnknown,
        Concern::Audit => Key::AlertAudit,
    }
}
