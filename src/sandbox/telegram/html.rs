//! `parse_mode=HTML`, parsed as strictly as Telegram does (`do_parse_html` of `tdlib`), with
//! its error texts.

use crate::sandbox::telegram::{
    error::ApiError,
    formatted_text::{Entity, EntityKind, FormattedText},
};

/// Reads HTML into text and entities, or says why Telegram would refuse it.
pub(crate) fn parse(html: &str) -> Result<FormattedText, ApiError> {
    let mut reader =
        Reader { html, at: 0, rich: FormattedText::default(), length: 0, open: Vec::new() };
    reader.run().map_err(|why| ApiError::bad_request(&format!("can't parse entities: {why}")))?;
    let mut rich = reader.rich;
    rich.entities.retain(|entity| entity.length > 0);
    Ok(rich)
}

struct Reader<'a> {
    html: &'a str,
    at: usize,
    rich: FormattedText,
    /// UTF-16 units of the text so far.
    length: usize,
    /// The open tags, with the place of their entity (a `span` or a link without address has none).
    open: Vec<(String, Option<usize>)>,
}

impl Reader<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(letter) = self.rest().chars().next() {
            match letter {
                '<' if self.rest().starts_with("</") => self.end_tag()?,
                '<' => self.start_tag()?,
                '&' => self.ampersand(),
                _ => self.push(letter, letter.len_utf8()),
            }
        }
        match self.open.last() {
            Some((tag, _)) => {
                Err(format!("Can't find end tag corresponding to start tag \"{tag}\""))
            }
            None => Ok(()),
        }
    }

    fn rest(&self) -> &str {
        &self.html[self.at..]
    }

    fn push(&mut self, letter: char, read: usize) {
        self.rich.text.push(letter);
        self.length += letter.len_utf16();
        self.at += read;
    }

    /// `&lt;` and the like become a letter; any other `&` is kept.
    fn ampersand(&mut self) {
        let (letter, read) = entity(self.rest()).unwrap_or(('&', 1));
        self.push(letter, read);
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let Some(end) = tag_end(self.rest()) else {
            return Err(format!("Unclosed start tag at byte offset {begin}"));
        };
        let inside = self.rest()[1..end].to_owned();
        let (name, rest) = match inside.split_once(char::is_whitespace) {
            Some((name, rest)) => (name.to_lowercase(), rest),
            None => (inside.to_lowercase(), ""),
        };
        let attribute = attribute(&name, rest, begin)?;
        let entity = match kind(&name, attribute, begin)? {
            Some(kind) => {
                self.rich.entities.push(Entity { kind, offset: self.length, length: 0 });
                Some(self.rich.entities.len() - 1)
            }
            None => None,
        };
        self.open.push((name, entity));
        self.at += end + 1;
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let Some((tag, entity)) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {begin}"));
        };
        let Some(end) = self.rest().find('>') else {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        };
        let found = self.rest()[2..end].trim_end().to_lowercase();
        if !found.is_empty() && found != tag {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{tag}>\", found \"</{found}>\""
            ));
        }
        if let Some(entity) = entity {
            let entity = &mut self.rich.entities[entity];
            entity.length = self.length - entity.offset;
        }
        self.at += end + 1;
        Ok(())
    }
}

/// Where the `>` of a start tag is; one inside quotes does not count.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of the one attribute that a tag may have in Telegram; of a quote its name, which may
/// stand without a value.
fn attribute(tag: &str, text: &str, begin: usize) -> Result<Option<String>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if tag == "blockquote" {
        let name = text.split(['=', ' ', '\t', '\n']).next().unwrap_or_default();
        return Ok(Some(name.to_lowercase()));
    }
    let Some((name, value)) = text.split_once('=') else {
        return Err(format!(
            "Expected equal sign in declaration of an attribute of the tag \"{tag}\" at byte offset {begin}"
        ));
    };
    if name.trim().is_empty() {
        return Err(format!("Empty attribute name in the tag \"{tag}\" at byte offset {begin}"));
    }
    let value = value.trim().trim_matches(['"', '\'']);
    let mut plain = String::new();
    let mut at = 0;
    while let Some(letter) = value[at..].chars().next() {
        let (letter, read) = match entity(&value[at..]) {
            Some(found) => found,
            None => (letter, letter.len_utf8()),
        };
        plain.push(letter);
        at += read;
    }
    Ok(Some(plain))
}

