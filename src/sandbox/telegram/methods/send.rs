//! sendMessage and sendChatAction.

use std::time::Instant;

use serde_json::json;

use crate::domain::{id::UserId, time::Timestamp};
use crate::sandbox::telegram::{
    error::{ApiError, MethodResult},
    methods::body,
    params::Params,
    state::{ACTION_SHOWN, NewMessage, TelegramState},
};

/// The actions of sendChatAction.
const ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

/// sendMessage.
pub(crate) fn send_message(
    state: &mut TelegramState,
    params: &Params,
    now: Timestamp,
) -> MethodResult {
    let body = body::text(params)?;
    let keyboard = body::keyboard(params)?;
    let chat = state.chat_for_bot(params.int("chat_id"))?;
    Ok(post(state, chat, NewMessage { body, keyboard, ..NewMessage::default() }, now))
}

/// Posts what the bot sends, and answers with it.
pub(crate) fn post(
    state: &mut TelegramState,
    chat: UserId,
    draft: NewMessage,
    now: Timestamp,
) -> serde_json::Value {
    let id = state.post(chat, NewMessage { from_bot: true, ..draft }, now);
    state.message_json(chat, id).unwrap_or_default()
}

/// sendChatAction.
pub(crate) fn send_chat_action(state: &mut TelegramState, params: &Params) -> MethodResult {
    let action = params.text("action").unwrap_or_default();
    if !ACTIONS.contains(&action) {
        return Err(ApiError::bad_request("wrong parameter action in request"));
    }
    let chat = state.chat_for_bot(params.int("chat_id"))?;
    state.chat(chat).action = Some((action.to_owned(), Instant::now() + ACTION_SHOWN));
    Ok(json!(true))
}
