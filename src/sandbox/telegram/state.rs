//! The state of the stand-in, behind one lock.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::domain::{
    id::{MessageId, UserId},
    time::Timestamp,
};
use crate::sandbox::telegram::{
    calls::{CallLog, LostAnswer},
    error::ApiError,
    fault::Faults,
    files::Files,
    flood::FloodLimit,
    formatted_text::FormattedText,
    keyboard::Keyboard,
    message::{Media, StoredMessage, TelegramUser},
    updates::Updates,
};

/// How long a chat action such as "sends a video" is shown, in real time.
pub(crate) const ACTION_SHOWN: Duration = Duration::from_secs(5);

/// One person's chat with the bot.
#[derive(Debug)]
pub struct PrivateChat {
    /// The person.
    pub user: TelegramUser,
    /// All messages in order.
    pub messages: Vec<StoredMessage>,
    /// Whether the person has ever written. Before that the bot cannot write to them.
    pub started: bool,
    /// Whether the person blocked the bot.
    pub blocked: bool,
    /// Whether the person's account is deleted.
    pub deleted: bool,
    /// What the bot is doing, and until when that is shown.
    pub action: Option<(String, Instant)>,
}

/// A tap that waits for its answer.
#[derive(Debug)]
pub struct CallbackQuery {
    /// When it was tapped.
    pub at: Timestamp,
    /// Whether and with which text it was answered.
    pub answer: Option<String>,
}

/// A checkout that waits for its answer.
#[derive(Debug)]
pub struct PendingCheckout {
    /// When it began.
    pub at: Timestamp,
    /// The bot's answer: empty where the person may pay, else why not.
    pub answer: Option<String>,
}

/// The stand-in's state.
#[derive(Debug)]
pub struct TelegramState {
    /// The bot's user id, the first part of its token.
    pub bot: i64,
    /// The chats.
    pub chats: BTreeMap<UserId, PrivateChat>,
    /// What waits for the bot.
    pub updates: Updates,
    /// How many getUpdates calls there were. Only the newest is served.
    pub poller: u64,
    /// Where updates are pushed; empty: nowhere, the bot fetches them.
    pub webhook: String,
    /// Taps by query id.
    pub queries: BTreeMap<String, CallbackQuery>,
    /// Checkouts by query id.
    pub checkouts: BTreeMap<String, PendingCheckout>,
    /// Files.
    pub files: Files,
    /// Faults that wait.
    pub faults: Faults,
    /// The flood limits' counters; none, no limit.
    pub flood: Option<FloodLimit>,
    /// The log.
    pub calls: CallLog,
    /// The calls whose answers were lost.
    pub lost: Vec<LostAnswer>,
    /// The bot's commands by scope and language.
    pub commands: BTreeMap<(String, String), Value>,
    /// Counts up with each change; the chat page asks for what is newer.
    pub version: u64,
    last_message: i64,
}

impl TelegramState {
    /// Without any people.
    pub fn new(bot: i64, files: Files) -> Self {
        Self {
            bot,
            chats: BTreeMap::new(),
            updates: Updates::default(),
            poller: 0,
            webhook: String::new(),
            queries: BTreeMap::new(),
            checkouts: BTreeMap::new(),
            files,
            faults: Faults::default(),
            flood: None,
            calls: CallLog::default(),
            lost: Vec::new(),
            commands: BTreeMap::new(),
            version: 0,
            last_message: 0,
        }
    }

    /// The chat that a method may write to, or why not.
    pub fn chat_for_bot(&self, id: Option<i64>) -> Result<UserId, ApiError> {
        let Some(id) = id else { return Err(ApiError::bad_request("chat_id is empty")) };
        match self.chats.get(&UserId(id)) {
            Some(chat) if chat.deleted => Err(ApiError::new(403, "Forbidden: user is deactivated")),
            Some(chat) if chat.blocked => Err(ApiError::blocked()),
            Some(chat) if chat.started => Ok(UserId(id)),
            _ => Err(ApiError::bad_request("chat not found")),
        }
    }

    /// The chat of a person who exists.
    ///
    /// # Panics
    /// If the id is unknown. Ids come from [`TelegramState::chats`], and people are never removed.
    pub fn chat(&mut self, id: UserId) -> &mut PrivateChat {
        self.chats.get_mut(&id).expect("people are never removed")
    }

    /// The id of a message that is about to come.
    pub(super) fn next_message(&mut self) -> MessageId {
        self.last_message += 1;
        MessageId(self.last_message)
    }

    /// Adds a message to a chat and returns its id.
    pub fn post(&mut self, chat: UserId, draft: NewMessage, now: Timestamp) -> MessageId {
        let id = self.next_message();
        let NewMessage {
            from_bot,
            body,
            media,
            keyboard,
            album,
            invoice,
            reply_to,
            origin,
            silent,
        } = draft;
        let message = StoredMessage {
            id,
            from_bot,
            date: now,
            edited: None,
            body,
            media,
            keyboard,
            album,
            invoice,
            reply_to,
            origin,
            silent,
            revision: self.version,
        };
        let chat = self.chat(chat);
        if from_bot {
            chat.action = None;
        } else {
            chat.started = true;
        }
        chat.messages.push(message);
        id
    }

    /// A message; it counts as changed.
    pub fn message(&mut self, chat: UserId, id: MessageId) -> Option<&mut StoredMessage> {
        let version = self.version;
        let messages = &mut self.chats.get_mut(&chat)?.messages;
        let message = messages.iter_mut().find(|message| message.id == id)?;
        message.revision = version;
        Some(message)
    }

    /// A message as the Bot API shows it.
    pub fn message_json(&self, chat: UserId, id: MessageId) -> Option<Value> {
        let chat = self.chats.get(&chat)?;
        let find = |id| chat.messages.iter().find(|message| message.id == id);
        let message = find(id)?;
        let mut json = message.json(self.bot, &chat.user);
        // Of the message that is answered, the Bot API does not say what it answers itself.
        if let Some(answered) = message.reply_to.and_then(find) {
            json["reply_to_message"] = answered.json(self.bot, &chat.user);
        }
        Some(json)
    }
}

/// A message that is about to be posted.
#[derive(Debug, Default)]
pub struct NewMessage {
    /// Whether the bot writes.
    pub from_bot: bool,
    /// Text or caption.
    pub body: FormattedText,
    /// Its attachment.
    pub media: Option<Media>,
    /// Its buttons.
    pub keyboard: Option<Keyboard>,
    /// Its album.
    pub album: Option<String>,
    /// What it asks to pay for.
    pub invoice: Option<Value>,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Where it is forwarded from.
    pub origin: Option<Value>,
    /// Whether it comes without a sound.
    pub silent: bool,
}
