//! What is left of a page or a table around a prompt: titles, cells, marks of an end, entities.

use crate::provider::prompt::talk::is_only_talk;

/// How long a title is at most, in bytes.
const TITLE: usize = 60;

/// How long what stands under one is at least, in bytes.
const BODY: usize = 100;

/// Marks of an end.
const ENDS: &[&str] = &[
    "[END]",
    "[end]",
    "<END>",
    "<end>",
    "(END)",
    "[End of prompt]",
    "[end of prompt]",
    "(End of prompt)",
    "End of prompt.",
    "END",
    "---",
    "***",
    "===",
    "###",
];

/// Entities of HTML. The ampersand is the last, since it could make others.
const ENTITIES: &[(&str, &str)] = &[
    ("&quot;", "\""),
    ("&#34;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&apos;", "'"),
    ("&rsquo;", "’"),
    ("&nbsp;", " "),
    ("&#160;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
];

/// A text with the characters that its entities stand for.
pub(crate) fn without_entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    ENTITIES.iter().fold(text.to_owned(), |text, (name, said)| text.replace(name, said))
}

/// The longest cell of a table, or the whole text where it is none.
pub(crate) fn longest_cell(text: &str) -> &str {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    if lines().count() < 2 || !lines().all(|line| line.starts_with('|')) {
        return text;
    }
    let cells = lines().flat_map(|line| line.split('|')).map(str::trim);
    cells.max_by_key(|cell| cell.len()).unwrap_or(text)
}

/// Without the title above a prompt.
pub(crate) fn without_title(text: &str) -> &str {
    let Some((title, rest)) = text.split_once('\n') else { return text };
    let title = title.trim().trim_start_matches(['#', ' ']);
    let is_named = title.to_lowercase().starts_with("title:");
    let is_title = title.len() <= TITLE
        && title.ends_with(|c: char| c.is_alphanumeric() || c == '"')
        && (is_named || rest.trim_start_matches(' ').starts_with(['\n', '\r']));
    if is_title && rest.trim().len() >= BODY && !is_only_talk(rest) { rest.trim() } else { text }
}

/// Without marks of an end, and without a last line of hashtags.
pub(crate) fn without_end(mut text: &str) -> &str {
    loop {
        let rest = text.trim_end();
        let (before, last) = rest.rsplit_once('\n').unwrap_or(("", rest));
        let is_tag = |word: &str| word.len() > 1 && word.starts_with('#');
        if !before.is_empty() && last.split_whitespace().all(is_tag) {
            text = before;
            continue;
        }
        let is_end = |mark: &str, before: &str| {
            let is_word = mark.contains(char::is_alphanumeric);
            !is_word || before.ends_with(['.', '!', '?', '…', '"', '”', '»', '\''])
        };
        let ended = ENDS.iter().find_map(|mark| {
            let before = rest.strip_suffix(mark).map(str::trim_end)?;
            is_end(mark, before).then_some(before)
        });
        match ended {
            Some(ended) => text = ended,
            None => return rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_are_left_out() {
        let cup = "A cup turns slowly on a pale oak table while steam curls upward, and the camera \
                   glides to a close-up of its glaze. It stops.";
        for title in ["Morning Mug\n\n", "Title: Morning Mug\n", "# Morning Mug\n\n", ""] {
            assert_eq!(without_title(&format!("{title}{cup}")), cup);
        }
        for end in ["", " [END]", "\n\nEND", "\n---", "\n\n#mug #coffee", "\n#mug\n\n---\n"] {
            assert_eq!(without_end(&format!("{cup}{end}")), cup);
        }
        assert_eq!(longest_cell(&format!("| Prompt |\n|---|\n| {cup} |")), cup);
        assert_eq!(without_entities("a &quot;b&quot; &amp; c&#39;s"), "a \"b\" & c's");
    }

    #[test]
    fn what_is_no_leftover_stays() {
        for text in [
            "A cup turns.\n\nIt stops.",
            "Turntable shot.\n\nA cup turns.",
            "A sign reads END",
            "#1 DAD is on the cup",
            "| a |",
            "R&D",
            "",
        ] {
            assert_eq!(without_end(without_title(longest_cell(&without_entities(text)))), text);
        }
    }
}
