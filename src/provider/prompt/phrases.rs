//! Lists of phrases, each list in one text: `sorry|my apologies|извини*`. A star stands for the rest
//! of a word.

/// The phrases of a list.
pub(crate) fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.split('|')
}

/// Whether a text begins with one of a list.
pub(crate) fn begins(text: &str, list: &str) -> bool {
    phrases(list).any(|phrase| match phrase.strip_suffix('*') {
        Some(stem) => text.starts_with(stem),
        None => text.strip_prefix(phrase).is_some_and(|rest| ends_word(phrase, rest)),
    })
}

/// Whether a word ends between two texts. Chinese has no spaces between words.
fn ends_word(before: &str, after: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() && c < '\u{2e80}';
    !(before.ends_with(is_letter) && after.starts_with(is_letter))
}

/// Whether a text is one of a list.
pub(crate) fn is_among(text: &str, list: &str) -> bool {
    phrases(list).any(|phrase| text == phrase)
}
