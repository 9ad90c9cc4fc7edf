//! What a message of the outbox shows, as things are when it is sent.

use crate::chat::{
    notification,
    screen::{Body, Screen},
    settings::Settings,
};
use crate::config::samples::Sample;
use crate::domain::{lane::Lane, notification::Notification};
use crate::store::{
    db::Db,
    error::StoreError,
    outbox::Kind,
    pictures::{self, Picture},
    samples::{self, SampleHash},
    send_queue::Message,
    tx::{Tx, View},
};
use crate::telegram::message::{Letter, Upload};

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

/// A screen with the file that it shows, if it shows one of ours.
#[derive(Clone, Debug)]
pub(crate) struct Contents {
    /// The screen.
    screen: Screen,
    /// The file.
    upload: Option<Upload>,
    /// Whether it comes without a sound.
    is_silent: bool,
}

impl Contents {
    /// What a message shows now.
    pub(crate) fn read(
        db: &Db,
        settings: &Settings,
        message: &Message,
    ) -> Result<Found, StoreError> {
        let screen = match message.kind {
            Kind::Screen => serde_json::from_str(&message.body).ok(),
            Kind::Notification => {
                let Some(fact) = fact(message) else { return Ok(Found::Unreadable) };
                let voice = settings.words.voice(message.language);
                let told = db.read(|view| notification::screen(view, &voice, message, &fact))?;
                let Some(told) = told else { return Ok(Found::Nothing) };
                Some(told)
            }
        };
        let Some(screen): Option<Screen> = screen else { return Ok(Found::Unreadable) };
        let upload = match &screen.body {
            Body::Picture { name, .. } => db.read(|view| picture(view, name))?,
            Body::Sample { preset, .. } => match sample(db, settings, preset)? {
                // The others are shown without it.
                None => return Ok(Found::Nothing),
                found => found,
            },
            Body::Text(_)
            | Body::File { .. }
            | Body::Video { .. }
            | Body::Invoice(_)
            | Body::Unchanged => None,
        };
        let is_silent =
            comes_by_itself(message) && settings.is_quiet(message.quiet, db.clock.now());
        Ok(Found::Contents(Self { screen, upload, is_silent }))
    }

    /// The same on its way.
    pub(crate) fn letter(&self, message: &Message) -> Letter<'_> {
        let Self { screen, upload, is_silent } = self;
        let (to, edits, upload) = (message.to, message.edits, upload.as_ref());
        Letter { to, edits, screen, upload, is_silent: *is_silent }
    }

    /// Whether Telegram has the file under another id than before.
    pub(crate) fn is_news_of_file(&self, file_id: &str) -> bool {
        let known = |upload: &Upload| upload.file_id.as_deref() == Some(file_id);
        self.upload.as_ref().is_some_and(|upload| !known(upload))
    }

    /// Keeps Telegram's id of the file that was sent, so that it need not be uploaded again.
    pub(crate) fn keep_file_id(&self, tx: &Tx<'_>, file_id: &str) -> Result<(), StoreError> {
        match (&self.screen.body, &self.upload) {
            (Body::Picture { name, .. }, Some(picture)) => {
                pictures::keep_file_id(tx, name, &picture.bytes, file_id)
            }
            (Body::Sample { .. }, Some(sample)) => {
                samples::keep_file_id(tx, &SampleHash::of(&sample.bytes), file_id)
            }
            _ => Ok(()),
        }
    }
}

fn picture(view: &View<'_>, name: &str) -> Result<Option<Upload>, StoreError> {
    let picture = pictures::find(view, name)?;
    Ok(picture.map(|Picture { bytes, file_id }| Upload { bytes, file_id }))
}

/// The sample of a preset, if that is there and can be sent.
fn sample(db: &Db, settings: &Settings, preset: &str) -> Result<Option<Upload>, StoreError> {
    let Some(sample) = settings.preset(preset).and_then(Sample::of) else { return Ok(None) };
    let bytes = match sample.read() {
        Ok(bytes) => bytes,
        Err(error) => {
            let hint = "`reelbot config check` names what is wrong with samples";
            tracing::warn!(preset, %error, hint, "the sample of an idea cannot be shown");
            return Ok(None);
        }
    };
    let file_id = db.read(|view| samples::file_id(view, &SampleHash::of(&bytes)))?;
    Ok(Some(Upload { bytes, file_id }))
}

/// Whether nobody waits for a message. Alerts are meant to be heard.
fn comes_by_itself(message: &Message) -> bool {
    message.lane != Lane::Answers && !matches!(fact(message), Some(Notification::Alert(_)))
}

/// The fact of a notification, if it can be read.
pub(crate) fn fact(message: &Message) -> Option<Notification> {
    let is_fact = message.kind == Kind::Notification;
    is_fact.then(|| serde_json::from_str(&message.body).ok()).flatten()
}
