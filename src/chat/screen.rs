//! A screen: one message with its buttons, as a value.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::chat::{
    tap::Tap,
    text::{cut, units},
};
use crate::domain::id::MessageId;

/// The longest label, in UTF-16 units: about what a phone shows in one row.
pub(crate) const MAX_LABEL: usize = 40;

/// The longest text that a button can copy, in UTF-16 units.
pub(crate) const MAX_COPY: usize = 256;

/// One message. Its JSON rests in the outbox, where one of an older version may still wait: see
/// the tests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// What it shows.
    #[serde(flatten)]
    pub body: Body,
    /// Rows of buttons below it.
    #[serde(default)]
    pub buttons: Vec<Vec<Button>>,
    /// The message that it answers, and shows above itself while that message is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
}

/// What a message shows. Texts and captions are Telegram's HTML, with every inserted value
/// escaped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A text.
    Text(String),
    /// A text that is too long for a message, as a file.
    File {
        /// The name of the file.
        name: String,
        /// What is in it, as it is.
        content: String,
        /// The text below it.
        caption: String,
    },
    /// A video that Telegram has.
    Video {
        /// Its id there.
        file_id: String,
        /// The text below it.
        caption: String,
    },
    /// A picture of ours.
    Picture {
        /// Its name in the table of pictures.
        name: String,
        /// The text below it.
        caption: String,
    },
    /// The sample of an idea.
    Sample {
        /// The id of its preset.
        preset: String,
        /// The text below it.
        caption: String,
    },
    /// A request to pay.
    Invoice(Invoice),
    /// What the message shows already: only its buttons are new.
    Unchanged,
}

/// A request to pay in Telegram Stars. Its texts have no markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// What is sold, in 1 to 32 characters.
    pub title: String,
    /// The same in 1 to 255 characters.
    pub description: String,
    /// What comes back with the payment, in 1 to 128 bytes.
    pub payload: String,
    /// The price in whole Stars.
    pub stars: u32,
}

/// One button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// Its text, without markup.
    pub label: String,
    /// What it does.
    #[serde(flatten)]
    pub action: Action,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It sends this callback data, see [`Tap`].
    Tap(String),
    /// It opens this address.
    Url(Url),
    /// It pays the invoice above it, and must be the first button there.
    Pay,
    /// It copies this text of at most [`MAX_COPY`] units.
    Copy(String),
}

impl Screen {
    /// A text without buttons.
    pub fn new(text: String) -> Self {
        Self::of(Body::Text(text))
    }

    /// A text of several paragraphs.
    pub fn of_paragraphs(paragraphs: &[String]) -> Self {
        Self::new(paragraphs.join("\n\n"))
    }

    /// Any body, without buttons.
    pub fn of(body: Body) -> Self {
        Self { body, buttons: Vec::new(), reply_to: None }
    }

    /// A number that another screen hardly has: by it a message is seen to show this already.
    pub(crate) fn fingerprint(&self) -> i64 {
        let mut hasher = DefaultHasher::new();
        // A screen is text and lists, which JSON always takes.
        serde_json::to_string(self).unwrap_or_default().hash(&mut hasher);
        hasher.finish().cast_signed()
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

    /// Both texts in one message, with the second's buttons.
    #[must_use]
    pub(crate) fn and(self, next: Self) -> Self {
        let both = Self::of_paragraphs(&[self.text().to_owned(), next.text().to_owned()]);
        Self { body: both.body, ..next }
    }

    /// The same as the answer to a message, if there is one.
    #[must_use]
    pub fn in_reply_to(self, message: Option<MessageId>) -> Self {
        Self { reply_to: message, ..self }
    }

    /// The text that is read in the message: its caption, where it shows more than a text.
    pub fn text(&self) -> &str {
        match &self.body {
            Body::Text(text) => text,
            Body::File { caption, .. }
            | Body::Video { caption, .. }
            | Body::Picture { caption, .. }
            | Body::Sample { caption, .. } => caption,
            Body::Invoice(invoice) => &invoice.description,
            Body::Unchanged => "",
        }
    }
}

impl Button {
    /// A button that sends a tap; a label that is too long is cut.
    pub fn new(label: &str, tap: &Tap) -> Self {
        Self::with(label, Action::Tap(tap.to_string()))
    }

