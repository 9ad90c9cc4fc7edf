//! What the payloads of messages are made of, and what is read from the answers.

use serde_json::Value;
use teloxide::types::{
    CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions,
    ReplyParameters,
};

use crate::chat::screen::{Action, Button, Screen};
use crate::domain::id::MessageId;

/// The id under which Telegram keeps the file of a message. It may call a video an animation
/// (when it has no sound) or a document. Of a photo the last size is the largest.
pub(crate) fn file_id(message: &Value) -> Option<String> {
    let photo = message["photo"].as_array().and_then(|sizes| sizes.last());
    let others = ["video", "document", "animation"].into_iter().map(|kind| message.get(kind));
    let file = photo.or_else(|| others.flatten().next())?;
    file["file_id"].as_str().map(str::to_owned)
}

/// A file that Telegram has, or the placeholder of one that goes along.
pub(crate) fn by_id(id: &str) -> InputFile {
    InputFile::file_id(id.to_owned().into())
}

/// teloxide counts messages with 32 bits, as Telegram does today.
pub(crate) fn teloxide_id(message: MessageId) -> Option<teloxide::types::MessageId> {
    i32::try_from(message.0).ok().map(teloxide::types::MessageId)
}

/// A message that is gone cannot be answered, and then stands alone.
pub(crate) fn reply(screen: &Screen) -> Option<ReplyParameters> {
    let message = teloxide_id(screen.reply_to?)?;
    Some(ReplyParameters::new(message).allow_sending_without_reply())
}

/// Rows of buttons, if there are any.
pub(crate) fn keyboard(buttons: &[Vec<Button>]) -> Option<InlineKeyboardMarkup> {
    let rows = buttons.iter().map(|row| row.iter().map(button).collect::<Vec<_>>());
    (!buttons.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
}

fn button(Button { label, action }: &Button) -> InlineKeyboardButton {
    match action {
        Action::Tap(data) => InlineKeyboardButton::callback(label, data),
        Action::Url(url) => InlineKeyboardButton::url(label, url.clone()),
        Action::Pay => InlineKeyboardButton::pay(label),
        Action::Copy(text) => {
            InlineKeyboardButton::copy_text_button(label, CopyTextButton { text: text.clone() })
        }
    }
}

/// No preview of a page that a text happens to name.
pub(crate) fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
