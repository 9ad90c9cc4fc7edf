//! sendMessage, sendInvoice and sendChatAction.

use std::time::Instant;

use serde_json::json;

use crate::domain::{id::UserId, time::Timestamp};
use crate::sandbox::telegram::{
    error::{ApiError, MethodResult},
    formatted_text::FormattedText,
    keyboard::Keyboard,
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
    let reply_to = body::reply_to(state, chat, params)?;
    let silent = body::silent(params);
    let draft = NewMessage { body, keyboard, reply_to, silent, ..NewMessage::default() };
    Ok(post(state, chat, draft, now))
}

/// sendInvoice, for Telegram Stars alone. Nobody pays it yet: a product issue to come.
pub(crate) fn send_invoice(
    state: &mut TelegramState,
    params: &Params,
    now: Timestamp,
) -> MethodResult {
    let text = |name, most, length: fn(&str) -> usize, fault| {
        let text = params.text(name).unwrap_or_default();
        let fits = (1..=most).contains(&length(text));
        if fits { Ok(text.to_owned()) } else { Err(ApiError::bad_request(fault)) }
    };
    let title = text("title", 32, |text| text.chars().count(), "INVOICE_TITLE_INVALID")?;
    let description =
        text("description", 255, |text| text.chars().count(), "INVOICE_DESCRIPTION_INVALID")?;
    text("payload", 128, str::len, "INVOICE_PAYLOAD_INVALID")?;
    if params.text("currency") != Some("XTR") {
        return Err(ApiError::bad_request("PAYMENT_PROVIDER_INVALID"));
    }
    let prices = params.json("prices").unwrap_or_default();
    let stars = match prices.as_array().map(Vec::as_slice) {
        Some([price]) => price["amount"].as_u64().filter(|amount| *amount > 0),
        _ => None,
    };
    let stars = stars.ok_or_else(|| ApiError::bad_request("STARS_INVOICE_INVALID"))?;
    let keyboard = body::any_keyboard(params)?;
    let keyboard = keyboard.unwrap_or_else(|| Keyboard::pay(format!("Pay ⭐️{stars}")));
    match keyboard.paying().as_slice() {
        [0] => {}
        [_, ..] => return Err(ApiError::bad_request("BUTTON_TYPE_INVALID")),
        [] => return Err(ApiError::bad_request("REPLY_MARKUP_BUY_EMPTY")),
    }
    let chat = state.chat_for_bot(params.int("chat_id"))?;
    let reply_to = body::reply_to(state, chat, params)?;
    let parameter = params.text("start_parameter").unwrap_or_default();
    let invoice = json!({"title": title, "description": description, "start_parameter": parameter,
        "currency": "XTR", "total_amount": stars});
    let body = FormattedText::plain(&format!("{title}\n{description}"));
    let (keyboard, invoice) = (Some(keyboard), Some(invoice));
    let silent = body::silent(params);
    let draft = NewMessage { body, keyboard, invoice, reply_to, silent, ..NewMessage::default() };
    Ok(post(state, chat, draft, now))
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
