//! Prompts that are longer than a model takes.

/// The text, or as many whole sentences of it as fit into `longest` characters;
/// where not even one does, as many words.
pub(crate) fn within(text: &str, longest: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(longest) else { return text.to_owned() };
    let room = &text[..end];
    let next_is_space = |at: usize| text[at..].starts_with(' ');
    let sentence = room
        .char_indices()
        .map(|(at, c)| (at + c.len_utf8(), c))
        .rfind(|(at, c)| matches!(c, '.' | '!' | '?' | '…') && next_is_space(*at));
    let cut = match sentence {
        Some((at, _)) => at,
        None if next_is_space(end) => end,
        None => room.rfind(' ').unwrap_or(end),
    };
    room[..cut].trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_that_is_too_long_ends_with_a_whole_sentence() {
        assert_eq!(within("One. Two two. Three", 15), "One. Two two.");
        assert_eq!(within("One. Two two.", 13), "One. Two two.");
        assert_eq!(within("One. Two 2.5x zoom", 13), "One.");
        assert_eq!(within("Чашка медленно кружится", 16), "Чашка медленно");
        assert_eq!(within("Чашка", 3), "Чаш");
        assert_eq!(within("Чашка", 0), "");
    }
}
