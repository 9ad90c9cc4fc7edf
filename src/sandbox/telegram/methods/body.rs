//! What several methods read and check in the same way.

use crate::domain::id::{MessageId, UserId};
use crate::sandbox::telegram::{
    error::ApiError, formatted_text::FormattedText, html, keyboard::Keyboard, params::Params,
    state::TelegramState,
};

/// The longest text of a message.
const LONGEST_TEXT: usize = 4096;

/// The longest caption.
const LONGEST_CAPTION: usize = 1024;

/// The `text` parameter, formatted.
pub(crate) fn text(params: &Params) -> Result<FormattedText, ApiError> {
    let rich = formatted(params, "text")?;
    if rich.text.is_empty() {
        return Err(ApiError::bad_request("message text is empty"));
    }
    if rich.length() > LONGEST_TEXT {
        return Err(ApiError::bad_request("message is too long"));
    }
    Ok(rich)
}

/// The `caption` parameter, formatted; it may be empty.
pub(crate) fn caption(params: &Params) -> Result<FormattedText, ApiError> {
    let rich = formatted(params, "caption")?;
    if rich.length() > LONGEST_CAPTION {
        return Err(ApiError::bad_request("message caption is too long"));
    }
    Ok(rich)
}

fn formatted(params: &Params, name: &str) -> Result<FormattedText, ApiError> {
    let text = params.text(name).unwrap_or_default();
    let rich = match params.text("parse_mode").unwrap_or_default() {
        mode if mode.eq_ignore_ascii_case("html") => html::parse(text)?,
        // The stand-in does not parse Markdown: the bot sends none.
        mode if mode.is_empty() || mode.to_ascii_lowercase().starts_with("markdown") => {
            FormattedText::plain(text)
        }
        _ => return Err(ApiError::bad_request("unsupported parse_mode")),
    };
    Ok(rich.trimmed())
}

/// The `reply_markup` parameter of anything but an invoice.
pub(crate) fn keyboard(params: &Params) -> Result<Option<Keyboard>, ApiError> {
    let keyboard = any_keyboard(params)?;
    match &keyboard {
        Some(keyboard) if !keyboard.paying().is_empty() => {
            Err(ApiError::bad_request("BUTTON_TYPE_INVALID"))
        }
        _ => Ok(keyboard),
    }
}

/// The `reply_markup` parameter.
pub(crate) fn any_keyboard(params: &Params) -> Result<Option<Keyboard>, ApiError> {
    Keyboard::parse(params.json("reply_markup").as_ref())
}

/// The message that `reply_parameters` name, if it is there.
pub(crate) fn reply_to(
    state: &TelegramState,
    chat: UserId,
    params: &Params,
) -> Result<Option<MessageId>, ApiError> {
    let Some(reply) = params.json("reply_parameters") else { return Ok(None) };
    let id = reply["message_id"].as_i64().map(MessageId);
    let id = id.ok_or_else(|| ApiError::bad_request("message identifier is not specified"))?;
    if state.message_json(chat, id).is_some() {
        Ok(Some(id))
    } else if reply["allow_sending_without_reply"] == true {
        Ok(None)
    } else {
        Err(ApiError::bad_request("message to be replied not found"))
    }
}

/// The `disable_notification` parameter.
pub(crate) fn silent(params: &Params) -> bool {
    params.flag("disable_notification")
}

/// The `message_id` parameter.
pub(crate) fn message_id(params: &Params) -> Result<MessageId, ApiError> {
    let id = params.int("message_id").map(MessageId);
    id.ok_or_else(|| ApiError::bad_request("message identifier is not specified"))
}
