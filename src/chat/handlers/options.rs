//! A person tapped a shape or a length under a script.

use crate::actions::offered::offered;
use crate::chat::{
    conversation::Conversation,
    handlers::script::{find, on_offer_changed, show_with},
    key::Key,
    reply::Reply,
};
use crate::domain::{
    draft::{ScriptId, ScriptState},
    options::Choice,
};
use crate::store::{choices, drafts, error::StoreError};

/// Shows the script with another shape or length, and keeps it for what the person prepares next.
pub(crate) fn on_options(
    conversation: &mut Conversation<'_>,
    id: ScriptId,
    picked: Choice,
) -> Result<Reply, StoreError> {
    let Some((draft, script)) = find(conversation, id)? else { return Ok(conversation.stale()) };
    match script.state {
        ScriptState::Ready => {}
        ScriptState::Writing => return Ok(conversation.toast(Key::ToastWriting)),
        ScriptState::Ordered => return Ok(conversation.toast(Key::ToastAccepted)),
        ScriptState::Offered => return Ok(conversation.stale()),
    }
    let offered = offered(conversation.tx, &conversation.settings.rules)?;
    if !offered.takes(picked) {
        // Under a script that shows what is offered there is no such button.
        let stands = offered.takes(script.shown);
        let word = conversation.toast(Key::ToastNotOffered);
        return if stands {
            Ok(word)
        } else {
            on_offer_changed(conversation, id, Key::ToastOfferChanged)
        };
    }
    let (tx, user) = (conversation.tx, conversation.user.id);
    drafts::choose(tx, draft.id, picked)?;
    choices::choose(tx, user, picked)?;
    let choice = picked.or(script.shown).or(drafts::choice(tx, draft.id)?);
    show_with(conversation, &script, choice)
}
