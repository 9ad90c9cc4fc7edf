//! A person tapped a button. Buttons outlive what they stood for, and any data can come: the
//! owner of the draft or order, and its state, is looked up.

use crate::chat::conversation::Conversation;
use crate::chat::handlers::alert::on_mute;
use crate::chat::handlers::alert::on_unmute;
use crate::chat::handlers::draft::on_another_script;
use crate::chat::handlers::draft::on_edit_script;
use crate::chat::handlers::draft::on_ideas;
use crate::chat::handlers::draft::on_more;
use crate::chat::handlers::draft::on_own_text;
use crate::chat::handlers::draft::on_preset;
use crate::chat::handlers::language::on_language;
use crate::chat::handlers::order::on_order;
use crate::chat::handlers::start::on_start;
use crate::chat::reply::Reply;
use crate::chat::screens::hint;
use crate::chat::tap::Tap;
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
        None => Ok(Reply::Message(hint::stale(&conversation.voice()))),
    }
}
