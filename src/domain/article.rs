//! Article numbers: what sellers write first under a photo is the name of the product.

use crate::domain::text::{is_invisible, trimmed};

/// The longest name of a product, in characters.
pub(crate) const LONGEST_NAME: usize = 40;

/// Words that only an article number follows.
const STRONG: &[&str] = &[
    "артикул продавца",
    "артикул wb",
    "артикул ozon",
    "артикул",
    "vendor code",
    "код товара",
    "item no",
    "sku",
    "nmid",
    "article no",
];

/// Words that other things follow as well.
const WEAK: &[&str] = &["арт", "art", "article", "item", "код", "ozon", "озон", "wb", "вб"];

/// Those of them that a number of one digit makes an article.
const SHORT: &[&str] = &["арт", "art"];

/// What may stand between such a word and the number.
const MARKS: &[char] = &['.', ':', '№', '#', '-', '–', '—', '='];

/// What a product is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product<'a> {
    /// By its name.
    Named(&'a str),
    /// By its number in the series; it has no name.
    Numbered(u32),
}

impl<'a> Product<'a> {
    /// What a product is called that has this name, or else this number.
    pub(crate) fn of(name: Option<&'a str>, number: Option<u32>) -> Option<Self> {
        name.map(Self::Named).or(number.map(Self::Numbered))
    }
}

/// A text that begins with the article number of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    /// The name, as it was written: "арт. 123".
    pub name: String,
    /// The rest of the text; may be empty.
    pub rest: &'a str,
}

/// The article number at the beginning of a text, if one is there: "арт. 123", "SKU AB-12", or a line
/// that is nothing but a number of 5 to 12 digits, or letters and digits as no word has them.
pub(crate) fn named(text: &str) -> Option<Named<'_>> {
    let text = trimmed(text);
    let (line, below) = text.split_once(['\n', '\r']).unwrap_or((text, ""));
    let line = line.trim_end_matches(is_invisible);
    let bare = line.trim_end_matches(['.', ',', ';', ':']);
    if is_bare_article(bare.trim_start_matches(|c| is_invisible(c) || "№#".contains(c))) {
        return Some(Named { name: bare.to_owned(), rest: trimmed(below) });
    }
    let length = article(line)?;
    let name: Vec<&str> = line[..length].split_whitespace().collect();
    let name = name.join(" ");
    let beside = line[length..].trim_start_matches(|c| is_invisible(c) || ",;.:-–—|".contains(c));
    // What stands beside the number goes on in the lines below.
    let rest = if beside.is_empty() { below } else { &text[line.len() - beside.len()..] };
    (name.chars().count() <= LONGEST_NAME).then(|| Named { name, rest: trimmed(rest) })
}

/// What stands between the name of a product and words about it.
const BETWEEN: &[char] = &[',', ';', '.', ':', '-', '–', '—', '|'];

/// The rest of a text that begins with the name of a product, however its article is written.
pub(crate) fn after_name<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let text = trimmed(text);
    if let Some(rest) = without_word(text, &name.replace('\u{a0}', " ")) {
        return (!rest.starts_with(char::is_alphanumeric)).then(|| after_between(rest));
    }
    let number = number(name).filter(|_| named(name).is_some())?;
    let by_number = || {
        let rest = without_word(text, number)?;
        (rest.is_empty() || is_apart(rest)).then(|| after_between(rest))
    };
    let said = named(text).filter(|said| self::number(&said.name) == Some(number));
    said.map(|said| said.rest).or_else(by_number)
}

/// The rest of a text that begins with the first line of what stands under a photo, and goes on after it.
pub(crate) fn after_title<'a>(text: &'a str, caption: &str) -> Option<&'a str> {
    let title = trimmed(caption.lines().next().unwrap_or_default());
    if title.is_empty() || title.chars().count() > LONGEST_NAME {
        return None;
    }
    let rest = without_word(trimmed(text), title)?;
    Some(after_between(rest)).filter(|after| is_apart(rest) && !after.is_empty())
}

