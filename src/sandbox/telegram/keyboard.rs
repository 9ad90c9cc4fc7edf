//! The buttons under a message.

use serde_json::{Value, json};

use crate::sandbox::telegram::error::ApiError;

/// The longest text that a button copies, in UTF-16 units.
const LONGEST_COPY: usize = 256;

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
    /// It opens this address.
    Url(String),
    /// It copies this text.
    Copy(String),
    /// It pays the invoice above it.
    Pay,
}

impl InlineButton {
    /// The callback data, if it has any.
    pub fn data(&self) -> Option<&str> {
        match &self.action {
            ButtonAction::Callback(data) => Some(data),
            ButtonAction::Url(_) | ButtonAction::Copy(_) | ButtonAction::Pay => None,
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
            if url::Url::parse(url).is_err() {
                return Err(ApiError::bad_request("BUTTON_URL_INVALID"));
            }
            ButtonAction::Url(url.to_owned())
        } else if let Some(copy) = button.get("copy_text") {
            let text = copy["text"].as_str().unwrap_or_default();
            if !(1..=LONGEST_COPY).contains(&text.encode_utf16().count()) {
                return Err(ApiError::bad_request("BUTTON_COPY_TEXT_INVALID"));
            }
            ButtonAction::Copy(text.to_owned())
        } else if button["pay"] == true {
            ButtonAction::Pay
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
            ButtonAction::Url(url) => json!({"text": self.label, "url": url}),
            ButtonAction::Copy(text) => json!({"text": self.label, "copy_text": {"text": text}}),
            ButtonAction::Pay => json!({"text": self.label, "pay": true}),
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

    /// The one button of an invoice that is sent without any.
    pub fn pay(label: String) -> Self {
        Self { rows: vec![vec![InlineButton { label, action: ButtonAction::Pay }]] }
    }

    /// Which of its buttons pay: the first one only, and only under an invoice.
    pub fn paying(&self) -> Vec<usize> {
        let buttons = self.rows.iter().flatten().enumerate();
        buttons.filter(|(_, b)| b.action == ButtonAction::Pay).map(|(at, _)| at).collect()
    }

    /// As the Bot API shows it.
    pub fn json(&self) -> Value {
        let row = |row: &Vec<InlineButton>| row.iter().map(InlineButton::json).collect::<Value>();
        json!({"inline_keyboard": self.rows.iter().map(row).collect::<Value>()})
    }

    /// The callback data of the button with this label, or with exactly this data.
    pub fn find(&self, label_or_data: &str) -> Option<&str> {
        let buttons = || self.rows.iter().flatten();
        let label = plain_spaces(label_or_data);
        let labelled = buttons().find(|button| plain_spaces(&button.label) == label);
        let found = labelled.or_else(|| buttons().find(|b| b.data() == Some(label_or_data)));
        found.and_then(InlineButton::data)
    }
}

/// A text with plain spaces for no-break ones: a person cannot tell them apart.
pub(crate) fn plain_spaces(text: &str) -> String {
    text.replace('\u{a0}', " ")
}
