//! Alerts for an operator, with buttons that mute them for a while.

use crate::chat::{key::Key, screen::Screen, tap::Tap, voice::Voice};
use crate::domain::{
    id::OutboxId,
    notification::{Alert, Concern, MuteFor},
};

/// The alert of a row of the outbox, with buttons to mute it.
pub(crate) fn alert(voice: &Voice<'_>, row: OutboxId, alert: &Alert) -> Screen {
    let buttons =
        MuteFor::ALL.map(|length| voice.button(mute(length), &Tap::Mute { alert: row, length }));
    Screen::new(text(voice, alert)).row(buttons)
}

/// The same when it is muted, and until when.
pub(crate) fn muted(voice: &Voice<'_>, row: OutboxId, alert: &Alert, until: &str) -> Screen {
    let quiet = voice.text(Key::AlertMuted, &[("until", until.into())]);
    Screen::of_paragraphs(&[text(voice, alert), quiet])
        .row([voice.button(Key::ButtonUnmute, &Tap::Unmute { alert: row })])
}

fn text(voice: &Voice<'_>, alert: &Alert) -> String {
    let values =
        [("subject", alert.subject.as_str().into()), ("detail", alert.detail.as_str().into())];
    voice.text(key(alert.concern), &values)
}

fn mute(length: MuteFor) -> Key {
    match length {
        MuteFor::Day => Key::ButtonMuteDay,
        MuteFor::Week => Key::ButtonMuteWeek,
    }
}

fn key(concern: Concern) -> Key {
    match concern {
        Concern::AccountEmpty => Key::AlertAccountEmpty,
        Concern::LowBalance => Key::AlertLowBalance,
        Concern::KeyDead => Key::AlertKeyDead,
        Concern::KeyCapped => Key::AlertKeyCapped,
        Concern::KeyGone => Key::AlertKeyGone,
        Concern::NoKeys => Key::AlertNoKeys,
        Concern::RateLimit => Key::AlertRateLimit,
        Concern::ModelDown => Key::AlertModelDown,
        Concern::OurBug => Key::AlertOurBug,
        Concern::Unknown => Key::AlertUnknown,
        Concern::Audit => Key::AlertAudit,
        Concern::Damage => Key::AlertDamage,
        Concern::TelegramFiles => Key::AlertTelegramFiles,
        Concern::DatabaseMoved => Key::AlertDatabaseMoved,
        Concern::Config => Key::AlertConfig,
        Concern::Payment => Key::AlertPayment,
        Concern::Backup => Key::AlertBackup,
    }
}
