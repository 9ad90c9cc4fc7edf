//! editMessageText and editMessageReplyMarkup.

use crate::domain::{
    id::{MessageId, UserId},
    time::Timestamp,
};
use crate::sandbox::telegram::{
    error::{ApiError, MethodResult},
    formatted_text::FormattedText,
    keyboard::Keyboard,
    message::StoredMessage,
    methods::body,
    params::Params,
    state::TelegramState,
};

/// The method.
pub(crate) fn edit_text(
    state: &mut TelegramState,
    params: &Params,
    now: Timestamp,
) -> MethodResult {
    let text = body::text(params)?;
    let keyboard = body::keyboard(params)?;
    let chat = state.chat_for_bot(params.int("chat_id"))?;
    let id = body::message_id(params)?;
    let message = bots_message(state, chat, id)?;
    if message.media.is_some() || message.invoice.is_some() {
        return Err(ApiError::bad_request("there is no text in the message to edit"));
    }
    apply_edit(message, text, keyboard, now)?;
    Ok(state.message_json(chat, id).unwrap_or_default())
}

/// editMessageReplyMarkup: the buttons alone, of whatever message of the bot's.
pub(crate) fn edit_buttons(
    state: &mut TelegramState,
    params: &Params,
    now: Timestamp,
) -> MethodResult {
    let keyboard = body::keyboard(params)?;
    let chat = state.chat_for_bot(params.int("chat_id"))?;
    let id = body::message_id(params)?;
    let message = bots_message(state, chat, id)?;
    let body = message.body.clone();
    apply_edit(message, body, keyboard, now)?;
    Ok(state.message_json(chat, id).unwrap_or_default())
}

fn bots_message(
    state: &mut TelegramState,
    chat: UserId,
    id: MessageId,
) -> Result<&mut StoredMessage, ApiError> {
    match state.message(chat, id) {
        Some(message) if message.from_bot => Ok(message),
        Some(_) => Err(ApiError::bad_request("message can't be edited")),
        None => Err(ApiError::bad_request("message to edit not found")),
    }
}

/// An edit without `reply_markup` removes the buttons, as in Telegram.
fn apply_edit(
    message: &mut StoredMessage,
    body: FormattedText,
    keyboard: Option<Keyboard>,
    now: Timestamp,
) -> Result<(), ApiError> {
    if message.body == body && message.keyboard == keyboard {
        return Err(ApiError::bad_request(
            "message is not modified: specified new message content and reply markup are exactly \
             the same as a current content and reply markup of the message",
        ));
    }
    message.body = body;
    message.keyboard = keyboard;
    message.edited = Some(now);
    Ok(())
}
