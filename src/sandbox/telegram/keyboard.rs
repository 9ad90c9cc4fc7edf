//! The buttons under a message.

use serde_json::{Value, json};

use crate::sandbox::telegram::error::ApiError;

/// Rows of buttons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keyboard {
    /// From top to bottom.
    pub rows: Vec<Vec<InlineButton>>,
}

/// One button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineButton {
    /// What it says.
    pub label: String,
    /// What a tap does.
    pub action: ButtonAction,
}

/// What a tap on a button does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ButtonAction {
    /// It sends the bot this callback data.
    Callback(String),
    /// It opens this address, or does something in the client alone.
    Link(String),
}

impl InlineButton {
    /// The callback data, if it has any.
    pub fn data(&self) -> Option<&str> {
        match &self.action {
            ButtonAction::Callback(data) => Some(data),
            ButtonAction::Link(_) => None,
        }
    }

    fn parse(button: &Value) -> Result<Self, ApiError> {
        let Some(label) = button["text"].as_str().filter(|text| !text.trim().is_empty()) else {
            return Err(ApiError::bad_request(
                "can't parse inline keyboard button: Field \"text\" must be of type String",
            ));
        };
        let action = if let Some(data) = button["callback_data"].as_str() {
            if !(1..=64).contains(&data.len()) {
                return Err(ApiError::bad_request("BUTTON_DATA_INVALID"));
            }
            ButtonAction::Callback(data.to_owned())
        } else if let Some(url) = button["url"].as_str() {
            ButtonAction::Link(url.to_owned())
        } else if button.get("copy_text").is_some() || button.get("switch_inline_query").is_some() {
            ButtonAction::Link(String::new())
        } else {
            return Err(ApiError::bad_request(
                "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            ));
        };
        Ok(Self { label: label.to_owned(), action })
    }

    fn json(&self) -> Value {
        match &self.action {
            ButtonAction::Callback(data) => json!({"text": self.label, "callback_data": data}),
            ButtonAction::Link(url) => json!({"text": self.label, "url": url}),
        }
    }
}

impl Keyboard {
    /// Reads `reply_markup`. Without inline buttons (or with a keyboard of another kind, which
    /// belongs to the chat and not to the message) there is none.
    pub fn parse(markup: Option<&Value>) -> Result<Option<Self>, ApiError> {
        let Some(rows) = markup.and_then(|markup| markup["inline_keyboard"].as_array()) else {
            return Ok(None);
        };
        let row = |row: &Value| match row.as_array() {
            Some(buttons) => buttons.iter().map(InlineButton::parse).collect(),
            None => Err(ApiError::bad_request("object expected as reply markup")),
        };
        let mut rows: Vec<Vec<InlineButton>> = rows.iter().map(row).collect::<Result<_, _>>()?;
        rows.retain(|row| !row.is_empty());
        Ok(if rows.is_empty() { None } else { Some(Self { rows }) })
    }

    /// As the Bot API shows it.
    pub fn json(&self) -> Value {
        let row = |row: &Vec<InlineButton>| row.iter().map(InlineButton::json).collect::<Value>();
        json!({"inline_keyboard": self.rows.iter().map(row).collect::<Value>()})
    }

    /// The callback data of the button with this label, or with exactly this data.
    pub fn find(&self, label_or_data: &str) -> Option<&str> {
        let buttons = || self.rows.iter().flatten();
        let labelled = buttons().find(|button| button.label == label_or_data);
        let found = labelled.or_else(|| buttons().find(|b| b.data() == Some(label_or_data)));
        found.and_then(InlineButton::data)
    }
}
