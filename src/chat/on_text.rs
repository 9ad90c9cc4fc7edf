//! A person sent a text that is no command.

use std::time::Duration;

use crate::chat::conversation::Conversation;
use crate::chat::conversation::draft_anchor;
use crate::chat::conversation::show;
use crate::chat::conversation::show_at;
use crate::chat::own_text::TextFault;
use crate::chat::own_text::own_text;
use crate::chat::screen::Screen;
use crate::chat::screens;
use crate::domain::draft::DraftState;
use crate::domain::draft::Source;
use crate::store::drafts;
use crate::store::drafts::Draft;
use crate::store::error::StoreError;
use crate::store::outbox;
use crate::store::tx::Tx;
use crate::store::users::User;

/// Telegram's apps send a very long text as several messages, one right after
/// the other: what follows a refused text this closely is the rest of it.
const REST_OF_A_LONG_TEXT: Duration = Duration::from_secs(3);

/// Answers a text. With a photo there it is the person's own idea, whether or
/// not they announced it with a button.
pub fn answer(
    conversation: &Conversation,
    tx: &Tx<'_>,
    user: &User,
    text: &str,
) -> Result<(), StoreError> {
    let Some(draft) = drafts::open(tx, user.id)? else {
        return show(tx, user.id, &screens::photo::needed(&conversation.words, user.language));
    };
    if let DraftState::Writing(_) = draft.state {
        return show(
            tx,
            user.id,
            &screens::script::still_writing(&conversation.words, user.language),
        );
    }
    match own_text(text) {
        Ok(text) if is_rest_of_a_long_text(tx, &draft)? => {
            tracing::debug!(user.id = user.id.0, length = text.len(), "the rest of a long text");
            Ok(())
        }
        Ok(text) => write(conversation, tx, user, &draft, text),
        Err(fault) => refuse(conversation, tx, user, &draft, fault),
    }
}

/// Begins a script from the person's own words, in a message below them.
fn write(
    conversation: &Conversation,
    tx: &Tx<'_>,
    user: &User,
    draft: &Draft,
    text: &str,
) -> Result<(), StoreError> {
    drafts::write(tx, draft.id, &Source::OwnText(text.to_owned()))?;
    let anchor = draft_anchor(draft.id);
    outbox::clear_anchor(tx, user.id, &anchor)?;
    show_at(tx, user.id, &anchor, &screens::script::writing(&conversation.words, user.language))
}

fn refuse(
    conversation: &Conversation,
    tx: &Tx<'_>,
    user: &User,
    draft: &Draft,
    fault: TextFault,
) -> Result<(), StoreError> {
    if let TextFault::TooLong { .. } = fault {
        let again = is_rest_of_a_long_text(tx, draft)?;
        drafts::text_refused(tx, draft.id)?;
        if again {
            return Ok(());
        }
    }
    let screen: Screen = screens::own_text::unusable(&conversation.words, user.language, fault);
    show(tx, user.id, &screen)
}

fn is_rest_of_a_long_text(tx: &Tx<'_>, draft: &Draft) -> Result<bool, StoreError> {
    let refused = drafts::refused_at(tx, draft.id)?;
    Ok(refused.is_some_and(|refused| tx.now.since(refused) < REST_OF_A_LONG_TEXT))
}
