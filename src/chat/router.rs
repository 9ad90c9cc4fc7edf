//! From what a person did to what they see: the action and the answer, in one
//! transaction.

use crate::actions::admit_user::{Admitted, admit_user};
use crate::chat::{
    conversation::Conversation,
    handlers::{
        command::on_command,
        photo::{on_bad_file, on_photo},
        start::on_start,
        tap::on_tap,
        text::on_text,
    },
    input::{Incoming, Input},
    reply::Reply,
    screens::hint,
    settings::Settings,
    tap::Tap,
};
use crate::domain::id::UserId;
use crate::store::{error::StoreError, tx::Tx, users};

/// Answers one update of a person.
pub(crate) fn answer(
    settings: &Settings,
    tx: &Tx<'_>,
    incoming: &Incoming,
) -> Result<(), StoreError> {
    if incoming.input == Input::Blocked {
        return users::block(tx, incoming.from.id);
    }
    let Admitted { user, is_new } = admit_user(tx, &settings.rules, &incoming.from)?;
    let Incoming { message, replies_to, .. } = *incoming;
    let mut conversation =
        Conversation { message, replies_to, ..Conversation::with(settings, tx, user) };
    let reply = handle(&mut conversation, &incoming.input, is_new)?;
    conversation.show(&reply)
}

fn handle(
    conversation: &mut Conversation<'_>,
    input: &Input,
    is_new: bool,
) -> Result<Reply, StoreError> {
    match input {
        Input::Start { .. } => on_start(conversation, is_new),
        Input::Command(command) => on_command(conversation, *command),
        Input::UnknownCommand(_) => Ok(Reply::Hint(hint::unknown_command(&conversation.voice()))),
        Input::Text(text) => on_text(conversation, text),
        Input::Photo(photo) => on_photo(conversation, photo),
        Input::BadFile { fault, album } => on_bad_file(conversation, *fault, album.as_deref()),
        Input::OtherMedia => Ok(Reply::Hint(hint::other_media(&conversation.voice()))),
        Input::Tap { data, message } => {
            conversation.tapped = Some(*message);
            on_tap(conversation, Tap::parse(data))
        }
        Input::Edited(_) | Input::Unblocked | Input::Blocked => Ok(Reply::Nothing),
    }
}

/// Shows a person that their last update could not be carried out.
pub(crate) fn apologize(settings: &Settings, tx: &Tx<'_>, to: UserId) -> Result<(), StoreError> {
    let Some(user) = users::find(tx, to)? else { return Ok(()) };
    let conversation = Conversation::with(settings, tx, user);
    conversation.show(&Reply::Message(hint::trouble(&conversation.voice())))
}
