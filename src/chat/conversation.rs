//! One person's conversation while one action is carried out.
//!
//! Everything that a person does goes to a handler, `(&mut Conversation, input) -> Reply`. A handler
//! reads and changes the database through `tx` and returns what is to be shown;
//! [`Conversation::show`] alone writes to the outbox.

use crate::chat::{
    answered::Answered, key::Key, looked_up::LookedUp, reply::Reply, screen::Screen, screens::hint,
    settings::Settings, voice::Voice,
};
use crate::domain::{
    awaited::{AWAITED_FOR, Awaited},
    id::MessageId,
    lane::Lane,
};
use crate::store::{
    anchors,
    error::{StoreError, StoreErrorKind},
    outbox,
    tx::Tx,
    users::{self, User},
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
    pub replies_to: Option<Answered>,
    /// What was looked up of the person's videos.
    pub looked_up: Option<LookedUp>,
}

impl<'a> Conversation<'a> {
    /// A conversation in which the person has not said or tapped anything.
    pub(crate) fn with(settings: &'a Settings, tx: &'a Tx<'a>, user: User) -> Self {
        let (tapped, message, replies_to, looked_up) = (None, None, None, None);
        Self { settings, tx, user, tapped, message, replies_to, looked_up }
    }
}

impl<'a> Conversation<'a> {
    /// The words in the person's language.
    pub(crate) fn voice(&self) -> Voice<'a> {
        self.settings.words.voice(self.user.language)
    }

    /// The person's next text means this, for a while.
    pub(crate) fn expect_text(&self, awaited: Awaited) -> Result<(), StoreError> {
        users::set_awaited(self.tx, self.user.id, awaited, self.tx.now + AWAITED_FOR)
    }

    /// Nothing is awaited from the person any longer.
    pub(crate) fn stop_expecting(&self) -> Result<(), StoreError> {
        match self.user.awaits {
            Some(_) => users::clear_awaited(self.tx, self.user.id),
            None => Ok(()),
        }
    }

    /// What the person's text means, if they were asked for one lately.
    pub(crate) fn awaited(&self) -> Option<Awaited> {
        let (awaited, until) = self.user.awaits?;
        (self.tx.now < until).then_some(awaited)
    }

    /// A word for a tap.
    pub(crate) fn toast(&self, word: Key) -> Reply {
        Reply::Toast(self.voice().text(word, &[]))
    }

    /// A button whose draft is gone, or no button of ours.
    pub(crate) fn stale(&self) -> Reply {
        let voice = self.voice();
        let hint = Reply::Hint(hint::stale(&voice));
        Reply::WithToast(Box::new(hint), voice.text(Key::ToastStale, &[]))
    }

    /// Puts a reply into the outbox.
    pub(crate) fn show(&self, reply: &Reply) -> Result<(), StoreError> {
        let (tx, to) = (self.tx, self.user.id);
        match reply {
            Reply::Nothing | Reply::Toast(_) => Ok(()),
            Reply::WithToast(reply, _) => self.show(reply),
            Reply::Message(screen) => {
                outbox::put_screen(tx, to, Lane::Answers, &body(screen)?, None)
            }
            Reply::Hint(screen) => outbox::put_hint(tx, to, &body(screen)?),
            Reply::Edit(anchor, screen) => {
                let anchor = anchor.to_string();
                if let Some(message) = self.tapped {
                    anchors::stand_for(tx, to, &anchor, message)?;
                }
                outbox::put_screen(tx, to, Lane::Answers, &body(screen)?, Some(&anchor))
            }
            Reply::Below(anchor, screen) => {
                let anchor = anchor.to_string();
                anchors::clear(tx, to, &anchor)?;
                outbox::put_screen(tx, to, Lane::Answers, &body(screen)?, Some(&anchor))
            }
        }
    }
}

fn body(screen: &Screen) -> Result<String, StoreError> {
    serde_json::to_string(screen)
        .map_err(|error| StoreError::new(StoreErrorKind::Other, error.to_string()))
}
