//! From what a person did to what they see: the action and the answer, in one
//! transaction.

use crate::actions::admit_user::admit_user;
use crate::chat::{
    conversation::Conversation,
    handlers::{
        command::on_command,
        edited::on_edited,
        my::on_find,
        my_videos,
        photo::{on_bad_file, on_photo},
        replaced_photo::{on_edited_file, on_edited_photo},
        start::{greet, on_start},
        tap::on_tap,
        text::on_text,
        voice_message::on_voice,
    },
    input::{Command, Incoming, Input},
    looked_up::{LookedUp, Wanted},
    reply::Reply,
    screens::{hint, start::Occasion},
    settings::Settings,
    tap::Tap,
};
use crate::domain::{id::UserId, photo::PhotoFault, time::Timestamp};
use crate::store::{
    error::StoreError,
    tx::{Tx, View},
    users,
};

/// Looks up what an update seems to be about; nothing is changed.
pub(crate) fn look_up(
    settings: &Settings,
    view: &View<'_>,
    now: Timestamp,
    incoming: &Incoming,
    wanted: Wanted,
) -> Result<Option<LookedUp>, StoreError> {
    my_videos::look_up(settings, view, now, incoming, wanted)
}

/// Answers one update of a person, with what was looked up for it; returns the word for their tap.
pub(crate) fn answer(
    settings: &Settings,
    tx: &Tx<'_>,
    incoming: &Incoming,
    looked_up: Option<LookedUp>,
) -> Result<Option<String>, StoreError> {
    if incoming.input == Input::Blocked {
        users::block(tx, incoming.from.id)?;
        return Ok(None);
    }
    let user = admit_user(tx, &settings.rules, &incoming.from)?;
    let (message, replies_to) = (incoming.message, incoming.replies_to.clone());
    let mut conversation =
        Conversation { message, replies_to, looked_up, ..Conversation::with(settings, tx, user) };
    greet_first(&mut conversation, &incoming.input)?;
    let reply = handle(&mut conversation, &incoming.input)?;
    conversation.show(&reply)?;
    Ok(reply.toast().map(str::to_owned))
}

/// A person whose first contact is no `/start` is greeted before they are answered.
fn greet_first(conversation: &mut Conversation<'_>, input: &Input) -> Result<(), StoreError> {
    if conversation.user.is_greeted {
        return Ok(());
    }
    match input {
        Input::Start { .. }
        | Input::Command(Command::Menu)
        | Input::Edited(_)
        | Input::EditedPhoto(_)
        | Input::EditedFile { .. }
        | Input::Blocked
        | Input::Unblocked => Ok(()),
        Input::Photo(_) => greet(conversation, Occasion::FirstPhoto),
        Input::Command(_)
        | Input::FindVideos(_)
        | Input::UnknownCommand(_)
        | Input::Text(_)
        | Input::BadFile { .. }
        | Input::Voice(_)
        | Input::OtherMedia { .. }
        | Input::Tap { .. } => greet(conversation, Occasion::FirstContact),
    }
}

fn handle(conversation: &mut Conversation<'_>, input: &Input) -> Result<Reply, StoreError> {
    if is_choice(input) {
        conversation.stop_expecting()?;
    }
    match input {
        Input::Start { payload } => on_start(conversation, payload.as_deref()),
        Input::Command(command) => on_command(conversation, *command),
        Input::FindVideos(text) => on_find(conversation, text),
        Input::UnknownCommand(_) => Ok(Reply::Hint(hint::unknown_command(&conversation.voice()))),
        Input::Text(text) => on_text(conversation, text),
        Input::Edited(text) => on_edited(conversation, text),
        Input::EditedPhoto(photo) => on_edited_photo(conversation, photo),
        Input::EditedFile { fault, caption } => {
            on_edited_file(conversation, *fault, caption.as_deref())
        }
        Input::Photo(photo) => on_photo(conversation, photo),
        Input::BadFile { fault, album } => on_bad_file(conversation, *fault, album.as_deref()),
        Input::Voice(voice) => on_voice(conversation, voice),
        Input::OtherMedia { album: None } => {
            let listens = conversation.settings.listens();
            Ok(Reply::Hint(hint::other_media(&conversation.voice(), listens)))
        }
        Input::OtherMedia { album } => {
            on_bad_file(conversation, PhotoFault::NotAnImage, album.as_deref())
        }
        Input::Tap { data, message } => {
            conversation.tapped = Some(*message);
            on_tap(conversation, Tap::parse(data))
        }
        Input::Unblocked | Input::Blocked => Ok(Reply::Nothing),
    }
}

/// Whether the person chose what to do next, whatever they were asked for. A tap that changes or sends
/// something beside that is no such choice.
fn is_choice(input: &Input) -> bool {
    match input {
        Input::Tap { data, .. } => !Tap::parse(data).is_some_and(|tap| is_beside(&tap)),
        Input::Start { .. }
        | Input::Command(_)
        | Input::FindVideos(_)
        | Input::UnknownCommand(_) => true,
        Input::Text(_)
        | Input::Edited(_)
        | Input::EditedPhoto(_)
        | Input::EditedFile { .. }
        | Input::Photo(_)
        | Input::BadFile { .. }
        | Input::Voice(_)
        | Input::OtherMedia { .. }
        | Input::Unblocked
        | Input::Blocked => false,
    }
}

/// Whether a tap changes or sends something in its place and leads nowhere: what the person was asked for
/// before is still asked for.
fn is_beside(tap: &Tap) -> bool {
    match tap {
        Tap::Aspect { .. }
        | Tap::Seconds { .. }
        | Tap::Samples { .. }
        | Tap::Examples
        | Tap::Language(_)
        | Tap::Setting(_)
        | Tap::Mute { .. }
        | Tap::Unmute { .. } => true,
        Tap::Album(tap) => tap.is_beside(),
        Tap::Video(tap) => tap.is_beside(),
        _ => false,
    }
}

/// Shows a person that their last update could not be carried out.
pub(crate) fn apologize(settings: &Settings, tx: &Tx<'_>, to: UserId) -> Result<(), StoreError> {
    let Some(user) = users::find(tx, to)? else { return Ok(()) };
    let conversation = Conversation::with(settings, tx, user);
    conversation.show(&Reply::Message(hint::trouble(&conversation.voice())))
}
