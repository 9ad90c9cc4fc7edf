//! What is put around a prompt: code fences, quotation marks.

/// The first code block with something in it, or the whole text where there is none.
pub(crate) fn unfenced(text: &str) -> &str {
    let fence = if text.contains("```") { "```" } else { "~~~" };
    let mut blocks = text.split(fence).skip(1).step_by(2).map(without_language);
    blocks.find(|block| !block.trim().is_empty()).unwrap_or(text)
}

/// The word right after a fence is a language, if a line break follows it; `json` always is.
fn without_language(block: &str) -> &str {
    match block.split_once('\n') {
        Some((language, rest)) if !language.trim().contains(' ') => rest,
        _ => block.strip_prefix("json").unwrap_or(block),
    }
}

/// Quotation marks, opening and closing.
const QUOTES: &[(char, char)] = &[
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('*', '*'),
    ('_', '_'),
    ('“', '”'),
    ('„', '“'),
    ('«', '»'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
];

/// The text without quotation marks around the whole of it; those inside stay.
pub(crate) fn unquoted(mut text: &str) -> &str {
    while let Some(inner) = QUOTES.iter().find_map(|marks| within_marks(text, *marks)) {
        text = inner.trim();
    }
    text
}

fn within_marks(text: &str, (open, close): (char, char)) -> Option<&str> {
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    (open == '*' || !inner.contains(open)).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_freed_from_fences_and_from_quotation_marks() {
        for wrapped in [
            "A cup.",
            "```text\nA cup.\n```",
            "```\nA cup.```",
            "```A cup.```",
            "~~~\nA cup.\n~~~",
            "Here it is:\n```\nA cup.\n```\nEnjoy!",
            "```json\nA cup.",
            "```\n```\n```\nA cup.\n```",
            "**A cup.**",
            "«A cup.»",
            "\"**“A cup.”**\"",
        ] {
            assert_eq!(unquoted(unfenced(wrapped).trim()), "A cup.", "{wrapped}");
        }
        assert_eq!(unquoted("\"One\" and \"two\""), "\"One\" and \"two\"");
    }
}
