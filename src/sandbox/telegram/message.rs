//! A message as the server keeps it.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::domain::{
    id::{MessageId, UserId},
    time::Timestamp,
};
use crate::sandbox::telegram::{
    files::StoredFile, formatted_text::FormattedText, keyboard::Keyboard,
};

/// A person who uses the bot.
#[derive(Clone, Debug)]
pub struct TelegramUser {
    /// The user id, which is also the id of the private chat.
    pub id: UserId,
    /// The first name.
    pub name: String,
    /// Without `@`.
    pub username: String,
    /// The language of their app, such as `ru`.
    pub language: String,
}

impl TelegramUser {
    /// As a `User`.
    pub fn json(&self) -> Value {
        json!({"id": self.id, "is_bot": false, "first_name": self.name,
            "username": self.username, "language_code": self.language})
    }

    /// Their chat with the bot, as a `Chat`.
    pub fn chat_json(&self) -> Value {
        json!({"id": self.id, "type": "private", "first_name": self.name,
            "username": self.username})
    }
}

/// The bot as a `User`.
pub(crate) fn bot_user(id: i64) -> Value {
    json!({"id": id, "is_bot": true, "first_name": "reelbot", "username": "reelbot_sandbox_bot"})
}

/// The kind of an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A photo.
    Photo,
    /// A video.
    Video,
    /// A file.
    Document,
    /// A sticker.
    Sticker,
    /// A voice message.
    Voice,
}

impl MediaKind {
    /// The field of a `StoredMessage` that carries it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Document => "document",
            Self::Sticker => "sticker",
            Self::Voice => "voice",
        }
    }
}

/// An attachment.
#[derive(Clone, Debug)]
pub struct Media {
    /// Its kind.
    pub kind: MediaKind,
    /// The file; of a photo the largest size.
    pub file: Arc<StoredFile>,
    /// The smaller size of a photo.
    pub thumbnail: Option<Arc<StoredFile>>,
    /// Width and height in pixels, 0 where they are not known.
    pub size: (u32, u32),
    /// The value of its field.
    pub json: Value,
}

/// A message.
#[derive(Clone, Debug)]
pub struct StoredMessage {
    /// Its id: in Telegram, one sequence over all private chats of a bot.
    pub id: MessageId,
    /// Whether the bot wrote it.
    pub from_bot: bool,
    /// When it was sent.
    pub date: Timestamp,
    /// When it was last edited.
    pub edited: Option<Timestamp>,
    /// The text, or the caption where there is media.
    pub body: FormattedText,
    /// Its attachment.
    pub media: Option<Media>,
    /// The buttons under it.
    pub keyboard: Option<Keyboard>,
    /// The album it belongs to.
    pub album: Option<String>,
    /// What it asks to pay for, as the Bot API shows it; then the body is what a person reads.
    pub invoice: Option<Value>,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Where it was forwarded from, as the Bot API shows it.
    pub origin: Option<Value>,
    /// Whether it came without a sound.
    pub silent: bool,
    /// The state's version in which it last changed.
    pub revision: u64,
}

impl StoredMessage {
    /// The callback data of all buttons, row after row.
    pub fn data(&self) -> impl Iterator<Item = &str> {
        let buttons = self.keyboard.iter().flat_map(|keyboard| keyboard.rows.iter().flatten());
        buttons.filter_map(|button| button.data())
    }

    /// Who wrote it, as a `User`.
    fn from(&self, bot: i64, person: &TelegramUser) -> Value {
        if self.from_bot { bot_user(bot) } else { person.json() }
    }

    /// What a message that forwards this one says of where it is from. What was forwarded already
    /// keeps its first origin.
    pub fn origin(&self, bot: i64, person: &TelegramUser) -> Value {
        self.origin.clone().unwrap_or_else(|| {
            let sender = self.from(bot, person);
            json!({"type": "user", "sender_user": sender, "date": seconds(self.date)})
        })
    }

    /// As the Bot API shows it, in the chat of `person` with the bot `bot`.
    pub fn json(&self, bot: i64, person: &TelegramUser) -> Value {
        let from = self.from(bot, person);
        let mut json = json!({"message_id": self.id, "from": from, "chat": person.chat_json(),
            "date": seconds(self.date)});
        let (text, entities) = match &self.media {
            Some(media) => {
                json[media.kind.field()] = media.json.clone();
                ("caption", "caption_entities")
            }
            None => ("text", "entities"),
        };
        if let Some(invoice) = &self.invoice {
            json["invoice"] = invoice.clone();
        } else if !self.body.text.is_empty() || self.media.is_none() {
            json[text] = json!(self.body.text);
        }
        if !self.body.entities.is_empty() {
            json[entities] = self.body.entities_json();
        }
        if let Some(origin) = &self.origin {
            json["forward_origin"] = origin.clone();
        }
        if let Some(edited) = self.edited {
            json["edit_date"] = json!(seconds(edited));
        }
        if let Some(keyboard) = &self.keyboard {
            json["reply_markup"] = keyboard.json();
        }
        if let Some(album) = &self.album {
            json["media_group_id"] = json!(album);
        }
        json
    }
}

/// Unix seconds, the unit of the Bot API.
pub(crate) fn seconds(time: Timestamp) -> i64 {
    time.0.div_euclid(1000)
}
