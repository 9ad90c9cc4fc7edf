//! A person tapped a button. Buttons outlive what they stood for, and any data can come: the
//! owner of the draft or order, and its state, is looked up.

use crate::chat::{
    conversation::Conversation,
    handlers::{
        album_tap::on_album_tap,
        alert::{on_mute, on_unmute},
        command::on_command,
        draft::{on_ideas, on_more, on_own_text, on_preset},
        language::on_language,
        options::on_options,
        order::{on_cancel_order, on_order},
        rewrite::on_rewrite,
        samples::{on_examples, on_samples},
        script::{on_another_script, on_edit_script, on_use_text},
        settings::on_setting,
        start::on_start,
        video_tap::on_video_tap,
    },
    input::Command,
    reply::Reply,
    screens::photo,
    tap::Tap,
};
use crate::domain::options::Choice;
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
        Some(Tap::Order { script, count, offer }) => on_order(conversation, script, count, offer),
        Some(Tap::Aspect { script, aspect }) => {
            on_options(conversation, script, Choice { aspect: Some(aspect), seconds: None })
        }
        Some(Tap::Seconds { script, seconds }) => {
            on_options(conversation, script, Choice { aspect: None, seconds: Some(seconds) })
        }
        Some(Tap::UseText(script)) => on_use_text(conversation, script),
        Some(Tap::AnotherScript(script)) => on_another_script(conversation, script),
        Some(Tap::EditScript { draft, revision }) => on_edit_script(conversation, draft, revision),
        Some(Tap::Cancel { order }) => on_cancel_order(conversation, order),
        Some(Tap::MoreWithPhoto { order }) => on_more(conversation, order),
        Some(Tap::Album(tap)) => on_album_tap(conversation, tap),
        Some(Tap::AnotherPhoto) => Ok(Reply::Message(photo::another(&conversation.voice()))),
        Some(Tap::Rewrite { order }) => on_rewrite(conversation, order),
        Some(Tap::Menu) => on_start(conversation, None),
        Some(Tap::Balance) => on_command(conversation, Command::Balance),
        Some(Tap::Examples) => on_examples(conversation),
        Some(Tap::Samples { draft, from }) => on_samples(conversation, draft, from),
        Some(Tap::Help) => on_command(conversation, Command::Help),
        Some(Tap::Language(language)) => on_language(conversation, language),
        Some(Tap::Setting(setting)) => on_setting(conversation, setting),
        Some(Tap::Mute { alert, length }) => on_mute(conversation, alert, length),
        Some(Tap::Unmute { alert }) => on_unmute(conversation, alert),
        Some(Tap::Video(tap)) => on_video_tap(conversation, tap),
        None => Ok(conversation.stale()),
    }
}
