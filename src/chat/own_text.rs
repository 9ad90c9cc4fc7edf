//! What can be used as the person's own text.

use thiserror::Error;

use crate::domain::text::is_blank;

/// The longest own text, in characters. Telegram breaks what is typed into
/// pieces of 4,096, and a limit well below keeps a broken text from passing as
/// a whole one; and so much can be shown again in full, together with the words
/// around it.
pub(crate) const MAX_OWN_TEXT: usize = 3000;

/// Why a text cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextFault {
    /// Nothing of it can be seen.
    #[error("the text is empty")]
    Empty,
    /// Over [`MAX_OWN_TEXT`].
    #[error("the text has {length} characters, and {MAX_OWN_TEXT} is the most")]
    TooLong {
        /// Its length in characters.
        length: usize,
    },
}

/// The text without the white space around it, if it can be used.
pub fn own_text(text: &str) -> Result<&str, TextFault> {
    if is_blank(text) {
        return Err(TextFault::Empty);
    }
    let text = text.trim();
    match text.chars().count() {
        length if length > MAX_OWN_TEXT => Err(TextFault::TooLong { length }),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_text_is_neither_empty_nor_endless() {
        for blank in ["", " \n", "\u{200b}\u{feff}", "\u{3164} \u{2800}", "\u{ad}\u{2060}\u{fe0f}"]
        {
            assert_eq!(own_text(blank), Err(TextFault::Empty), "{blank:?}");
        }
        assert_eq!(own_text("\u{2800}❤\u{fe0f}"), Ok("\u{2800}❤\u{fe0f}"));
        assert_eq!(own_text(" кружка <b>& "), Ok("кружка <b>&"));
        assert!(own_text(&"ж".repeat(3000)).is_ok());
        assert_eq!(own_text(&"ж".repeat(3001)), Err(TextFault::TooLong { length: 3001 }));
    }
}
