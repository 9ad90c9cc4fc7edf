//! Whether a message of the operator's own can be used.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::chat::{
    ftl::{Needs, variables},
    key::Key,
    screen::MAX_LABEL,
    text::{HtmlFault, MAX_TEXT, check_html, plain, units},
};
use crate::domain::text::is_blank;

/// The longest that a message may be without its markup and its inserted texts, in UTF-16
/// units. A screen of three such messages around a prompt of
/// [`crate::chat::words::MAX_INSERTED`] units still fits Telegram's 4,096.
pub(crate) const MAX_PART: usize = 350;

/// The longest that each of the two lines about its videos may be on a script's screen, the same.
pub(crate) const MAX_LINE: usize = 100;

/// The longest word for a tap that Telegram takes.
pub(crate) const MAX_TOAST: usize = 200;

/// The longest description that Telegram takes in the command list.
const MAX_DESCRIPTION: usize = 256;

/// What is wrong with one message of the operator's.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MessageFault {
    /// reelbot has no such message.
    #[error("there is no message of this name")]
    UnknownKey,
    /// It has no text.
    #[error("it has no text")]
    Empty,
    /// It is not given this value.
    #[error("it has no value `${0}`")]
    UnknownVariable(String),
    /// It mentions a message or a form that does not exist.
    #[error("it mentions something that does not exist")]
    Incomplete,
    /// Telegram would refuse it.
    #[error("{0}")]
    Html(HtmlFault),
    /// It leaves no room for the rest of its screen.
    #[error("it has {length} characters, and {most} is the most")]
    TooLong {
        /// Its length in UTF-16 units.
        length: usize,
        /// The most there is room for.
        most: usize,
    },
}

/// Whether reelbot has a message of this name, and with every value that is mentioned.
pub(crate) fn known(
    key: &str,
    mentioned: &Needs,
    shipped: &BTreeMap<String, Needs>,
) -> Result<(), MessageFault> {
    Key::from_name(key).ok_or(MessageFault::UnknownKey)?;
    match mentioned.variables.difference(&variables(shipped, key)).next() {
        Some(unknown) => Err(MessageFault::UnknownVariable(unknown.clone())),
        None => Ok(()),
    }
}

/// Whether Telegram takes the text, together with the rest of its screen.
pub(crate) fn check_text(key: Key, text: &str) -> Result<(), MessageFault> {
    let shown = if key.is_plain() { text.to_owned() } else { plain(text) };
    let length = units(&shown);
    let most = room(key);
    if is_blank(&shown) {
        return Err(MessageFault::Empty);
    }
    if length > most {
        return Err(MessageFault::TooLong { length, most });
    }
    if key.is_plain() { Ok(()) } else { check_html(text).map_err(MessageFault::Html) }
}

pub(crate) fn room(key: Key) -> usize {
    match key {
        // Each of these is a message by itself, with nothing inserted.
        Key::Help | Key::Terms | Key::Privacy | Key::OwnTextInvitation => MAX_TEXT,
        key if key.name().starts_with("command-") => MAX_DESCRIPTION,
        key if key.name().starts_with("toast-") => MAX_TOAST,
        key if key.is_plain() => MAX_LABEL,
        Key::ScriptOptions
        | Key::ScriptShape
        | Key::PromptPhotos
        | Key::ScriptAddedAboveAndBelow
        | Key::ScriptAddedAtTheSides
        | Key::ScriptCutAboveAndBelow
        | Key::ScriptCutAtTheSides
        | Key::SeriesGone
        | Key::SeriesBlurred
        | Key::SeriesDark
        | Key::SeriesSmall
        | Key::SeriesAddedAboveAndBelow
        | Key::SeriesAddedAtTheSides
        | Key::SeriesCutAboveAndBelow
        | Key::SeriesCutAtTheSides => MAX_LINE,
        _ => MAX_PART,
    }
}
