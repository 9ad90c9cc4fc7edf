//! What a message of the outbox shows, as things are when it is sent.

use crate::chat::{
    notification,
    screen::{Body, Screen},
    words::Words,
};
use crate::domain::notification::Notification;
use crate::store::{
    error::StoreError,
    outbox::Kind,
    pictures::{self, Picture},
    send_queue::Message,
    tx::{Tx, View},
};

/// What there is of a message.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// This is to be shown.
    Contents(Contents),
    /// It has nothing to tell any more.
    Nothing,
    /// It cannot be read.
    Unreadable,
}

/// A screen with the picture that it shows, if it shows one of ours.
#[derive(Clone, Debug)]
pub(crate) struct Contents {
    /// The screen.
    pub screen: Screen,
    /// The picture.
    pub picture: Option<Picture>,
}

impl Contents {
    /// What a message shows now.
    pub(crate) fn read(
        view: &View<'_>,
        words: &Words,
        message: &Message,
    ) -> Result<Found, StoreError> {
        let screen: Option<Screen> = match message.kind {
            Kind::Screen => serde_json::from_str(&message.body).ok(),
            Kind::Notification => {
                let Some(fact) = fact(message) else { return Ok(Found::Unreadable) };
                let voice = words.voice(message.language);
                let told = notification::screen(view, &voice, message, &fact)?;
                let Some(told) = told else { return Ok(Found::Nothing) };
                Some(told)
            }
        };
        let Some(screen) = screen else { return Ok(Found::Unreadable) };
        let picture = match &screen.body {
            Body::Picture { name, .. } => pictures::find(view, name)?,
            Body::Text(_)
            | Body::File { .. }
            | Body::Video { .. }
            | Body::Invoice(_)
            | Body::Unchanged => None,
        };
        Ok(Found::Contents(Self { screen, picture }))
    }

    /// Whether Telegram has the picture under another id than before.
    pub(crate) fn is_news_of_picture(&self, file_id: &str) -> bool {
        let known = |picture: &Picture| picture.file_id.as_deref() == Some(file_id);
        self.picture.as_ref().is_some_and(|picture| !known(picture))
    }

    /// Keeps Telegram's id of the picture that was sent, so that it need not be uploaded again.
    pub(crate) fn keep_picture(&self, tx: &Tx<'_>, file_id: &str) -> Result<(), StoreError> {
        match (&self.screen.body, &self.picture) {
            (Body::Picture { name, .. }, Some(picture)) => {
                pictures::keep_file_id(tx, name, &picture.bytes, file_id)
            }
            _ => Ok(()),
        }
    }
}

/// The fact of a notification, if it can be read.
pub(crate) fn fact(message: &Message) -> Option<Notification> {
    let is_fact = message.kind == Kind::Notification;
    is_fact.then(|| serde_json::from_str(&message.body).ok()).flatten()
}
