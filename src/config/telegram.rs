//! `[telegram]`: the bot's account and its pace.

use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use crate::domain::id::UserId;
use crate::domain::secret::Secret;

/// The bot's account at Telegram and how fast it may speak.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Telegram {
    /// The token that @BotFather gave, `123456789:AA…`. Only what talks to Telegram needs it.
    pub token: Secret,
    /// A file with the token, relative to the config file's folder; empty: none.
    pub token_file: PathBuf,
    /// Where the Bot API is: Telegram's, a local Bot API server or a stand-in.
    pub api_url: String,
    /// The Telegram ids of those who are alerted.
    pub admins: Vec<UserId>,
    /// The @name that people in trouble are shown; empty: none.
    pub support: String,
    /// Messages a second over all chats, over 0; 30 is Telegram's own limit (Bots FAQ).
    pub messages_per_second: f64,
    /// Messages a second in one chat, over 0; Telegram's FAQ asks for 1 and allows short bursts.
    pub messages_per_second_per_chat: f64,
}

impl Default for Telegram {
    fn default() -> Self {
        Self {
            token: Secret::default(),
            token_file: PathBuf::new(),
            api_url: "https://api.telegram.org".to_owned(),
            admins: Vec::new(),
            support: String::new(),
            messages_per_second: 30.0,
            messages_per_second_per_chat: 1.0,
        }
    }
}