fn kind(tag: &str, attribute: Option<String>, begin: usize) -> Result<Option<EntityKind>, String> {
    let kind = match tag {
        "b" | "strong" => EntityKind::Bold,
        "i" | "em" => EntityKind::Italic,
        "u" | "ins" => EntityKind::Underline,
        "s" | "strike" | "del" => EntityKind::Strike,
        "tg-spoiler" => EntityKind::Spoiler,
        "span" if attribute.as_deref() == Some("tg-spoiler") => EntityKind::Spoiler,
        "span" => {
            return Err(format!(
                "Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"
            ));
        }
        "code" => EntityKind::Code,
        "pre" => EntityKind::Pre,
        "blockquote" if attribute.as_deref() == Some("expandable") => EntityKind::ExpandableQuote,
        "blockquote" => EntityKind::Quote,
        "a" => return Ok(attribute.map(EntityKind::Link)),
        "tg-emoji" => return Ok(attribute.map(EntityKind::CustomEmoji)),
        _ => return Err(format!("Unsupported start tag \"{tag}\" at byte offset {begin}")),
    };
    Ok(Some(kind))
}

/// The letter that an HTML entity at the beginning of `text` stands for, and its length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    let inside = text.strip_prefix('&')?;
    let end = inside.bytes().take(10).position(|byte| byte == b';')?;
    let name = &inside[..end];
    let letter = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|letter| *letter != '\0')?
        }
    };
    Some((letter, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(html: &str) -> String {
        parse(html).unwrap_err().description
    }

    #[test]
    fn tags_become_entities_counted_in_utf16() {
        let rich = parse("🎬 <b>Три <i>видео</i></b> &lt;3 &amp; &x").unwrap();
        assert_eq!(rich.text, "🎬 Три видео <3 & &x");
        let places: Vec<_> = rich.entities.iter().map(|e| (e.offset, e.length)).collect();
        assert_eq!(places, [(3, 9), (7, 5)]);
        assert_eq!(rich.html(), "🎬 <b>Три <i>видео</i></b> &lt;3 &amp; &amp;x");
    }

    #[test]
    fn a_long_quote_may_be_folded() {
        for (tag, kind) in [
            ("blockquote", EntityKind::Quote),
            ("blockquote expandable", EntityKind::ExpandableQuote),
            ("BLOCKQUOTE EXPANDABLE=\"\"", EntityKind::ExpandableQuote),
        ] {
            let rich = parse(&format!("<{tag}>a</blockquote>")).unwrap();
            assert_eq!(rich.entities, [Entity { kind, offset: 0, length: 1 }]);
        }
    }

    #[test]
    fn what_telegram_cannot_parse_is_refused_in_its_words() {
        let refusals = [
            ("<b>a", "Can't find end tag corresponding to start tag \"b\""),
            ("a</b>", "Unexpected end tag at byte offset 1"),
            ("<b>a</i>", "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""),
            ("<br>", "Unsupported start tag \"br\" at byte offset 0"),
            ("1 < 2", "Unclosed start tag at byte offset 2"),
            ("<div class=\"x\">a</div>", "Unsupported start tag \"div\" at byte offset 0"),
        ];
        for (html, why) in refusals {
            assert_eq!(refusal(html), format!("Bad Request: can't parse entities: {why}"));
        }
    }

    #[test]
    fn only_links_that_open_a_page_reach_the_page() {
        let rich = parse("<a href=\"https://a.b/?c&amp;d\">x</a> <a href='javascript:y'>z</a>");
        let html = rich.unwrap().html();
        assert!(html.starts_with("<a href=\"https://a.b/?c&amp;d\" "), "{html}");
        assert!(html.ends_with(" z"), "{html}");
    }

    #[test]
    fn white_space_around_a_text_goes_and_its_entities_move_along() {
        let rich = parse("\n <b> a</b> ").unwrap().trimmed();
        assert_eq!((rich.text.as_str(), rich.html().as_str()), ("a", "<b>a</b>"));
    }
}
