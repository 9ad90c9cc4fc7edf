//! The people who use the bot: what they type and tap, and what they see.

use serde_json::json;
use thiserror::Error;

use crate::domain::id::{MessageId, UserId};
use crate::sandbox::telegram::{
    formatted_text::FormattedText,
    message::{Media, StoredMessage, TelegramUser, bot_user, seconds},
    shown::{ShownButton, ShownMessage},
    stand_in::TelegramStandIn,
    state::{CallbackQuery, NewMessage, PrivateChat},
};

/// The longest text that a client sends as one message.
const LONGEST_TEXT: usize = 4096;

/// A person with Telegram on their phone.
#[derive(Clone)]
pub struct Person {
    pub(super) telegram: TelegramStandIn,
    pub(super) id: UserId,
    /// The message that what they send answers.
    answers: Option<MessageId>,
}

/// There is no such button under that message.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("message {message} has no button \"{button}\"")]
pub struct NoSuchButton {
    message: MessageId,
    button: String,
}

impl TelegramStandIn {
    /// A new person with a first name and the language of their app, such as `ru`.
    pub fn person(&self, name: &str, language_code: &str) -> Person {
        let id = self.change(|state| {
            let number = i64::try_from(state.chats.len()).unwrap_or(0) + 1;
            let id = UserId(500_000_000 + number);
            let plain = username_of(name);
            let taken = state.chats.values().any(|chat| chat.user.username == plain);
            let username = if taken { format!("{plain}{number}") } else { plain };
            let user = TelegramUser {
                id,
                name: name.to_owned(),
                username,
                language: language_code.to_owned(),
            };
            let (messages, action) = (Vec::new(), None);
            let (started, blocked, deleted) = (false, false, false);
            let chat = PrivateChat { user, messages, started, blocked, deleted, action };
            state.chats.insert(id, chat);
            id
        });
        Person { telegram: self.clone(), id, answers: None }
    }

    /// The person with this id.
    pub fn person_by_id(&self, id: UserId) -> Option<Person> {
        let known = self.read(|state| state.chats.contains_key(&id));
        known.then(|| Person { telegram: self.clone(), id, answers: None })
    }
}

impl Person {
    /// Their user id, which is also the id of their chat with the bot.
    pub fn id(&self) -> UserId {
        self.id
    }

    /// They type a text. As in every client, one over 4,096 characters becomes
    /// several messages; the id is the last one's.
    pub fn sends_text(&self, text: &str) -> MessageId {
        let letters: Vec<char> = text.chars().collect();
        let full = letters.len().saturating_sub(1) / LONGEST_TEXT;
        let (earlier, last) = letters.split_at(full * LONGEST_TEXT);
        for piece in earlier.chunks(LONGEST_TEXT) {
            self.post_text(&piece.iter().collect::<String>());
        }
        self.post_text(&last.iter().collect::<String>())
    }

    /// The same person, whose texts and files answer this message.
    #[must_use]
    pub fn answering(&self, message: MessageId) -> Self {
        Self { answers: Some(message), ..self.clone() }
    }

    /// They answer a message with a text.
    pub fn replies(&self, to: MessageId, text: &str) -> MessageId {
        self.answering(to).sends_text(text)
    }

    /// They forward a message of the chat into it: its text or file, without its buttons.
    pub fn forwards(&self, message: MessageId) -> Option<MessageId> {
        let draft = self.telegram.read(|state| {
            let chat = state.chats.get(&self.id)?;
            let message = chat.messages.iter().find(|other| other.id == message)?;
            let (body, media) = (message.body.clone(), message.media.clone());
            let origin = Some(message.origin(state.bot, &chat.user));
            Some(NewMessage { body, media, origin, ..NewMessage::default() })
        });
        Some(self.post_message(draft?))
    }

    fn post_text(&self, text: &str) -> MessageId {
        self.post_message(NewMessage { body: FormattedText::typed(text), ..NewMessage::default() })
    }

    /// They post a message, and the bot gets an update.
    pub(super) fn post_message(&self, draft: NewMessage) -> MessageId {
        let draft = NewMessage { reply_to: self.answers, ..draft };
        let now = self.telegram.now();
        self.telegram.change(|state| {
            let id = state.post(self.id, draft, now);
            let message = state.message_json(self.id, id).unwrap_or_default();
            state.updates.add("message", &message, now);
            id
        })
    }

    /// They edit a text or a caption of theirs, if it exists and was not forwarded.
    pub fn edits_message(&self, id: MessageId, text: &str) {
        self.edits(id, |message| message.body = FormattedText::typed(text));
    }

    /// They put something else in the place of the photo or file of a message of theirs, and may change its
    /// caption with it.
    pub(super) fn edits_media(&self, id: MessageId, media: Media, caption: Option<&str>) {
        self.edits(id, |message| {
            message.media = Some(media);
            if let Some(caption) = caption {
                message.body = FormattedText::typed(caption);
            }
        });
    }

    fn edits(&self, id: MessageId, change: impl FnOnce(&mut StoredMessage)) {
        let now = self.telegram.now();
        self.telegram.change(|state| {
            let message = state.message(self.id, id);
            if let Some(message) = message.filter(|own| !own.from_bot && own.origin.is_none()) {
                change(message);
                message.edited = Some(now);
                let json = state.message_json(self.id, id).unwrap_or_default();
                state.updates.add("edited_message", &json, now);
            }
        });
    }

    /// They delete a message, for the bot too. Nobody is told, and a page that is open still shows it.
    pub fn deletes_message(&self, id: MessageId) {
        self.telegram.change(|state| state.chat(self.id).messages.retain(|m| m.id != id));
    }