/// Whether what follows is set apart from what stands before it.
fn is_apart(rest: &str) -> bool {
    let after = rest.trim_start_matches([' ', '\u{a0}']);
    after.starts_with(['\n', '\r', ',', ';', ':', '–', '—', '|'])
        || (after.starts_with('-') && after.len() < rest.len())
}

fn after_between(rest: &str) -> &str {
    trimmed(rest.trim_start_matches(|c| is_invisible(c) || BETWEEN.contains(&c)))
}

/// The number in an article: "123" of "арт. 123".
fn number(name: &str) -> Option<&str> {
    let last = |c: char| !(c.is_alphanumeric() || "-_/".contains(c));
    name.rsplit(last).next().filter(|number| number.contains(|c: char| c.is_ascii_digit()))
}

/// The length in bytes of the article number that a line begins with, its word included.
fn article(line: &str) -> Option<usize> {
    let strong = STRONG.iter().map(|word| (word, true));
    let words = strong.chain(WEAK.iter().map(|word| (word, false)));
    words.into_iter().find_map(|(word, is_strong)| {
        let after = without_word(line, word)?;
        let number = after.trim_start_matches(|c| is_invisible(c) || MARKS.contains(&c));
        let between = &after[..after.len() - number.len()];
        let is_marked = between.contains(|c| MARKS.contains(&c) && c != '-');
        let code = &number[..number.find(|c| !is_of_code(c)).unwrap_or(number.len())];
        let code = code.trim_end_matches(['.', '-', '_', '/']);
        let is_number = code.contains(|c: char| c.is_ascii_digit())
            && (is_strong || is_marked || is_plain_code(code) || is_short(word, code))
            && !between.is_empty();
        is_number.then(|| line.len() - number.len() + code.len())
    })
}

/// Whether after this word a code of few digits is an article: "арт 7", but not "арт 3d".
fn is_short(word: &str, code: &str) -> bool {
    SHORT.contains(&word) && code.chars().all(|c| c.is_ascii_digit())
}

