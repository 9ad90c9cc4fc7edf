//! A person chose a language.

use crate::chat::{
    conversation::Conversation,
    reply::{Anchor, Reply},
    screens::language,
};
use crate::domain::user::Language;
use crate::store::{error::StoreError, users};

/// Keeps the choice; the answer is in that language.
pub(crate) fn on_language(
    conversation: &mut Conversation<'_>,
    chosen: Language,
) -> Result<Reply, StoreError> {
    users::choose_language(conversation.tx, conversation.user.id, chosen)?;
    conversation.user.language = chosen;
    Ok(Reply::Edit(Anchor::Language, language::chosen(&conversation.voice())))
}