    /// They tap a button, named by its label or its data. Returns the id of the
    /// callback query: a fresh one for each tap.
    pub fn taps(&self, message: MessageId, button: &str) -> Result<String, NoSuchButton> {
        let found = self.telegram.read(|state| {
            let messages = &state.chats[&self.id].messages;
            let message = messages.iter().find(|m| m.id == message)?;
            message.keyboard.as_ref()?.find(button).map(str::to_owned)
        });
        match found {
            Some(data) => Ok(self.forges_tap(message, &data)),
            None => Err(NoSuchButton { message, button: button.to_owned() }),
        }
    }

    /// They tap the same button twice before the bot can react.
    pub fn taps_twice(&self, message: MessageId, button: &str) -> Result<(), NoSuchButton> {
        self.taps(message, button)?;
        self.taps(message, button).map(|_| ())
    }

    /// A tap with any data on any message: on a button that an edit has since removed, or by a
    /// client that makes data up. Returns the id of the query.
    pub fn forges_tap(&self, message: MessageId, data: &str) -> String {
        let now = self.telegram.now();
        self.telegram.change(|state| {
            let query = format!("{}{:04}", 4_300_000_000_000_i64, state.queries.len());
            state.queries.insert(query.clone(), CallbackQuery { at: now, answer: None });
            let from = state.chat(self.id).user.json();
            let chat = state.chat(self.id).user.chat_json();
            let gone = json!({"chat": chat, "message_id": message, "date": 0});
            let message = state.message_json(self.id, message).unwrap_or(gone);
            let update = json!({"id": query, "from": from, "message": message,
                "chat_instance": (self.id.0 * 7_919).to_string(), "data": data});
            state.updates.add("callback_query", &update, now);
            query
        })
    }

    /// What the bot answered to a tap. None: not yet; an empty text: nothing to show.
    pub fn answer_to(&self, query: &str) -> Option<String> {
        self.telegram.read(|state| state.queries.get(query)?.answer.clone())
    }

    /// They block the bot.
    pub fn blocks(&self) {
        self.set_blocked(true);
    }

    /// They unblock the bot.
    pub fn unblocks(&self) {
        self.set_blocked(false);
    }

    /// They delete their account, or have it back.
    pub fn deletes_account(&self, deleted: bool) {
        self.telegram.change(|state| state.chat(self.id).deleted = deleted);
    }

    fn set_blocked(&self, blocked: bool) {
        let now = self.telegram.now();
        self.telegram.change(|state| {
            let bot = bot_user(state.bot);
            let chat = state.chat(self.id);
            chat.started = true;
            let changed = std::mem::replace(&mut chat.blocked, blocked) != blocked;
            let member = json!({"user": bot, "status": "member"});
            let kicked = json!({"user": bot, "status": "kicked", "until_date": 0});
            let (old, new) = if blocked { (member, kicked) } else { (kicked, member) };
            let update = json!({"chat": chat.user.chat_json(), "from": chat.user.json(),
                "date": seconds(now), "old_chat_member": old, "new_chat_member": new});
            if changed {
                state.updates.add("my_chat_member", &update, now);
            }
        });
    }

    /// All messages on their screen, as they read them.
    pub fn chat(&self) -> Vec<ShownMessage> {
        self.telegram.read(|state| {
            let messages = &state.chats[&self.id].messages;
            messages.iter().map(ShownMessage::of).map(ShownMessage::with_plain_spaces).collect()
        })
    }

    /// The last message of the bot.
    pub fn last(&self) -> Option<ShownMessage> {
        self.chat().into_iter().rev().find(|message| message.from_bot)
    }

    /// The buttons of the bot's last message that has any.
    pub fn buttons(&self) -> Vec<Vec<ShownButton>> {
        let messages = self.chat().into_iter().rev();
        messages.map(|message| message.buttons).find(|rows| !rows.is_empty()).unwrap_or_default()
    }

    /// The videos that the bot has sent.
    pub fn videos(&self) -> Vec<ShownMessage> {
        let video = |message: &ShownMessage| {
            message.from_bot && message.media.as_ref().is_some_and(|media| media.kind == "video")
        };
        self.chat().into_iter().filter(video).collect()
    }
}

/// A user name for a first name: in Latin letters.
fn username_of(name: &str) -> String {
    const LETTERS: [&str; 32] = [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s",
        "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya",
    ];
    let letter = |letter: char| match letter {
        'a'..='z' | '0'..='9' => letter.to_string(),
        'а'..='я' => LETTERS[letter as usize - 'а' as usize].to_owned(),
        'ё' => "e".to_owned(),
        _ => String::new(),
    };
    let username_of: String = name.to_lowercase().chars().map(letter).collect();
    if username_of.is_empty() { "person".to_owned() } else { username_of }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn a_text_of_5000_letters_becomes_two_messages_as_in_every_client() {
        let telegram = TelegramStandIn::new(Arc::new(SystemClock), "1:t").unwrap();
        let anna = telegram.person("Анна", "ru");
        anna.sends_text(&"я".repeat(5_000));
        anna.sends_text("");
        let lengths = anna.chat().iter().map(|m| m.text.chars().count()).collect::<Vec<_>>();
        assert_eq!(lengths, [4_096, 904, 0]);
        assert_eq!(telegram.pending_updates(), 3);
    }

    #[test]
    fn namesakes_have_user_names_of_their_own() {
        let telegram = TelegramStandIn::new(Arc::new(SystemClock), "1:t").unwrap();
        for name in ["Щёлков", "Анна", "анна", "李"] {
            telegram.person(name, "ru");
        }
        let name = |chat: &PrivateChat| chat.user.username.clone();
        let names: Vec<_> = telegram.read(|state| state.chats.values().map(name).collect());
        assert_eq!(names, ["shchelkov", "anna", "anna3", "person"]);
    }
}
