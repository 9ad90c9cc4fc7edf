//! A screen: one message with its buttons, as a value.

use serde::{Deserialize, Serialize};

use crate::chat::{tap::Tap, text::cut};
use crate::domain::id::MessageId;

/// The longest label, in UTF-16 units: about what a phone shows in one row.
pub(crate) const MAX_LABEL: usize = 40;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// The text in Telegram's HTML; every inserted value is escaped.
    pub text: String,
    /// Rows of buttons below it.
    pub buttons: Vec<Vec<Button>>,
}

/// One button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Its text, without markup.
    pub label: String,
    /// Its callback data, see [`Tap`].
    pub tap: String,
}

impl Screen {
    /// A text without buttons.
    pub fn new(text: String) -> Self {
        Self { text, buttons: Vec::new() }
    }

    /// A text of several paragraphs.
    pub fn of_paragraphs(paragraphs: &[String]) -> Self {
        Self::new(paragraphs.join("\n\n"))
    }

    /// The same with one more paragraph.
    #[must_use]
    pub fn paragraph(mut self, text: &str) -> Self {
        self.text.push_str("\n\n");
        self.text.push_str(text);
        self
    }

    /// The same as an answer to a message.
    #[must_use]
    pub fn about(self, _message: Option<MessageId>) -> Self {
        self
    }

    /// The same with one more row of buttons.
    #[must_use]
    pub fn row(mut self, buttons: impl IntoIterator<Item = Button>) -> Self {
        let row: Vec<Button> = buttons.into_iter().collect();
        if !row.is_empty() {
            self.buttons.push(row);
        }
        self
    }
}

impl Button {
    /// A button; a label that is too long is cut.
    pub fn new(label: &str, tap: &Tap) -> Self {
        Self { label: cut(label, MAX_LABEL), tap: tap.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_row_is_no_row_and_a_long_label_is_cut() {
        let button = Button::new(&"ж".repeat(50), &Tap::Menu);
        assert_eq!(button.label.chars().count(), MAX_LABEL);
        let screen = Screen::new("a".into()).row([]).row([button.clone()]);
        assert_eq!(screen.buttons, [[button]]);
    }
}
