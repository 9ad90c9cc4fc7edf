//! Lists of phrases, each list in one text: `sorry|my apologies`.

/// The phrases of a list.
pub(crate) fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.split('|')
}

/// Whether a text begins with one of a list.
pub(crate) fn begins(text: &str, list: &str) -> bool {
    phrases(list).any(|phrase| text.starts_with(phrase))
}

/// Whether a text is one of a list.
pub(crate) fn is_among(text: &str, list: &str) -> bool {
    phrases(list).any(|phrase| text == phrase)
}
