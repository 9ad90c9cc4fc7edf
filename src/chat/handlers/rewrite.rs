//! A person wants a refused text written anew.

use crate::actions::rewrite_order::{Rewriting, rewrite_order};
use crate::chat::{
    conversation::Conversation,
    handlers::script::show_again,
    key::Key,
    reply::{Anchor, Reply},
    screens,
};
use crate::domain::{
    draft::{ScriptId, ScriptState},
    id::OrderId,
};
use crate::store::{drafts, error::StoreError, scripts};

/// "✍️ Rewrite for free": once for an order. A second tap finds the script of the first.
pub(crate) fn on_rewrite(
    conversation: &mut Conversation<'_>,
    order: OrderId,
) -> Result<Reply, StoreError> {
    let (tx, voice) = (conversation.tx, conversation.voice());
    match rewrite_order(tx, conversation.user.id, order)? {
        Rewriting::Begun(script) => {
            let draft = drafts::find(tx, conversation.user.id, script.draft)?;
            let writing = screens::script::writing(&voice);
            let photo = draft.and_then(|draft| draft.photo_message);
            Ok(Reply::Below(Anchor::Script(script), writing.in_reply_to(photo)))
        }
        Rewriting::Before(script) => show(conversation, script),
        Rewriting::GivenUp => Ok(Reply::Hint(screens::rewrite::given_up(&voice, order))),
        Rewriting::Enough => Ok(Reply::Hint(screens::script::no_more(&voice))),
        Rewriting::Nothing => Ok(conversation.stale()),
    }
}

/// The rewrite that was begun before, below: its button may be far above.
fn show(conversation: &Conversation<'_>, id: ScriptId) -> Result<Reply, StoreError> {
    let script = scripts::find(conversation.tx, id)?;
    let draft = drafts::find(conversation.tx, conversation.user.id, id.draft)?;
    let Some((script, draft)) = script.zip(draft) else { return Ok(conversation.stale()) };
    match script.state {
        ScriptState::Writing => Ok(conversation.toast(Key::ToastWriting)),
        ScriptState::Ordered => Ok(conversation.toast(Key::ToastAccepted)),
        ScriptState::Offered | ScriptState::Ready => Ok(match show_again(conversation, &script)? {
            Reply::Edit(anchor, screen) => {
                Reply::Below(anchor, screen.in_reply_to(draft.photo_message))
            }
            other => other,
        }),
    }
}
