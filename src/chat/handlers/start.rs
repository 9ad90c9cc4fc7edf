//! From the beginning.

use crate::chat::{
    conversation::Conversation,
    reply::Reply,
    screen::Screen,
    screens::{
        self,
        start::{Occasion, Welcome},
    },
};
use crate::store::{choices, error::StoreError, users};

/// The longest payload of a link that Telegram hands on.
const MAX_PAYLOAD: usize = 64;

/// `/start`, `/menu` and "🏠 Main menu". What was being prepared stays as it is.
pub(crate) fn on_start(
    conversation: &mut Conversation<'_>,
    payload: Option<&str>,
) -> Result<Reply, StoreError> {
    if let Some(payload) = payload.filter(|payload| is_payload(payload)) {
        users::keep_payload(conversation.tx, conversation.user.id, payload)?;
    }
    if conversation.user.is_greeted {
        return Ok(Reply::Message(welcome(conversation, Occasion::Menu)?));
    }
    users::mark_greeted(conversation.tx, conversation.user.id)?;
    Ok(Reply::Message(welcome(conversation, Occasion::FirstContact)?))
}

/// Greets a person whose first contact was no `/start`, before what they did is answered.
pub(crate) fn greet(
    conversation: &mut Conversation<'_>,
    occasion: Occasion,
) -> Result<(), StoreError> {
    users::mark_greeted(conversation.tx, conversation.user.id)?;
    conversation.user.is_greeted = true;
    conversation.show(&Reply::Message(welcome(conversation, occasion)?))
}

fn welcome(conversation: &Conversation<'_>, occasion: Occasion) -> Result<Screen, StoreError> {
    let (settings, user) = (conversation.settings, &conversation.user);
    let choice = choices::find(conversation.tx, user.id)?.options();
    let (presets, price) = (&settings.presets, settings.rules.offered.price_of(choice));
    let welcome = Welcome { occasion, balance: user.credits, price, presets };
    Ok(screens::start::start(&conversation.voice(), &welcome))
}

/// Telegram's rule for the payload of a link.
fn is_payload(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (1..=MAX_PAYLOAD).contains(&text.len()) && text.chars().all(is_letter)
}
