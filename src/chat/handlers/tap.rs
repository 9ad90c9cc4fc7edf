//! A person tapped a button. Buttons outlive what they stood for, and any data can come: the
//! owner of the draft or order, and its state, is looked up.

use crate::chat::{
    conversation::Conversation,
    handlers::{
        alert::{on_mute, on_unmute},
        draft::{on_another_script, on_edit_script, on_ideas, on_more, on_own_text, on_preset},
        language::on_language,
        order::on_order,
        start::on_start,
    },
    reply::Reply,
    tap::Tap,
};
use crate::store::error::StoreError;

/// Does what the button means; `None` is data that no button of ours has.
pub(crate) fn on_tap(
    conversation: &mut Conversation<'_>,
    tap: Option<Tap>,
) -> Result<Reply, StoreError> {
    match tap {
        Some(Tap::Preset { draft, preset }) => on_preset(conversation, draft, &preset),
        Some(Tap::OwnText { draft }) => on_own_text(conversation, draft),
        Some(Tap::Ideas { draft }) => on_ideas(conversation, draft),
        Some(Tap::Order { draft, revision, count }) => {
            on_order(conversation, draft, revision, count)
        }
        Some(Tap::AnotherScript { draft, revision }) => {
            on_another_script(conversation, draft, revision)
        }
        Some(Tap::EditScript { draft }) => on_edit_script(conversation, draft),
        Some(Tap::MoreWithPhoto { order }) => on_more(conversation, order),
        Some(Tap::Menu) => on_start(conversation, false),
        Some(Tap::Language(language)) => on_language(conversation, language),
        Some(Tap::Mute { alert, length }) => on_mute(conversation, alert, length),
        Some(Tap::Unmute { alert }) => on_unmute(conversation, alert),
        None => Ok(conversation.stale()),
    }
}
