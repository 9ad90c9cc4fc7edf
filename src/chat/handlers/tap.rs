//! A person tapped a button. Buttons outlive what they stood for, and any data can come: the
//! owner of the draft or order, and its state, is looked up.

use crate::chat::{
    conversation::Conversation,
    handlers::{
        album::{on_album, on_choose_photo},
        alert::{on_mute, on_unmute},
        command::on_command,
        draft::{on_ideas, on_more, on_own_text, on_preset},
        language::on_language,
        order::on_order,
        script::{on_another_script, on_edit_script, on_use_text},
        series,
        start::{examples, on_start},
    },
    input::Command,
    reply::Reply,
    screens::photo,
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
        Some(Tap::Order { script, count }) => on_order(conversation, script, count),
        Some(Tap::UseText(script)) => on_use_text(conversation, script),
        Some(Tap::AnotherScript(script)) => on_another_script(conversation, script),
        Some(Tap::EditScript { draft, revision }) => on_edit_script(conversation, draft, revision),
        Some(Tap::MoreWithPhoto { order }) => on_more(conversation, order),
        Some(Tap::Album { album, kind }) => on_album(conversation, album, kind),
        Some(Tap::ChoosePhoto { draft, place }) => on_choose_photo(conversation, draft, place),
        Some(Tap::SeriesPreset { album, preset }) => {
            series::on_preset(conversation, album, &preset)
        }
        Some(Tap::SeriesText { album }) => series::on_own_text(conversation, album),
        Some(Tap::SeriesCaptions { album }) => series::on_captions(conversation, album),
        Some(Tap::SeriesIdeas { album }) => series::on_ideas(conversation, album),
        Some(Tap::OrderSeries { batch, skipped, products, count }) => {
            series::on_order(conversation, batch, (skipped, products, count))
        }
        Some(Tap::Series { batch }) => series::on_series(conversation, batch),
        Some(Tap::MoreOfSeries { batch }) => series::on_more(conversation, batch),
        Some(Tap::AnotherPhoto) => Ok(Reply::Message(photo::another(&conversation.voice()))),
        Some(Tap::Menu) => on_start(conversation, None),
        Some(Tap::Balance) => on_command(conversation, Command::Balance),
        Some(Tap::Examples) => Ok(Reply::Message(examples(conversation))),
        Some(Tap::Help) => on_command(conversation, Command::Help),
        Some(Tap::Language(language)) => on_language(conversation, language),
        Some(Tap::Mute { alert, length }) => on_mute(conversation, alert, length),
        Some(Tap::Unmute { alert }) => on_unmute(conversation, alert),
        None => Ok(conversation.stale()),
    }
}
