//! A person chose a language.

use crate::chat::{
    conversation::Conversation,
    reply::{Anchor, Reply},
    screens::language,
};
use crate::domain::user::Language;
use crate::store::{error::StoreError, users};

/// Answers a choice under `/language`, in that language.
pub(crate) fn on_language(
    conversation: &mut Conversation<'_>,
    chosen: Language,
) -> Result<Reply, StoreError> {
    choose_language(conversation, chosen)?;
    Ok(Reply::Edit(Anchor::Language, language::chosen(&conversation.voice())))
}

/// Keeps the choice; the person is answered in that language from now on.
pub(crate) fn choose_language(
    conversation: &mut Conversation<'_>,
    chosen: Language,
) -> Result<(), StoreError> {
    users::choose_language(conversation.tx, conversation.user.id, chosen)?;
    conversation.user.language = chosen;
    Ok(())
}
