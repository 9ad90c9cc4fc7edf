//! Text without what a model thought before it wrote, and without the marks of its chat format.

use std::ops::Range;

/// The tags in which models think.
const THOUGHTS: &[&str] = &[
    "think",
    "thinking",
    "thought",
    "thoughts",
    "reasoning",
    "reason",
    "reflection",
    "analysis",
    "scratchpad",
    "plan",
    "planning",
    "brainstorm",
    "monologue",
    "inner_monologue",
    "chain_of_thought",
    "cot",
    "internal",
    "seed:think",
];

/// The tags in which they put what was asked for.
const ANSWERS: &[&str] = &[
    "prompt",
    "final_prompt",
    "video_prompt",
    "finalprompt",
    "videoprompt",
    "answer",
    "final",
    "final_answer",
    "output",
    "response",
    "result",
    "text",
    "script",
];

/// The tags that only format a text.
const FORMATS: &[&str] = &[
    "p",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "span",
    "div",
    "pre",
    "code",
    "blockquote",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "mark",
    "body",
    "html",
];

/// Other ways to write tags.
const SPELLINGS: &[(&str, &str)] = &[
    ("[THINK]", "<think>"),
    ("[/THINK]", "</think>"),
    ("◁think▷", "<think>"),
    ("◁/think▷", "</think>"),
    ("<|begin_of_thought|>", "<think>"),
    ("<|end_of_thought|>", "</think>"),
    ("[PROMPT]", "<prompt>"),
    ("[/PROMPT]", "</prompt>"),
    ("&lt;", "<"),
    ("&gt;", ">"),
];

/// The answer itself. Empty where the model was still thinking when its text ended.
pub(crate) fn without_reasoning(text: &str) -> String {
    let text =
        SPELLINGS.iter().fold(text.to_owned(), |text, (other, tag)| text.replace(other, tag));
    let text = match of_the_final_channel(&text) {
        Some(last) => last.to_owned(),
        None => without_marks(&text),
    };
    let text = text.rsplit_once("[/INST]").map_or(text.as_str(), |(_, answer)| answer);
    let text = after_fenced_thoughts(text);
    let mut text = spoken(text);
    if let Some(inner) = within_answer(text) {
        text = inner;
    }
    unwrapped(text.trim()).to_owned()
}

/// What stands after a code block of thoughts that a text begins with.
fn after_fenced_thoughts(text: &str) -> &str {
    let fenced = text.trim_start().strip_prefix("```").and_then(|text| text.split_once('\n'));
    let Some((language, rest)) = fenced else { return text };
    let is_thought = THOUGHTS.contains(&language.trim().to_lowercase().as_str());
    rest.split_once("```").filter(|_| is_thought).map_or(text, |(_, answer)| answer)
}

/// Of a text in several channels the final one; empty where that never came.
fn of_the_final_channel(text: &str) -> Option<&str> {
    if let Some((before, _)) = text.split_once("<|channel|>") {
        let mut channels = text[before.len()..].rsplit("<|channel|>").map(str::trim_start);
        let last = channels.find(|channel| channel.starts_with("final"));
        let said = last.and_then(|channel| channel.split_once("<|message|>"));
        return Some(said.map_or("", |(_, said)| said.split("<|").next().unwrap_or_default()));
    }
    // The same from a server that removes the marks.
    let (_, said) = text.trim_start().strip_prefix("analysis")?.split_once("assistantfinal")?;
    Some(said)
}

/// Without the marks of a chat format, such as `<|im_start|>assistant`, `<|eot_id|>` and `</s>`.
fn without_marks(text: &str) -> String {
    let mut rest = text.replace("</s>", " ").replace("<s>", " ").replace('｜', "|");
    for _ in 0..16 {
        let Some(from) = rest.find("<|") else { break };
        let inside = rest[from + 2..].find("|>").filter(|length| (1..40).contains(length));
        let Some(length) = inside else { break };
        let mut to = from + length + 4;
        let opens = rest[from..to].contains("start");
        if let Some(after) = rest[to..].strip_prefix("assistant").filter(|_| opens) {
            to = rest.len() - after.len();
        }
        rest.replace_range(from..to, " ");
    }
    rest
}

/// What stands after the last thought; where nothing does, what stands before the first.
fn spoken(text: &str) -> &str {
    let tags: Vec<Tag> = tags(text).filter(|tag| THOUGHTS.contains(&tag.name.as_str())).collect();
    let Some(first) = tags.first() else { return text };
    let end = tags.iter().rfind(|tag| tag.closes).map_or(0, |tag| tag.at.end);
    let open = tags.iter().find(|tag| !tag.closes && tag.at.start >= end);
    let after = &text[end..open.map_or(text.len(), |tag| tag.at.start)];
    if after.trim().is_empty() && !first.closes { &text[..first.at.start] } else { after }
}

/// What stands in the last tag for an answer.
fn within_answer(text: &str) -> Option<&str> {
    let tags: Vec<Tag> = tags(text).filter(|tag| ANSWERS.contains(&tag.name.as_str())).collect();
    let open = tags.iter().rfind(|tag| !tag.closes)?;
    let close = tags.iter().find(|tag| tag.closes && tag.at.start >= open.at.end);
    Some(&text[open.at.end..close.map_or(text.len(), |tag| tag.at.start)])
}

