//! The bot itself: its user, its commands, its webhook.

use serde_json::{Value, json};

use crate::domain::id::UserId;
use crate::sandbox::telegram::{
    error::{ApiError, MethodResult},
    message::bot_user,
    params::Params,
    state::TelegramState,
};

/// The most commands of one scope and language.
const MOST_COMMANDS: usize = 100;

/// getMe, with every field that teloxide requires.
pub(crate) fn get_me(state: &TelegramState) -> Value {
    let mut me = bot_user(state.bot);
    for (field, value) in [
        ("can_join_groups", false),
        ("can_read_all_group_messages", false),
        ("supports_inline_queries", false),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
    ] {
        me[field] = json!(value);
    }
    me
}

/// setMyCommands.
pub(crate) fn set_commands(state: &mut TelegramState, params: &Params) -> MethodResult {
    let commands = params.json("commands").unwrap_or(Value::Null);
    let Some(list) = commands.as_array() else {
        return Err(ApiError::bad_request("can't parse commands: expected an Array"));
    };
    if list.len() > MOST_COMMANDS {
        return Err(ApiError::bad_request("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in list {
        let name = command["command"].as_str().unwrap_or_default().trim_start_matches('/');
        let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if !(1..=32).contains(&name.len()) || !name.bytes().all(letter) {
            return Err(ApiError::bad_request("BOT_COMMAND_INVALID"));
        }
        let described = command["description"].as_str().unwrap_or_default().chars().count();
        if !(1..=256).contains(&described) {
            return Err(ApiError::bad_request("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    state.commands.insert(scope(params), commands);
    Ok(json!(true))
}

/// getWebhookInfo.
pub(crate) fn webhook_info(state: &TelegramState) -> Value {
    let pending = state.updates.pending();
    json!({"url": state.webhook, "has_custom_certificate": false, "pending_update_count": pending})
}

/// deleteWebhook, which may also drop the pending updates.
pub(crate) fn delete_webhook(state: &mut TelegramState, params: &Params) -> Value {
    state.webhook.clear();
    if params.flag("drop_pending_updates") {
        state.updates.clear();
    }
    json!(true)
}

/// The commands that a person with this language sees in the menu of their chat.
pub(crate) fn menu(state: &TelegramState, person: UserId, language: &str) -> Value {
    let scopes = [format!("chat {person}"), "all_private_chats".to_owned(), "default".to_owned()];
    let found = scopes
        .iter()
        .flat_map(|scope| [language, ""].map(|language| (scope.clone(), language.to_owned())));
    let mut found = found.filter_map(|key| state.commands.get(&key));
    found.next().cloned().unwrap_or_else(|| json!([]))
}

fn scope(params: &Params) -> (String, String) {
    let scope = params.json("scope");
    let kind = scope.as_ref().and_then(|scope| scope["type"].as_str()).unwrap_or("default");
    let chat = scope.as_ref().and_then(|scope| scope["chat_id"].as_i64());
    let kind = chat.map_or_else(|| kind.to_owned(), |chat| format!("{kind} {chat}"));
    (kind, params.text("language_code").unwrap_or_default().to_owned())
}