    /// A button that opens an address.
    pub fn url(label: &str, url: Url) -> Self {
        Self::with(label, Action::Url(url))
    }

    /// The button that pays an invoice.
    pub fn pay(label: &str) -> Self {
        Self::with(label, Action::Pay)
    }

    /// A button that copies a text, if a button can: half of a text is no copy of it.
    pub fn copy(label: &str, text: &str) -> Option<Self> {
        let fits = (1..=MAX_COPY).contains(&units(text));
        fits.then(|| Self::with(label, Action::Copy(text.to_owned())))
    }

    fn with(label: &str, action: Action) -> Self {
        Self { label: cut(label, MAX_LABEL), action }
    }

    /// The callback data; empty where it sends none.
    pub fn data(&self) -> &str {
        match &self.action {
            Action::Tap(data) => data,
            Action::Url(_) | Action::Pay | Action::Copy(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn menu() -> Button {
        Button::new("Меню", &Tap::Menu)
    }

    #[test]
    fn an_empty_row_is_no_row_and_a_long_label_is_cut() {
        assert_eq!(MAX_LABEL, crate::config::presets::LONGEST_LABEL);
        let button = Button::new(&"ж".repeat(50), &Tap::Menu);
        assert_eq!(button.label.chars().count(), MAX_LABEL);
        let screen = Screen::new("a".into()).row([]).row([button.clone()]);
        assert_eq!(screen.buttons, [[button]]);
    }

    #[test]
    fn a_text_that_a_button_cannot_copy_whole_has_no_button() {
        for (text, fits) in [(0, false), (1, true), (MAX_COPY, true), (MAX_COPY + 1, false)] {
            assert_eq!(Button::copy("Copy", &"a".repeat(text)).is_some(), fits, "{text}");
        }
        assert!(Button::copy("Copy", &"🎬".repeat(MAX_COPY / 2 + 1)).is_none());
    }

    #[test]
    fn a_screen_that_an_older_version_left_in_the_outbox_is_still_shown() {
        let old = r#"{"text":"кофе","buttons":[[{"label":"Меню","tap":"h"}]]}"#;
        let screen = Screen::new("кофе".into()).row([menu()]);
        assert_eq!(serde_json::from_str::<Screen>(old).unwrap(), screen);
        assert_eq!(serde_json::to_string(&screen).unwrap(), old, "and the older one shows this");
    }

    #[test]
    fn every_screen_rests_in_the_outbox_as_it_is() {
        let caption = || "<b>b</b>".to_owned();
        let (name, content) = ("script.txt".to_owned(), "{\"text\":\"a\"}".to_owned());
        let (title, description) = ("3 credits".to_owned(), "Three videos".to_owned());
        let bodies = [
            (Body::Text("a".into()), "text"),
            (Body::File { name, content, caption: caption() }, "file"),
            (Body::Video { file_id: "AgAC".into(), caption: caption() }, "video"),
            (Body::Picture { name: "example".into(), caption: caption() }, "picture"),
            (Body::Sample { preset: "orbit".into(), caption: caption() }, "sample"),
            (
                Body::Invoice(Invoice { title, description, payload: "inv:7".into(), stars: 5 }),
                "invoice",
            ),
            (Body::Unchanged, "unchanged"),
        ];
        let page: Url = "https://shop.test/?a=1&b=2".parse().unwrap();
        for (body, word) in bodies {
            let screen = Screen::of(body)
                .row([Button::pay("Pay")])
                .row([menu(), Button::url("Shop", page.clone())])
                .row(Button::copy("Copy", "a"))
                .in_reply_to(Some(MessageId(7)));
            let rests = serde_json::to_string(&screen).unwrap();
            assert_eq!(serde_json::from_str::<Screen>(&rests).unwrap(), screen, "{rests}");
            let fields: Value = serde_json::from_str(&rests).unwrap();
            assert!(fields.get(word).is_some(), "{rests}");
            assert_eq!(fields["buttons"][1][1], json!({"label": "Shop", "url": page}));
        }
    }
}
