//! Lists of phrases, each list in one text: `sorry|my apologies|извини*`. A star stands for the rest
//! of a word.

/// The phrases of a list.
pub(crate) fn phrases(list: &str) -> impl Iterator<Item = &str> {
    list.split('|')
}

/// Whether a text begins with one of a list.
pub(crate) fn begins(text: &str, list: &str) -> bool {
    after(text, list).is_some()
}

/// What stands after the first of a list that the text begins with.
pub(crate) fn after<'a>(text: &'a str, list: &str) -> Option<&'a str> {
    phrases(list).find_map(|phrase| match phrase.strip_suffix('*') {
        Some(stem) => text.strip_prefix(stem),
        None => text.strip_prefix(phrase).filter(|rest| ends_word(phrase, rest)),
    })
}

/// Whether one of a list stands in a text as words of its own, outside of quotation marks.
pub(crate) fn says(text: &str, list: &str) -> bool {
    phrases(list).any(|phrase| {
        let stem = phrase.strip_suffix('*').unwrap_or(phrase);
        let ends = |at: usize| stem.len() < phrase.len() || ends_word(stem, &text[at..]);
        text.match_indices(stem).any(|(at, _)| is_own(text, at) && ends(at + stem.len()))
    })
}

/// Whether what stands there begins a word, and no quotation.
pub(crate) fn is_own(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(' ');
    !before.ends_with(['"', '\'', '“', '«', '‘', ':'])
        && !text[..at].ends_with(char::is_alphanumeric)
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

/// Whether a word is one of a list, or begins with a stem of it.
pub(crate) fn is_any_word(word: &str, list: &str) -> bool {
    phrases(list).any(|phrase| match phrase.strip_suffix('*') {
        Some(stem) => word.starts_with(stem),
        None => word == phrase,
    })
}
