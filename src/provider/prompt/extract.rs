//! The prompt in the text of an answer.

use crate::domain::text::{is_blank, is_invisible, trimmed};
use crate::provider::prompt::{
    json::prompt_in_json,
    leftovers::{longest_cell, without_end, without_entities, without_title},
    reasoning::without_reasoning,
    refusal::is_no_prompt,
    talk::{without_preface, without_remark},
    variants::{first_variant, once},
    wrapping::{unfenced, unquoted},
};

/// The prompt in a text, on one line, or why there is none.
pub(crate) fn prompt_in(text: &str) -> Result<String, &'static str> {
    let text = without_reasoning(trimmed(text));
    let told = prompt_in_json(&text);
    let told = told.or_else(|| prompt_in_json(unfenced(&text)));
    // Some write a line break as it is written in JSON.
    let text = told.unwrap_or(text).replace("**", "").replace("\\n", "\n");
    let text = without_entities(&text);
    let prompt = first_variant(longest_cell(unfenced(trimmed(&text))));
    let prompt = without_end(without_remark(without_title(without_preface(prompt))));
    let prompt = prompt.split(is_invisible_space).filter(|word| !is_blank(word) && *word != "---");
    let prompt = prompt.collect::<Vec<_>>().join(" ");
    let prompt = once(without_marks(unquoted(trimmed(&prompt))));
    if !prompt.chars().any(char::is_alphanumeric) {
        Err("an empty answer")
    } else if is_no_prompt(prompt) {
        Err("the answer is no prompt")
    } else {
        Ok(prompt.to_owned())
    }
}

/// Without the marks of emphasis and of quoted lines around a text; `*Star*-shaped` has its own.
fn without_marks(text: &str) -> &str {
    let is_own = text.strip_prefix('*').is_some_and(|rest| {
        rest.split_once('*').is_some_and(|(word, rest)| {
            word.starts_with(char::is_alphanumeric) && rest.contains(char::is_alphanumeric)
        })
    });
    let is_mark = |c: char| is_invisible(c) || "*|~>".contains(c);
    let text = text.trim_end_matches(is_mark);
    if is_own { text } else { text.trim_start_matches(is_mark) }
}

