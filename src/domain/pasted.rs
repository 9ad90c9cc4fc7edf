//! Text as people paste it, with quotes and invisible characters around it.

/// Whether a character takes no room on a screen, so that nobody sees it come along: marks of
/// direction and of byte order, joiners, zero-width spaces, variation selectors.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character is a quotation mark of any language, or of Markdown's.
pub(crate) fn is_quote(c: char) -> bool {
    matches!(c,
        '"' | '\'' | '`' | '´' | '«' | '»' | '\u{2018}'..='\u{201f}' | '\u{2032}' | '\u{2033}'
        | '\u{2039}' | '\u{203a}' | '\u{300c}'..='\u{300f}' | '\u{301d}'..='\u{301f}'
        | '\u{ff02}' | '\u{ff07}')
}

/// The text without white space and invisible characters around it.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

/// The text without the quotes around it as well, however many there are.
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
