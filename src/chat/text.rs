//! Telegram's HTML and Telegram's lengths.

use thiserror::Error;

/// The longest text of a message, in UTF-16 units. Telegram counts after it
/// has read the markup; counted with the markup, a text fits in any case.
pub const MAX_TEXT: usize = 4096;

/// The tags that our texts may use.
const TAGS: [&str; 5] = ["b", "i", "code", "pre", "blockquote"];

/// What is left where a text was cut off.
const ELLIPSIS: char = '…';

/// The length in UTF-16 units, as Telegram counts.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The text for Telegram's HTML mode, in which it shows exactly as it is.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), push_escaped)
}

/// As [`escape`], but at most `most` units long: cut at a character, never
/// inside an entity, and ended by `…`.
pub fn escape_cut(text: &str, most: usize) -> String {
    shorten(text, most, push_escaped)
}

/// The text itself, at most `most` units long.
pub fn cut(text: &str, most: usize) -> String {
    shorten(text, most, |mut made, c| {
        made.push(c);
        made
    })
}

fn push_escaped(mut made: String, c: char) -> String {
    match c {
        '&' => made.push_str("&amp;"),
        '<' => made.push_str("&lt;"),
        '>' => made.push_str("&gt;"),
        '"' => made.push_str("&quot;"),
        other => made.push(other),
    }
    made
}

/// Adds character after character with `push`. The result is whole if it
/// fits; else it ends after the last character that leaves room for the `…`.
fn shorten(text: &str, most: usize, push: impl Fn(String, char) -> String) -> String {
    let mut made = String::new();
    let mut length = 0;
    let mut safe = 0;
    for c in text.chars() {
        let before = made.len();
        made = push(made, c);
        length += units(&made[before..]);
        if length > most {
            made.truncate(safe);
            if most > 0 {
                made.push(ELLIPSIS);
            }
            return made;
        }
        if length < most {
            safe = made.len();
        }
    }
    made
}

/// Why Telegram would refuse a text in HTML mode.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HtmlFault {
    /// A tag that is none of b, i, code, pre, blockquote.
    #[error("<{0}> is not one of the tags b, i, code, pre, blockquote")]
    UnknownTag(String),
    /// A closing tag that closes nothing.
    #[error("</{0}> closes nothing")]
    NotOpen(String),
    /// A tag that is never closed.
    #[error("<{0}> is never closed")]
    NotClosed(String),
    /// A `<` or `&` that should be written `&lt;` or `&amp;`.
    #[error("a lone `{0}`: write it as an entity (&lt; &gt; &amp; &quot;)")]
    Lone(char),
}

/// Whether Telegram takes the text in HTML mode.
pub fn check_html(text: &str) -> Result<(), HtmlFault> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&']) {
        let tail = &rest[at..];
        rest = match tail.as_bytes()[0] {
            b'&' => after_entity(tail)?,
            b'<' => after_tag(tail, &mut open)?,
            _ => return Err(HtmlFault::Lone('>')),
        };
    }
    match open.pop() {
        Some(tag) => Err(HtmlFault::NotClosed(tag.to_owned())),
        None => Ok(()),
    }
}

fn after_entity(tail: &str) -> Result<&str, HtmlFault> {
    ["&lt;", "&gt;", "&amp;", "&quot;"]
        .iter()
        .find_map(|entity| tail.strip_prefix(entity))
        .ok_or(HtmlFault::Lone('&'))
}

fn after_tag<'a>(tail: &'a str, open: &mut Vec<&'a str>) -> Result<&'a str, HtmlFault> {
    let end = tail.find('>').ok_or(HtmlFault::Lone('<'))?;
    let name = &tail[1..end];
    if let Some(closed) = name.strip_prefix('/') {
        if open.pop() != Some(closed) {
            return Err(HtmlFault::NotOpen(closed.to_owned()));
        }
    } else if TAGS.contains(&name) {
        open.push(name);
    } else {
        return Err(HtmlFault::UnknownTag(name.to_owned()));
    }
    Ok(&tail[end + 1..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::malformed::texts;

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(cut("кофе", 4), "кофе");
        assert_eq!(cut("кофе", 3), "ко…");
        assert_eq!(cut("кофе", 0), "");
        assert_eq!(escape_cut("<b>&", 100), "&lt;b&gt;&amp;");
    }

    #[test]
    fn an_entity_or_a_wide_character_is_never_cut_in_two() {
        assert_eq!(escape_cut("a<b", 4), "a…");
        assert_eq!(escape_cut("a<b", 6), "a&lt;b");
        assert_eq!(cut("🎬🎬🎬", 4), "🎬…");
        assert_eq!(units("🎬"), 2);
    }

    #[test]
    fn broken_markup_is_named() {
        assert_eq!(check_html("<b>a &lt; b</b> <i>&amp;</i>"), Ok(()));
        assert_eq!(check_html("<u>a</u>"), Err(HtmlFault::UnknownTag("u".into())));
        assert_eq!(check_html("<b><i>a</b></i>"), Err(HtmlFault::NotOpen("b".into())));
        assert_eq!(check_html("<b>a"), Err(HtmlFault::NotClosed("b".into())));
        assert_eq!(check_html("a & b"), Err(HtmlFault::Lone('&')));
        assert_eq!(check_html("a < b"), Err(HtmlFault::Lone('<')));
        assert_eq!(check_html("a > b"), Err(HtmlFault::Lone('>')));
    }

    proptest! {
        #[test]
        fn whatever_is_escaped_and_cut_fits_and_is_html(
            text in prop_oneof![".*".boxed(), texts(&typed())],
            most in prop_oneof![0_usize..80, Just(1024), Just(MAX_TEXT)],
        ) {
            let made = escape_cut(&text, most);
            prop_assert!(units(&made) <= most);
            prop_assert_eq!(check_html(&made), Ok(()));
            let shown = unescaped(&made);
            let whole = made == escape(&text);
            prop_assert!(whole || most == 0 || text.starts_with(shown.strip_suffix('…').unwrap()));
            let bare = cut(&text, most);
            prop_assert!(units(&bare) <= most);
            prop_assert!(bare == text || text.starts_with(bare.trim_end_matches('…')));
        }

        #[test]
        fn html_without_its_entities_has_no_lone_marks(text in texts(&typed())) {
            if check_html(&text).is_ok() {
                let opened = text.matches('<').count() - text.matches("</").count();
                prop_assert_eq!(opened, text.matches("</").count());
                prop_assert_eq!(text.matches('<').count(), text.matches('>').count());
            }
        }
    }

    fn unescaped(html: &str) -> String {
        let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
        entities.iter().fold(html.to_owned(), |text, (entity, c)| text.replace(entity, c))
    }

    /// What people type, and what breaks markup.
    fn typed() -> Vec<String> {
        let marks = "<b>a</b> & \"b\" <i>&amp;lt;</i> 🎬👨‍👩‍👧‍👦 <a href=\"tg://user?id=7\">";
        let nested = "<b><i><code><pre><blockquote>a</blockquote></pre></code></i></b>";
        vec![
            "Кружка на столе, камера облетает её…".to_owned(),
            marks.to_owned(),
            nested.to_owned(),
            marks.repeat(60),
            "🎬".repeat(3000),
            "&".repeat(5000),
        ]
    }
}
