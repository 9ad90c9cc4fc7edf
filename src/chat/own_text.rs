//! What can be used as the person's own text.

use thiserror::Error;

/// The longest own text, in characters. Telegram breaks what is typed into
/// pieces of 4,096, and a limit well below keeps a broken text from passing as
/// a whole one; and so much can be shown again in full, together with the words
/// around it.
pub(crate) const MAX_OWN_TEXT: usize = 3000;

/// Why a text cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextFault {
    /// Nothing but white space.
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
    let text = text.trim();
    match text.chars().count() {
        0 => Err(TextFault::Empty),
        length if length > MAX_OWN_TEXT => Err(TextFault::TooLong { length }),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_text_is_neither_empty_nor_endless() {
        assert_eq!(own_text(" \n"), Err(TextFault::Empty));
        assert_eq!(own_text(" кружка <b>& "), Ok("кружка <b>&"));
        assert!(own_text(&"ж".repeat(3000)).is_ok());
        assert_eq!(own_text(&"ж".repeat(3001)), Err(TextFault::TooLong { length: 3001 }));
    }
}
