//! Telegram's HTML and Telegram's lengths.

use thiserror::Error;

/// The longest text of a message, in UTF-16 units, as [`shown_units`] counts them.
pub const MAX_TEXT: usize = 4096;

/// The tags that our texts may use.
const TAGS: [&str; 6] = ["b", "i", "code", "pre", "blockquote", "blockquote expandable"];

/// The entities that our texts may use, and the letters for which they stand.
const ENTITIES: [(&str, &str); 4] =
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];

/// What is left where a text was cut off.
const ELLIPSIS: char = '…';

/// The length in UTF-16 units. Telegram counts letters, and so never more.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The length of a text in Telegram's HTML as Telegram counts it: after it has read the markup.
pub fn shown_units(html: &str) -> usize {
    units(&plain(html))
}

/// Telegram's HTML as it is read: without its tags, and letters for its entities. A `<` that
/// opens no tag stays.
pub(crate) fn plain(html: &str) -> String {
    let mut pieces = html.split('<');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once('>') {
            Some((_, after)) => text.push_str(after),
            None => text.extend(["<", piece]),
        }
    }
    ENTITIES.iter().fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

/// The text for Telegram's HTML mode, in which it shows exactly as it is.
pub fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), push_escaped)
}

/// As [`escape`], but shown in at most `most` units: cut at a character and ended by `…`.
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

/// Adds character after character with `push`. The result is whole if the text
/// fits; else it ends after the last character that leaves room for the `…`.
fn shorten(text: &str, most: usize, push: impl Fn(String, char) -> String) -> String {
    let mut made = String::new();
    let mut length = 0;
    let mut safe = 0;
    for c in text.chars() {
        made = push(made, c);
        length += c.len_utf16();
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
    ENTITIES.iter().find_map(|(entity, _)| tail.strip_prefix(entity)).ok_or(HtmlFault::Lone('&'))
}

fn after_tag<'a>(tail: &'a str, open: &mut Vec<&'a str>) -> Result<&'a str, HtmlFault> {
    let end = tail.find('>').ok_or(HtmlFault::Lone('<'))?;
    let name = &tail[1..end];
    if let Some(closed) = name.strip_prefix('/') {
        if open.pop() != Some(closed) {
            return Err(HtmlFault::NotOpen(closed.to_owned()));
        }
    } else if TAGS.contains(&name) {
        open.extend(name.split(' ').next());
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
        assert_eq!(escape_cut("a<b", 2), "a…");
        assert_eq!(escape_cut("a<b", 3), "a&lt;b");
        assert_eq!(escape_cut("<<<<", 3), "&lt;&lt;…");
        assert_eq!(cut("🎬🎬🎬", 4), "🎬…");
        assert_eq!(units("🎬"), 2);
    }

    #[test]
    fn markup_is_not_counted() {
        assert_eq!(plain("a <b>b</b> &amp;lt; c"), "a b &lt; c");
        assert_eq!(plain("a < b"), "a < b");
        assert_eq!(plain("&quot;x&quot; &gt; y"), "\"x\" > y");
        assert_eq!(shown_units("<blockquote expandable>&quot;🎬&quot;</blockquote>"), 4);
        let quoted = "\"".repeat(MAX_TEXT);
        assert_eq!(shown_units(&escape(&quoted)), MAX_TEXT);
    }

    #[test]
    fn broken_markup_is_named() {
        assert_eq!(check_html("<b>a &lt; b</b> <i>&amp;</i>"), Ok(()));
        let quote = |end| format!("<blockquote expandable>a</blockquote{end}>");
        assert_eq!(check_html(&quote("")), Ok(()));
        assert_eq!(
            check_html(&quote(" expandable")),
            Err(HtmlFault::NotOpen("blockquote expandable".into()))
        );
        assert_eq!(
            check_html("<b expandable>a</b>"),
            Err(HtmlFault::UnknownTag("b expandable".into()))
        );
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
            prop_assert!(shown_units(&made) <= most);
            prop_assert_eq!(check_html(&made), Ok(()));
            let shown = plain(&made);
            let whole = made == escape(&text);
            prop_assert_eq!(whole, units(&text) <= most);
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
