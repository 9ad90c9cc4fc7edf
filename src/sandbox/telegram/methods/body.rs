//! What several methods read and check in the same way.

use crate::domain::id::MessageId;
use crate::sandbox::telegram::{
    error::ApiError, formatted_text::FormattedText, html, keyboard::Keyboard, params::Params,
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

/// The `reply_markup` parameter.
pub(crate) fn keyboard(params: &Params) -> Result<Option<Keyboard>, ApiError> {
    Keyboard::parse(params.json("reply_markup").as_ref())
}

/// The `message_id` parameter.
pub(crate) fn message_id(params: &Params) -> Result<MessageId, ApiError> {
    let id = params.int("message_id").map(MessageId);
    id.ok_or_else(|| ApiError::bad_request("message identifier is not specified"))
}
