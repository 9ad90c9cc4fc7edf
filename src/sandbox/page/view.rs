//! What the page shows: about the sandbox, and what has changed since the last request.

use std::{sync::Arc, time::Instant};

use axum::extract::FromRef;
use serde::Serialize;
use serde_json::Value;

use crate::domain::id::UserId;
use crate::sandbox::{
    page::troubles::Troubles,
    telegram::{
        methods::profile::menu,
        shown::ShownMessage,
        stand_in::TelegramStandIn,
        state::{PrivateChat, TelegramState},
    },
};

/// What the page shows of the sandbox.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct SandboxInfo {
    /// How many times as fast as real time it runs.
    pub speed: f64,
}

/// What every route of the page shares.
#[derive(Clone)]
pub(crate) struct Page {
    /// Telegram.
    pub telegram: TelegramStandIn,
    /// What it shows of the sandbox.
    pub info: SandboxInfo,
    /// What can be made to go wrong.
    pub troubles: Arc<Troubles>,
    /// Different in each run, so that a page that was left open reloads.
    pub epoch: String,
}

impl FromRef<Page> for Arc<Troubles> {
    fn from_ref(page: &Page) -> Self {
        Self::clone(&page.troubles)
    }
}

/// The changes since a version.
#[derive(Debug, Serialize)]
pub(crate) struct Changes {
    /// The version that the page now knows.
    pub version: u64,
    /// How many videos the bot has sent, to all people together.
    pub videos: usize,
    /// Everybody, in the order of their appearance.
    pub people: Vec<PersonView>,
}

/// One person's column.
#[derive(Debug, Serialize)]
pub(crate) struct PersonView {
    id: UserId,
    name: String,
    username: String,
    language: String,
    blocked: bool,
    /// What the bot is doing, and for how many more milliseconds that is shown.
    action: Option<(String, u128)>,
    /// The bot's menu: `command` and `description` of each.
    commands: Value,
    /// New and changed messages.
    messages: Vec<ShownMessage>,
}

impl Changes {
    /// Everything that is newer than `since`.
    pub(crate) fn of(telegram: &TelegramStandIn, since: u64) -> Self {
        let videos = telegram.videos_delivered();
        telegram.read(|state| Self {
            version: state.version,
            videos,
            people: state.chats.values().map(|chat| person(state, chat, since)).collect(),
        })
    }
}

fn person(state: &TelegramState, chat: &PrivateChat, since: u64) -> PersonView {
    let user = chat.user.clone();
    let changed = chat.messages.iter().filter(|message| message.revision > since);
    let now = Instant::now();
    let action = chat.action.as_ref().filter(|(_, until)| *until > now);
    PersonView {
        id: user.id,
        commands: menu(state, user.id, &user.language),
        name: user.name,
        username: user.username,
        language: user.language,
        blocked: chat.blocked,
        action: action.map(|(action, until)| (action.clone(), (*until - now).as_millis())),
        messages: changed.map(ShownMessage::of).collect(),
    }
}
