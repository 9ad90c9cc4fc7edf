//! What of a text can be seen, and what stands before one without belonging to it.

/// The mark of order that some servers put before their UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Whether a character takes no room, so that nobody sees it come along when a text is pasted: what
/// Unicode calls default-ignorable code points, and the blanks among letters and symbols.
pub(crate) fn is_zero_width(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character shows nothing.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_zero_width(c)
}

/// Whether nothing of a text can be seen.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// Whether every letter of a text is of the Latin script, with or without marks.
pub(crate) fn is_latin(text: &str) -> bool {
    let is_latin = |c: char| matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    text.chars().filter(|c| c.is_alphabetic()).all(is_latin)
}

/// The text without what shows nothing at its ends.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_invisible)
}

/// The bytes without marks of order and white space before them. JSON must not begin with a
/// mark, and yet answers do.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes.trim_ascii_start();
    while let Some(after) = rest.strip_prefix(BOM) {
        rest = after.trim_ascii_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_which_nothing_can_be_seen_is_blank() {
        for blank in [
            "",
            " \n\t\u{a0}\u{2003}\u{3000}",
            "\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}",
            "\u{feff}\u{2060}\u{ad}\u{34f}\u{61c}\u{180e}",
            "\u{3164}\u{ffa0}\u{115f}\u{1160}\u{2800}",
            "\u{fe0f}\u{fe00}\u{e0100}\u{e0020}",
            "\u{202a}\u{202e}\u{2066}\u{2069}\u{206a}",
            "\0\u{1b}\u{7f}\u{85}\u{fffc}\u{1d159}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
            assert_eq!(trimmed(blank), "");
        }
        for seen in ["a", "я", "❤\u{fe0f}", "👨\u{200d}👩", "…", "0", "ㅤ가", "\u{301}", "\u{e000}"]
        {
            assert!(!is_blank(seen), "{seen:?}");
        }
        assert_eq!(trimmed("\u{feff} a\u{200b}b \u{2800}"), "a\u{200b}b");
    }

    #[test]
    fn a_mark_of_order_is_no_part_of_a_document() {
        for bytes in ["{}", "\u{feff}{}", " \n\u{feff}{}", "\u{feff}\u{feff} {}"] {
            assert_eq!(without_bom(bytes.as_bytes()), b"{}", "{bytes:?}");
        }
        assert_eq!(without_bom(b"\xef\xbb"), b"\xef\xbb");
        assert_eq!(without_bom(b"\xef\xbb\xbf"), b"");
    }
}
