//! One person's conversation while one action is carried out.
//!
//! Everything that a person does goes to a handler, `(&mut Conversation, input) -> Reply`. A handler
//! reads and changes the database through `tx` and returns what is to be shown;
//! [`Conversation::show`] alone writes to the outbox.

use crate::chat::{reply::Reply, screen::Screen, settings::Settings, voice::Voice};
use crate::domain::id::MessageId;
use crate::store::{
    error::{StoreError, StoreErrorKind},
    outbox,
    tx::Tx,
    users::User,
};

/// What a handler needs to know, and the right to change it.
pub(crate) struct Conversation<'a> {
    /// What the operator decided.
    pub settings: &'a Settings,
    /// The transaction of the action.
    pub tx: &'a Tx<'a>,
    /// The person.
    pub user: User,
    /// The message with the button, if one was tapped.
    pub tapped: Option<MessageId>,
    /// The message that the person sent or edited.
    pub message: Option<MessageId>,
    /// The message that they answer with it.
    pub replies_to: Option<MessageId>,
}

impl<'a> Conversation<'a> {
    /// A conversation in which the person has not said or tapped anything.
    pub(crate) fn with(settings: &'a Settings, tx: &'a Tx<'a>, user: User) -> Self {
        Self { settings, tx, user, tapped: None, message: None, replies_to: None }
    }
}

impl<'a> Conversation<'a> {
    /// The words in the person's language.
    pub(crate) fn voice(&self) -> Voice<'a> {
        self.settings.words.voice(self.user.language)
    }

    /// Puts a reply into the outbox.
    pub(crate) fn show(&self, reply: &Reply) -> Result<(), StoreError> {
        let (tx, to) = (self.tx, self.user.id);
        match reply {
            Reply::Nothing => Ok(()),
            Reply::Message(screen) | Reply::Hint(screen) => {
                outbox::put_screen(tx, to, &body(screen)?, None)
            }
            Reply::Edit(anchor, screen) => {
                let anchor = anchor.to_string();
                if let Some(message) = self.tapped {
                    outbox::anchor(tx, to, &anchor, message)?;
                }
                outbox::put_screen(tx, to, &body(screen)?, Some(&anchor))
            }
            Reply::Below(anchor, screen) => {
                let anchor = anchor.to_string();
                outbox::clear_anchor(tx, to, &anchor)?;
                outbox::put_screen(tx, to, &body(screen)?, Some(&anchor))
            }
        }
    }
}

fn body(screen: &Screen) -> Result<String, StoreError> {
    serde_json::to_string(screen)
        .map_err(|error| StoreError::new(StoreErrorKind::Other, error.to_string()))
}
