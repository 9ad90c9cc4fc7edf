//! An operator tapped a button under an alert.

use crate::actions::mute_alert::{mute_alert, unmute_alert};
use crate::chat::{
    conversation::Conversation,
    reply::{Anchor, Reply},
    screens::alert,
};
use crate::domain::{id::OutboxId, notification::MuteFor};
use crate::store::error::StoreError;

/// Mutes what an alert is about.
pub(crate) fn on_mute(
    conversation: &mut Conversation<'_>,
    row: OutboxId,
    length: MuteFor,
) -> Result<Reply, StoreError> {
    let (tx, voice, user) = (conversation.tx, conversation.voice(), conversation.user.id);
    Ok(match mute_alert(tx, &conversation.settings.rules, user, row, length)? {
        Some((alert, until)) => {
            let until = conversation.settings.timezone.minute(until);
            Reply::Edit(Anchor::Alert(row), alert::muted(&voice, row, &alert, &until))
        }
        None => conversation.stale(),
    })
}

/// Unmutes it.
pub(crate) fn on_unmute(
    conversation: &mut Conversation<'_>,
    row: OutboxId,
) -> Result<Reply, StoreError> {
    let (tx, voice, user) = (conversation.tx, conversation.voice(), conversation.user.id);
    Ok(match unmute_alert(tx, &conversation.settings.rules, user, row)? {
        Some(alert) => Reply::Edit(Anchor::Alert(row), alert::alert(&voice, row, &alert)),
        None => conversation.stale(),
    })
}