/// The rest of a line that begins with this word, in whatever case.
fn without_word<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = line;
    for expected in word.chars() {
        let found = rest.chars().next()?;
        let after = match expected {
            ' ' => rest.trim_start_matches(is_invisible),
            _ => &rest[found.len_utf8()..],
        };
        let is_same = expected == ' ' || found.to_lowercase().eq(expected.to_lowercase());
        if !is_same || after.len() == rest.len() {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

fn is_of_code(c: char) -> bool {
    c.is_alphanumeric() || "-_/.".contains(c)
}

/// Whether a code is more than a word with a digit, such as "3D": it has three digits or a hyphen, and
/// no small letters.
fn is_plain_code(code: &str) -> bool {
    let digits = code.chars().filter(char::is_ascii_digit).count();
    (digits >= 3 || digits > 0 && code.contains(['-', '_', '/']))
        && !code.contains(char::is_lowercase)
}

/// Whether a line is an article number without a word before it.
fn is_bare_article(line: &str) -> bool {
    let length = line.chars().count();
    let digits = line.chars().filter(char::is_ascii_digit).count();
    if digits == length {
        return (5..=12).contains(&length);
    }
    let has_letter = line.contains(char::is_alphabetic);
    has_letter
        && length <= 20
        && digits >= 3
        && line.chars().all(|c| c.is_ascii_digit() || c.is_uppercase() || "-_/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    #[test]
    fn an_article_number_is_the_name_of_the_product() {
        for (text, name, rest) in [
            ("арт. 123", "арт. 123", ""),
            ("Арт.123", "Арт.123", ""),
            ("АРТ 12345", "АРТ 12345", ""),
            ("арт №7", "арт №7", ""),
            ("арт 7", "арт 7", ""),
            ("АРТ 20 в воде", "АРТ 20", "в воде"),
            ("art 3\nsnow", "art 3", "snow"),
            ("Артикул: 12345678", "Артикул: 12345678", ""),
            ("артикул  WB:\u{a0}12345678", "артикул WB: 12345678", ""),
            ("артикул-55", "артикул-55", ""),
            ("art 123", "art 123", ""),
            ("SKU AB-12", "SKU AB-12", ""),
            ("sku: ab_12/3", "sku: ab_12/3", ""),
            ("Код товара 4411", "Код товара 4411", ""),
            ("WB 12345678", "WB 12345678", ""),
            ("12345678", "12345678", ""),
            ("12345", "12345", ""),
            ("№ 123456", "№ 123456", ""),
            ("AB-1234", "AB-1234", ""),
            ("КР1055", "КР1055", ""),
            (" \u{feff}арт. 123.\n", "арт. 123", ""),
            ("арт. 123\nкружка парит\nнад морем", "арт. 123", "кружка парит\nнад морем"),
            ("арт. 123, кружка парит\nнад морем", "арт. 123", "кружка парит\nнад морем"),
            ("Артикул 77 — пусть летит", "Артикул 77", "пусть летит"),
            ("12345678\r\n\r\nснег", "12345678", "снег"),
        ] {
            let expected = Named { name: name.to_owned(), rest };
            assert_eq!(named(text), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn a_text_may_begin_with_the_name_of_a_product() {
        for (name, text, rest) in [
            ("арт. 123", "арт. 123 пусть парит", Some("пусть парит")),
            ("арт. 123", "Арт.123: пусть парит", Some("пусть парит")),
            ("арт. 123", "артикул 123\nпусть парит", Some("пусть парит")),
            ("арт. 123", "123: пусть парит", Some("пусть парит")),
            ("арт. 123", "арт. 123", Some("")),
            ("Товар\u{a0}2", "товар 2 — пусть парит", Some("пусть парит")),
            ("SKU AB-12", "sku ab-12, снег", Some("снег")),
            ("арт. 123", "123 кружки парят", None),
            ("арт. 123", "арт. 1234 пусть парит", None),
            ("арт. 12", "арт. 123 пусть парит", None),
            ("Товар\u{a0}1", "товар 10 парит", None),
            ("арт. 123", "пусть парит арт. 123", None),
            ("арт. 123", "", None),
        ] {
            assert_eq!(after_name(text, name), rest, "{name:?} {text:?}");
        }
    }

    #[test]
    fn a_text_may_begin_with_what_stands_first_under_a_photo() {
        for (caption, text, rest) in [
            ("Синяя кружка\nв лесу", "синяя кружка: пусть парит", Some("пусть парит")),
            ("Синяя кружка", "Синяя  кружка\nпусть парит", Some("пусть парит")),
            ("Синяя кружка", "синяя кружка — снег", Some("снег")),
            ("Синяя кружка", "синяя кружка парит над морем", None),
            ("Синяя кружка", "синяя кружка", None),
            ("", "пусть парит", None),
            (&"кружка ".repeat(9), "кружка: снег", None),
        ] {
            assert_eq!(after_title(text, caption), rest, "{caption:?} {text:?}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_a_text() {
        for text in [
            "",
            "кружка парит над морем",
            "кружка\nарт. 123",
            "арт-деко ваза",
            "арт 3d рендер кружки",
            "Art of coffee",
            "article about coffee",
            "артикула нет",
            "артикул неизвестен",
            "артист 12345",
            "код успеха",
            "1234",
            "1234567890123",
            "50/50",
            "8 секунд",
            "iPhone15",
            "4K",
            "MP4",
            "арт.",
            "SKU",
            "12345678 кружек летят",
            &format!("арт. {}", "1".repeat(60)),
        ] {
            assert_eq!(named(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_short_and_the_rest_is_the_end_of_the_text(
            text in texts(&["арт. 123, кружка\nпарит".to_owned(), "12345678\nснег".to_owned()]),
        ) {
            if let Some(Named { name, rest }) = named(&text) {
                prop_assert!((1..=LONGEST_NAME).contains(&name.chars().count()));
                prop_assert!(trimmed(&text).ends_with(rest));
            }
        }
    }
}
