//! From what a person did to what they see: the action and the answer, in one
//! transaction.

use crate::actions::admit_user::Admitted;
use crate::actions::admit_user::admit_user;
use crate::actions::receive_photo::Received;
use crate::actions::receive_photo::receive_photo;
use crate::chat::conversation::Conversation;
use crate::chat::conversation::show;
use crate::chat::input;
use crate::chat::input::Command;
use crate::chat::input::IncomingPhoto;
use crate::chat::input::Input;
use crate::chat::on_tap::TapContext;
use crate::chat::on_text;
use crate::chat::screen::Screen;
use crate::chat::screens;
use crate::chat::screens::prompt::Occasion;
use crate::chat::tap::Tap;
use crate::domain::photo::PhotoFault;
use crate::store::albums;
use crate::store::drafts;
use crate::store::error::StoreError;
use crate::store::tx::Tx;
use crate::store::users;
use crate::store::users::Profile;
use crate::store::users::User;

/// Answers one update of a person.
pub fn answer(
    conversation: &Conversation,
    tx: &Tx<'_>,
    incoming: &input::Incoming,
) -> Result<(), StoreError> {
    match incoming.input {
        Input::Nothing => return Ok(()),
        Input::Blocked => return users::block(tx, incoming.from.user),
        _ => {}
    }
    let admitted = admit_user(tx, &conversation.rules, &profile(&incoming.from))?;
    let user = &admitted.user;
    let (words, language) = (&conversation.words, user.language);
    match &incoming.input {
        Input::Start { .. } => start(conversation, tx, &admitted),
        Input::Command(command) => {
            show(tx, user.id, &command_screen(conversation, tx, user, *command)?)
        }
        Input::UnknownCommand(_) => {
            show(tx, user.id, &screens::hint::unknown_command(words, language))
        }
        Input::Text(text) => on_text::answer(conversation, tx, user, text),
        Input::Photo(photo) => photo_came(conversation, tx, user, photo),
        Input::BadFile { fault, album } => {
            bad_file(conversation, tx, user, *fault, album.as_deref())
        }
        Input::OtherMedia => show(tx, user.id, &screens::hint::other_media(words, language)),
        Input::Tap { data, message } => {
            TapContext { conversation, tx, user, message: *message }.answer(Tap::parse(data))
        }
        Input::Unblocked | Input::Blocked | Input::Nothing => Ok(()),
    }
}

/// Tells a person that their last update could not be carried out.
pub fn apologize(
    conversation: &Conversation,
    tx: &Tx<'_>,
    from: &input::From,
) -> Result<(), StoreError> {
    match users::find(tx, from.user)? {
        Some(user) => {
            show(tx, user.id, &screens::hint::trouble(&conversation.words, user.language))
        }
        None => Ok(()),
    }
}

fn profile(from: &input::From) -> Profile {
    Profile {
        id: from.user,
        username: from.username.clone(),
        first_name: from.first_name.clone(),
        language_code: from.language_code.clone(),
    }
}

/// From the beginning: what was being prepared is put aside.
fn start(conversation: &Conversation, tx: &Tx<'_>, admitted: &Admitted) -> Result<(), StoreError> {
    drafts::drop_open(tx, admitted.user.id)?;
    show(tx, admitted.user.id, &start_screen(conversation, &admitted.user, admitted.is_new))
}

fn start_screen(conversation: &Conversation, user: &User, first_time: bool) -> Screen {
    let welcome = screens::start::Welcome {
        first_time,
        balance: user.credits,
        presets: &conversation.presets,
    };
    screens::start::start(&conversation.words, user.language, &welcome)
}

fn command_screen(
    conversation: &Conversation,
    tx: &Tx<'_>,
    user: &User,
    command: Command,
) -> Result<Screen, StoreError> {
    let (words, language, support) = (&conversation.words, user.language, &conversation.support);
    Ok(match command {
        Command::Help => screens::help::help(words, language),
        Command::Balance => screens::balance::balance(
            words,
            language,
            user.credits,
            conversation.rules.price,
            support,
        ),
        Command::Language => screens::language::choose(words, language),
        Command::Menu => {
            drafts::drop_open(tx, user.id)?;
            start_screen(conversation, user, false)
        }
        Command::Support => screens::help::support(words, language, support),
        Command::Terms => screens::help::terms(words, language),
        Command::Privacy => screens::help::privacy(words, language),
        Command::PaySupport => screens::help::pay_support(words, language, support),
    })
}

fn photo_came(
    conversation: &Conversation,
    tx: &Tx<'_>,
    user: &User,
    photo: &IncomingPhoto,
) -> Result<(), StoreError> {
    let (words, language) = (&conversation.words, user.language);
    let album = photo.album.as_deref();
    if let Some(fault) = photo.fault() {
        return bad_file(conversation, tx, user, fault, album);
    }
    match receive_photo(tx, user.id, &photo.file_id, album)? {
        Received::Kept(draft) => {
            let occasion = Occasion::NewPhoto;
            let screen =
                screens::prompt::ideas(words, language, draft, &conversation.presets, occasion);
            show(tx, user.id, &screen)
        }
        Received::AlbumSibling { number: 2 } => {
            show(tx, user.id, &screens::photo::album(words, language))
        }
        Received::AlbumSibling { .. } => Ok(()),
    }
}

/// Says why a file cannot serve; of an album once.
fn bad_file(
    conversation: &Conversation,
    tx: &Tx<'_>,
    user: &User,
    fault: PhotoFault,
    album: Option<&str>,
) -> Result<(), StoreError> {
    if let Some(group) = album {
        let refusals = format!("{group} refused");
        if albums::count(tx, user.id, &refusals)? > 1 {
            return Ok(());
        }
    }
    show(tx, user.id, &screens::photo::unusable(&conversation.words, user.language, fault))
}
