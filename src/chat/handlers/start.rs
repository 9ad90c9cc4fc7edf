//! From the beginning.

use crate::chat::{
    conversation::Conversation,
    reply::Reply,
    screens::{self, start::Welcome},
};
use crate::store::{drafts, error::StoreError};

/// `/start`, `/menu` and "🏠 Main menu": what was being prepared is put aside.
pub(crate) fn on_start(
    conversation: &mut Conversation<'_>,
    first_time: bool,
) -> Result<Reply, StoreError> {
    let Conversation { settings, tx, user, .. } = conversation;
    drafts::drop_open(tx, user.id)?;
    let welcome = Welcome { first_time, balance: user.credits, presets: &settings.presets };
    Ok(Reply::Message(screens::start::start(&conversation.voice(), &welcome)))
}
