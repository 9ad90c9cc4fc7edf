//! Text as people paste it, with quotes and invisible characters around it.

use crate::domain::text::trimmed;

/// Whether a character is a quotation mark of any language, or of Markdown's.
pub(crate) fn is_quote(c: char) -> bool {
    matches!(c,
        '"' | '\'' | '`' | '´' | '«' | '»' | '\u{2018}'..='\u{201f}' | '\u{2032}' | '\u{2033}'
        | '\u{2039}' | '\u{203a}' | '\u{300c}'..='\u{300f}' | '\u{301d}'..='\u{301f}'
        | '\u{ff02}' | '\u{ff07}')
}

/// The text without the quotes around it, however many there are, and without what shows nothing.
pub(crate) fn unwrapped(text: &str) -> &str {
    let mut text = trimmed(text);
    while let Some(inner) = without_quotes(text) {
        text = trimmed(inner);
    }
    text
}

/// What stands between a quote at each end. They need not match: a word processor makes „these“
/// of "those".
fn without_quotes(text: &str) -> Option<&str> {
    text.strip_prefix(is_quote)?.strip_suffix(is_quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_along_is_taken_off_and_what_is_within_stays() {
        for pasted in [
            "a b",
            " a b\r\n",
            "\u{feff}a b",
            "\u{200b}a b\u{2060}",
            "\u{a0}a b\u{3000}",
            "\"a b\"",
            "'a b'",
            "`a b`",
            "“a b”",
            "„a b“",
            "«a b»",
            "‘a b’",
            "\" 'a b' \"",
            "\u{feff}\"a b\"\n",
        ] {
            assert_eq!(unwrapped(pasted), "a b", "{pasted:?}");
        }
        for same in ["", "\"", "\"a", "a'b", "a\"b\"", "it's"] {
            assert_eq!(unwrapped(same), same);
        }
        assert_eq!(unwrapped("\"\""), "");
    }
}
