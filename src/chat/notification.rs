//! Notifications of the outbox as screens: they are put into words when they are sent.

use crate::chat::{
    key::Key,
    refusal::sentence,
    screen::Screen,
    screens::{alert, closing::closing},
    voice::Voice,
};
use crate::domain::{id::OutboxId, notification::Notification};

/// The screen for the notification of a row of the outbox.
pub(crate) fn screen(voice: &Voice<'_>, row: OutboxId, notification: &Notification) -> Screen {
    match notification {
        Notification::VideoFailed { kind, violation, refund } => {
            Screen::new(sentence(voice, *kind, *violation, *refund))
        }
        Notification::OrderClosed { order, delivered, count } => {
            closing(voice, *order, *delivered, *count)
        }
        Notification::OrderHeld => voice.screen(Key::OrderHeld, &[]),
        Notification::CreditsGranted { amount, balance } => {
            let values = [("amount", (*amount).into()), ("credits", (*balance).into())];
            voice.screen(Key::CreditsGranted, &values)
        }
        Notification::Alert(alert) => alert::alert(voice, row, alert),
    }
}
