//! Text with formatting: what Telegram keeps of a message's HTML.

use serde_json::{Value, json};

/// A text and the formatting of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormattedText {
    /// The text without any tags.
    pub text: String,
    /// Its entities, outer before inner.
    pub entities: Vec<Entity>,
}

/// One formatted part of a text. Telegram counts in UTF-16 units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// Where it begins.
    pub offset: usize,
    /// How long it is.
    pub length: usize,
}

/// The kinds of formatting that a bot can send or a person's command gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityKind {
    /// `<b>`.
    Bold,
    /// `<i>`.
    Italic,
    /// `<u>`.
    Underline,
    /// `<s>`.
    Strike,
    /// `<tg-spoiler>`.
    Spoiler,
    /// `<code>`.
    Code,
    /// `<pre>`.
    Pre,
    /// `<blockquote>`.
    Quote,
    /// `<blockquote expandable>`.
    ExpandableQuote,
    /// `<a href>`, with the address.
    Link(String),
    /// `<tg-emoji>`, with its id.
    CustomEmoji(String),
    /// A command such as `/start`.
    Command,
}

impl Entity {
    /// As the Bot API shows it.
    pub fn json(&self) -> Value {
        let mut json =
            json!({"type": self.kind.name(), "offset": self.offset, "length": self.length});
        match &self.kind {
            EntityKind::Link(url) => json["url"] = json!(url),
            EntityKind::CustomEmoji(id) => json["custom_emoji_id"] = json!(id),
            _ => {}
        }
        json
    }

    fn end(&self) -> usize {
        self.offset + self.length
    }
}

impl EntityKind {
    fn name(&self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Italic => "italic",
            Self::Underline => "underline",
            Self::Strike => "strikethrough",
            Self::Spoiler => "spoiler",
            Self::Code => "code",
            Self::Pre => "pre",
            Self::Quote => "blockquote",
            Self::ExpandableQuote => "expandable_blockquote",
            Self::Link(_) => "text_link",
            Self::CustomEmoji(_) => "custom_emoji",
            Self::Command => "bot_command",
        }
    }

    /// The opening and the closing tag on the chat page. Only addresses that
    /// open a page become links.
    fn tags(&self) -> (String, &'static str) {
        match self {
            Self::Bold => ("<b>".into(), "</b>"),
            Self::Italic => ("<i>".into(), "</i>"),
            Self::Underline => ("<u>".into(), "</u>"),
            Self::Strike => ("<s>".into(), "</s>"),
            Self::Spoiler => ("<span class=\"spoiler\">".into(), "</span>"),
            Self::Code => ("<code>".into(), "</code>"),
            Self::Pre => ("<pre>".into(), "</pre>"),
            Self::Quote => ("<blockquote>".into(), "</blockquote>"),
            Self::ExpandableQuote => {
                ("<blockquote class=\"expandable\" tabindex=\"0\">".into(), "</blockquote>")
            }
            Self::Link(url) if opens_a_page(url) => {
                let href = escape(url);
                (format!("<a href=\"{href}\" target=\"_blank\" rel=\"noopener\">"), "</a>")
            }
            Self::Link(_) | Self::CustomEmoji(_) | Self::Command => (String::new(), ""),
        }
    }
}

impl FormattedText {
    /// A text without formatting.
    pub fn plain(text: &str) -> Self {
        Self { text: text.to_owned(), entities: Vec::new() }
    }

    /// A person's text: a command at its beginning becomes an entity, as in Telegram.
    pub fn typed(text: &str) -> Self {
        let mut rich = Self::plain(text);
        let command = text.split_whitespace().next().unwrap_or_default();
        if text.starts_with('/') && command.len() > 1 {
            let length = utf16(command);
            rich.entities.push(Entity { kind: EntityKind::Command, offset: 0, length });
        }
        rich
    }

    /// The length as Telegram's limits count it: UTF-16 units. The server counts
    /// characters; the stand-in is stricter, as a bot should be.
    pub fn length(&self) -> usize {
        utf16(&self.text)
    }

    /// Without white space around it, as Telegram stores it.
    #[must_use]
    pub fn trimmed(self) -> Self {
        let lead = utf16(&self.text) - utf16(self.text.trim_start());
        let text = self.text.trim().to_owned();
        let end = utf16(&text);
        let shift = |entity: Entity| {
            let last = entity.end().saturating_sub(lead).min(end);
            let offset = entity.offset.saturating_sub(lead);
            (offset < last).then(|| Entity { offset, length: last - offset, ..entity })
        };
        Self { text, entities: self.entities.into_iter().filter_map(shift).collect() }
    }

    /// The entities as the Bot API shows them.
    pub fn entities_json(&self) -> Value {
        self.entities.iter().map(Entity::json).collect()
    }

    /// As safe HTML for the chat page: all text escaped, only the tags above.
    pub fn html(&self) -> String {
        let mut html = String::new();
        let mut open: Vec<&Entity> = Vec::new();
        let mut coming = self.entities.iter().peekable();
        let mut at = 0;
        for letter in self.text.chars() {
            close(&mut open, at, &mut html);
            while let Some(entity) = coming.next_if(|entity| entity.offset <= at) {
                html.push_str(&entity.kind.tags().0);
                open.push(entity);
            }
            html.push_str(&escape(letter.encode_utf8(&mut [0; 4])));
            at += letter.len_utf16();
        }
        close(&mut open, usize::MAX, &mut html);
        html
    }
}

fn close(open: &mut Vec<&Entity>, at: usize, html: &mut String) {
    while let Some(entity) = open.pop_if(|entity| entity.end() <= at) {
        html.push_str(entity.kind.tags().1);
    }
}

fn opens_a_page(url: &str) -> bool {
    ["http://", "https://", "tg://", "mailto:"].iter().any(|scheme| url.starts_with(scheme))
}

/// The number of UTF-16 units of a text.
fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Makes text safe inside HTML, between tags and within quotes.
pub(crate) fn escape(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;").replace('\'', "&#39;")
}