/// Without formatting tags around the text. What stands in a tag of another kind at the beginning
/// is no answer.
fn unwrapped(mut text: &str) -> &str {
    while let Some(first) = tags(text).next().filter(|tag| tag.at.start == 0 && !tag.closes) {
        let is_end = |tag: &Tag| tag.closes && tag.name == first.name;
        let end = tags(text).find(is_end).map(|tag| tag.at);
        let is_format = FORMATS.contains(&first.name.as_str());
        text = match end {
            Some(end) if is_format && text[end.end..].trim().is_empty() => {
                &text[first.at.end..end.start]
            }
            Some(end) if !is_format => &text[end.end..],
            None if !is_format && !goes_on(&text[first.at.end..]) => "",
            _ => return text,
        }
        .trim();
    }
    text
}

/// Whether a sentence goes on there: what seemed to be a tag is a word of it.
fn goes_on(text: &str) -> bool {
    text.strip_prefix(' ').is_some_and(|rest| rest.starts_with(char::is_lowercase))
}

/// A tag in a text.
struct Tag {
    name: String,
    closes: bool,
    at: Range<usize>,
}

/// The tags of a text, with or without attributes.
fn tags(text: &str) -> impl Iterator<Item = Tag> {
    text.match_indices('<').filter_map(|(start, _)| {
        let inside = &text[start + 1..];
        let closes = inside.starts_with('/');
        let inside = inside.strip_prefix('/').unwrap_or(inside);
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':');
        let length = inside.find(|c| !is_name(c)).filter(|length| (1..=30).contains(length))?;
        let end = inside[length..].bytes().take(100).position(|byte| byte == b'>')?;
        let attributes = inside[length..].get(..end).unwrap_or_default().trim();
        let is_tag = matches!(attributes, "" | "/") || attributes.contains('=');
        let to = text.len() - inside.len() + length + end + 1;
        let name = inside[..length].to_ascii_lowercase().replace('-', "_");
        is_tag.then_some(Tag { name, closes, at: start..to })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_thought_is_not_what_was_said() {
        let said = "A cup turns.";
        for text in [
            "A cup turns.",
            "<think>Hm.</think>A cup turns.",
            "<thinking>\nHm. <b>No</b>.\n</thinking>\n\nA cup turns.",
            "<THINK>Hm.</THINK> A cup turns.",
            "<reasoning effort=\"high\">Hm.</reasoning>A cup turns.",
            "Hm, the user wants a cup.</think>A cup turns.",
            "<think>Hm.</think><think>Hm!</think>A cup turns.",
            "<think></think>A cup turns.",
            "A cup turns. <think>Is that good?</think>",
            "A cup turns. <think>Is that",
            "[THINK]Hm.[/THINK]A cup turns.",
            "◁think▷Hm.◁/think▷A cup turns.",
            "<|begin_of_thought|>Hm.<|end_of_thought|>A cup turns.",
            "```thinking\nHm.\n```\n\nA cup turns.",
            "&lt;think&gt;Hm.&lt;/think&gt;\nA cup turns.",
            "[INST]x[/INST] A cup turns.",
            "[PROMPT]A cup turns.[/PROMPT]",
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>A cup turns.<|return|>",
            "<|channel|>analysis Hm. <|channel|>final<|message|>A cup turns.",
            "analysisHm, a cup.assistantfinalA cup turns.",
            "<|im_start|>assistant\nA cup turns.<|im_end|>",
            "A cup turns.<|eot_id|>",
            "A cup turns.</s>",
            "<plan>1. a cup</plan>\nA cup turns.",
            "<whatever>Hm.</whatever>A cup turns.",
            "<answer>A cup turns.</answer>",
            "<think>Hm.</think><prompt>\nA cup turns.\n</prompt> Enjoy!",
            "Sure. <final_prompt>A cup turns.",
            "<p><b>A cup turns.</b></p>",
        ] {
            assert_eq!(without_reasoning(text), said, "{text}");
        }
    }

    #[test]
    fn who_only_thought_has_said_nothing() {
        for text in [
            "<think>Hm. A cup",
            "<thinking>Hm.</thinking>",
            "<reasoning>Hm.",
            "<|channel|>analysis<|message|>Hm.",
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final",
            "<whatever>Hm.",
            "[THINK]Hm.",
        ] {
            assert_eq!(without_reasoning(text), "", "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_tag_stays() {
        for text in [
            "A cup & <b>steam</b> rises",
            "5 < 7 and 7 > 5",
            "I <3 tea",
            "a <|> b",
            "<",
            "<The mug> turns.",
            "<Mug> turns.",
        ] {
            assert_eq!(without_reasoning(text), text);
        }
        let many = "<think>".repeat(50_000) + &"<".repeat(50_000) + &"<|".repeat(50_000);
        assert_eq!(without_reasoning(&many), "");
    }
}
