//! A person sent a text that is no command.

use std::time::Duration;

use crate::chat::{
    conversation::Conversation,
    own_text::{TextFault, own_text},
    reply::{Anchor, Reply},
    screens,
};
use crate::domain::draft::{DraftMove, DraftState, Source};
use crate::store::{
    drafts::{self, Draft},
    error::StoreError,
    tx::Tx,
};

/// Telegram's apps send a very long text as several messages, one right after
/// the other: what follows a refused text this closely is the rest of it.
const REST_OF_A_LONG_TEXT: Duration = Duration::from_secs(3);

/// Answers a text. With a photo there it is the person's own idea, whether or
/// not they announced it with a button.
pub(crate) fn on_text(
    conversation: &mut Conversation<'_>,
    text: &str,
) -> Result<Reply, StoreError> {
    let (tx, voice) = (conversation.tx, conversation.voice());
    let Some(draft) = drafts::open(tx, conversation.user.id)? else {
        return Ok(Reply::Message(screens::photo::needed(&voice)));
    };
    if let DraftState::Writing(_) = draft.state {
        return Ok(Reply::Message(screens::script::still_writing(&voice)));
    }
    let is_rest = is_rest_of_a_long_text(tx, &draft)?;
    match own_text(text) {
        Ok(text) if is_rest => {
            let (user, length) = (conversation.user.id.0, text.len());
            tracing::debug!(user.id = user, length, "the rest of a long text");
            Ok(Reply::Nothing)
        }
        Ok(text) => {
            drafts::transition(
                tx,
                draft.id,
                DraftMove::BeginScript(&Source::OwnText(text.to_owned())),
            )?;
            // Below the person's own words.
            Ok(Reply::Below(Anchor::Draft(draft.id), screens::script::writing(&voice)))
        }
        Err(fault) => {
            if let TextFault::TooLong { .. } = fault {
                drafts::mark_text_refused(tx, draft.id)?;
                if is_rest {
                    return Ok(Reply::Nothing);
                }
            }
            Ok(Reply::Message(screens::own_text::unusable(&voice, fault)))
        }
    }
}

fn is_rest_of_a_long_text(tx: &Tx<'_>, draft: &Draft) -> Result<bool, StoreError> {
    let refused = drafts::refused_at(tx, draft.id)?;
    Ok(refused.is_some_and(|refused| tx.now.since(refused) < REST_OF_A_LONG_TEXT))
}