/// White space and controls, which end a word; what shows nothing within a word stays.
fn is_invisible_space(c: char) -> bool {
    is_invisible(c) && (c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_taken_out_of_whatever_came() {
        for text in [
            "A cup turns. It stops.",
            "\u{feff}A cup turns. It stops.\u{200b}",
            "{\"prompt\": \"A cup turns. It stops.\"}",
            "```json\n{\"prompt\": \"A cup turns. It stops.\"}\n```",
            "```json {\"text\": \"A cup turns. It stops.\"} ```",
            "```\n{\"script\": \"A cup turns. It stops.\", \"seconds\": 10}\n```",
            "Here is the JSON:\n```json\n{\"final_prompt\": \"A cup turns.\n It stops.\"}\n```\nEnjoy!",
            "<think>{\"prompt\": \"no\"}</think>{\"prompt\": \"A cup turns. It stops.\"}",
            "{\"prompt\": \"Here is the prompt: A cup turns. It stops.\"}",
            "{\"prompt\": \"**Prompt:** \\\"A cup turns. It stops.\\\"\"}",
            "<think>Hm.</think>\n**Prompt:**\n\n> A cup turns. It stops.\n\nLet me know if you need more!",
            "Sure! Here's your final prompt:\n\n\"A cup turns. It stops.\"\n\nFeel free to adjust it.",
            "**Final prompt:** **A cup turns. It stops.**",
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>{\"prompt\":\"A cup turns. It stops.\"}",
            "Конечно! Вот промпт:\n«A cup turns. It stops.»\n\nДайте знать, если что.",
            "<prompt>A cup turns. It stops.</prompt>",
        ] {
            assert_eq!(prompt_in(text).as_deref(), Ok("A cup turns. It stops."), "{text}");
        }
    }

    #[test]
    fn what_is_no_prompt_is_never_taken_for_one() {
        for text in [
            "",
            "\u{200b}\u{feff}\u{2060}",
            "\u{3164}\u{2800}",
            "...",
            "\"\"",
            "```\n```",
            "{}",
            "{\"prompt\": \"\u{200b}\"}",
            "{\"prompt\": \"I cannot help with that.\"}",
            "```json\n{\"prompt\": \"Could you please share the photo?\"}\n```",
            "{\"error\": \"refused\"}",
            "<think>A cup turns.",
            "<thinking>A cup turns.</thinking>I must decline.",
            "**I'm sorry**, but I can't help with that.",
            "\"I don't see an image.\"",
            "Sure! Please upload the photo first.",
            "> К сожалению, я не могу выполнить этот запрос.",
        ] {
            assert!(prompt_in(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_good_prompt_stays_as_it_is() {
        for text in [
            "Here, on a wooden table, a cup turns; nobody cannot love it, sorry.",
            "A cup & <b>steam</b> \"rises\", 5 < 7.",
            "[0-3s] A cup turns. [3-6s] It stops.",
            "A voice says: \"I can't help you\". The label {red} stays.",
            "Camera: slow orbit. Light: soft. Sound: rain.",
            "Чашка медленно вращается.",
            "1. Wide: a cup turns. 2. Close: it stops.",
            "#1 DAD is printed on the cup that turns.",
            "*Star*-shaped lights glow behind the cup.",
            "<The cup> turns slowly.",
            "{Hero shot} The cup turns slowly.",
        ] {
            assert_eq!(prompt_in(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn of_a_long_answer_the_prompt_alone_is_taken() {
        let prompt = "A mug turns slowly on a pale oak table while steam curls upward. The camera \
                      glides from a wide view to a close-up of the glaze, lit by soft morning light. \
                      It keeps the exact shape, colours and label of the photo. No people, no hands.";
        let other = prompt.replace("mug", "cup");
        for text in [
            "<P>\n\n<P>",
            "<P> <P>",
            "<P>\n<P>\n<P>",
            "<P>\n\n---\n\n<P>",
            "1. <P>\n\n2. <Q>\n\n3. <Q>",
            "Variant A:\n<P>\n\nVariant B:\n<Q>",
            "{\"prompts\":[\"<P>\",\"<Q>\"]}",
            "{\"prompt1\":\"<P>\",\"prompt2\":\"<Q>\"}",
            "{\"prompt\":\"1. <P>\\n\\n2. <Q>\"}",
            "### Prompt 1\n<P>\n\n### Prompt 2\n<Q>\n\n### Prompt 3\n<Q>",
            "Title: Morning Mug\n\n<P>",
            "**Morning Mug**\n\n<P>",
            "Title: Mug\nPrompt: <P>\nDuration: 10 seconds",
            "Absolutely! I'd be happy to help.\n\n---\n\n<P>\n\n---\n\n*Character count: 262*",
            "&lt;think&gt;Hm.&lt;/think&gt;\n<P>",
            "| Prompt |\n|---|\n| <P> |",
            "「<P>」",
            "prompt = \"<P>\"",
            "[INST]x[/INST] <P>",
            "<P> [END]",
            "<P>\n\nEND",
            "<P>\n---",
            "<P>\n\n(262 characters)",
            "<P>\n\n#mug #coffee #video",
            "<P>\n\n⚠️ Disclaimer: results may vary.",
            "{{<P>}}",
            "```thinking\nHm.\n```\n\n<P>",
        ] {
            let text = text.replace("<P>", prompt).replace("<Q>", &other);
            assert_eq!(prompt_in(&text).as_deref(), Ok(prompt), "{text}");
        }
        let spaced = prompt.replace(". ", ".\\n").replace("close-up", "&quot;close-up&quot;");
        assert_eq!(prompt_in(&spaced), Ok(prompt.replace("close-up", "\"close-up\"")));
    }
}
