//! A prompt in JSON: asked for, and sent in other shapes as well.

use serde_json::{Deserializer, Map, Value};

/// Parts of the names of fields about a prompt that is not the one for the video.
const OTHER_PROMPTS: &[&str] = &["negative", "system", "user", "original", "input", "idea"];

/// Parts of the names of fields that tell of a prompt and are none.
pub(crate) const SUMMARIES: &[&str] = &["summar", "резюме", "кратк"];

/// The names under which a prompt stands if not under its own, the likeliest first.
const NAMES: &[&str] = &[
    "text",
    "script",
    "description",
    "content",
    "answer",
    "output",
    "result",
    "response",
    "final",
    "scene",
    "video",
    "message",
    "english",
    "en",
    "value",
    "data",
    "промпт",
    "сценарий",
    "текст",
];

/// Parts of the names of what is no prompt, however long.
const REMARKS: &[&str] = &[
    "reason", "think", "thought", "analysis", "explan", "note", "comment", "remark", "title",
    "refus", "error", "warning", "language", "model", "status", "type", "role", "name", "schema",
];

/// How long each of several texts is at least that are prompts of their own, in bytes.
pub(crate) const LONG: usize = 120;

/// How many beginnings of an object, and of a field, are looked at.
const MOST: usize = 16;

/// How many fields after the prompt may be cut or wrong.
const FIELDS: usize = 4;

/// The prompt in a text that is JSON or has a JSON object with a prompt in it; empty where the
/// JSON has none. `None` where the text is prose.
pub(crate) fn prompt_in_json(text: &str) -> Option<String> {
    // Some models break lines within strings, which JSON does not allow.
    let text = on_one_line(text);
    match whole(&text) {
        Some(Value::Object(fields)) => Some(named(&fields).unwrap_or_else(|| longest(&fields))),
        Some(value @ (Value::Array(_) | Value::String(_))) => Some(content(&value)),
        Some(_) => Some(String::new()),
        None => {
            let within = fields_within(&text).and_then(|fields| own(&fields));
            let within = within.or_else(|| text.starts_with('{').then(|| mended(&text)).flatten());
            within.or_else(|| is_broken(&text).then(String::new))
        }
    }
}

/// The JSON in a text that is JSON, or has an object with a prompt of its own in it.
pub(crate) fn json_in(text: &str) -> Option<Value> {
    let text = on_one_line(text);
    whole(&text).or_else(|| fields_within(&text).map(Value::Object))
}

/// The prompt under its own name in a JSON object.
pub(crate) fn own_prompt(text: &str) -> Option<String> {
    own(&serde_json::from_str(text).ok()?)
}

/// The JSON object with a prompt under its own name in an answer that was cut off after it.
pub(crate) fn fields_before_the_cut(text: &str) -> Option<Value> {
    fields_within(&on_one_line(text)).map(Value::Object)
}

/// A text with its white space made single spaces.
pub(crate) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The value that the whole of a text is. Some models put a comma after the last field or item.
pub(crate) fn whole(text: &str) -> Option<Value> {
    let without_last = |text: &str| {
        let commas = [(", }", "}"), (",}", "}"), (", ]", "]"), (",]", "]")];
        commas.iter().fold(text.to_owned(), |text, (comma, end)| text.replace(comma, end))
    };
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&without_last(text))).ok()
}

/// The fields of an object in a text that has a prompt under its own name, be the object whole or
/// cut.
fn fields_within(text: &str) -> Option<Map<String, Value>> {
    let whole = text.match_indices('{').take(MOST).find_map(|(at, _)| {
        let mut values = Deserializer::from_str(&text[at..]).into_iter::<Map<String, Value>>();
        values.next()?.ok().filter(|fields| own(fields).is_some())
    });
    whole.or_else(|| text.match_indices('{').take(MOST).find_map(|(at, _)| cut(&text[at..])))
}

/// The fields with a prompt that came whole before an object was cut or went wrong.
fn cut(text: &str) -> Option<Map<String, Value>> {
    let text = text.trim_end().trim_end_matches(',');
    let begins_name = |at: &usize| text[at + 1..].trim_start().starts_with(['"', '}']);
    let commas = text.rmatch_indices(',').map(|(at, _)| at).filter(begins_name).take(FIELDS);
    std::iter::once(text.len()).chain(commas).find_map(|end| {
        let fields = |close| serde_json::from_str(&format!("{}{close}", &text[..end])).ok();
        let mut closed = ["}", "}}", "]}"].into_iter().filter_map(fields);
        closed.find(|fields| own(fields).is_some())
    })
}

/// The prompt in what is nearly JSON: without the quotation marks of JSON, with others in a field,
/// or in braces alone.
fn mended(text: &str) -> Option<String> {
    let open = text.trim_end().trim_end_matches(',');
    loose(open).or_else(|| {
        let inside = text.strip_prefix('{')?.trim_end().strip_suffix('}')?;
        let inside = inside.trim_matches(['{', '}', ' ']);
        let is_prose = inside.split(' ').nth(4).is_some() && !has_names(inside);
        (is_prose && !inside.contains(['{', '}'])).then(|| inside.to_owned())
    })
}

/// The prompt of `{prompt: "…"}` and `{'prompt': '…'}`, wherever among the fields it stands.
fn loose(text: &str) -> Option<String> {
    let others = text.match_indices(',').map(|(at, _)| &text[at + 1..]);
    let fields = std::iter::once(text).chain(others.filter(|rest| begins_field(rest)));
    fields.take(MOST).find_map(loose_field)
}

/// The prompt in the field that a text begins with.
fn loose_field(text: &str) -> Option<String> {
    let (name, value) = text.trim_start_matches(['{', ' ']).split_once(':')?;
    if !matches!(plain(name).as_str(), "prompt" | "videoprompt" | "finalprompt") {
        return None;
    }
    let mark = value.trim_start().chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let value = &value.trim_start()[1..];
    let end = format!("{mark},");
    let mut ends = value.match_indices(&end).map(|(at, _)| at);
    let next = ends.find(|at| begins_field(&value[at + end.len()..]));
    let value = match next {
        Some(end) => &value[..end],
        None => value.trim_end_matches(['}', ']', ' ', ',']).strip_suffix(mark)?,
    };
    Some(value.replace(&format!("\\{mark}"), &mark.to_string()))
}

/// Whether a text begins with the name of a field.
fn begins_field(text: &str) -> bool {
    let head: String = text.chars().take(30).collect();
    head.split_once(':').is_some_and(|(name, _)| {
        name.trim().chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '"' | '\''))
    })
}

/// Whether a text begins as JSON does, and not as prose with something in braces.
fn is_broken(text: &str) -> bool {
    let Some(text) = text.strip_prefix('{') else { return false };
    text.split_once('}').is_none_or(|(inside, rest)| {
        has_names(inside) || rest.split(' ').filter(|word| word.len() > 1).nth(2).is_none()
    })
}

/// Whether fields are named in a text.
fn has_names(text: &str) -> bool {
    ["\":", "\" :", "':", "' :"].iter().any(|end| text.contains(end))
}

/// The text of a value.
fn content(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let is_json = text.trim_start().starts_with(['{', '[', '"']);
            let inner = is_json.then(|| prompt_in_json(text)).flatten();
            inner.unwrap_or_else(|| text.clone())
        }
        Value::Object(fields) => named(fields).unwrap_or_else(|| longest(fields)),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let lines: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            match lines.first() {
                Some(first) if lines.iter().all(|line| line.len() >= LONG) => (*first).to_owned(),
                _ => lines.join(" "),
            }
        }
        Value::Array(items) => {
            items.iter().map(content).find(|text| !text.is_empty()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The prompt under its own name, or under another usual one.
fn named(fields: &Map<String, Value>) -> Option<String> {
    own(fields).or_else(|| {
        NAMES.iter().find_map(|name| {
            let field = fields.iter().find(|(field, _)| plain(field) == *name);
            field.map(|(_, value)| content(value)).filter(|text| !text.is_empty())
        })
    })
}

/// The prompt under its own name.
pub(crate) fn own(fields: &Map<String, Value>) -> Option<String> {
    let unnumbered =
        |name: &str| plain(name).trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let names = fields.keys().map(|name| (unnumbered(name), name));
    let names = names.filter(|(plain, _)| {
        ["prompt", "prompts", "prompttext"].iter().any(|end| plain.ends_with(end))
            && !OTHER_PROMPTS.iter().any(|other| plain.starts_with(other))
            && !SUMMARIES.iter().any(|part| plain.contains(part))
    });
    let (_, name) = names.min_by_key(|(plain, _)| (plain != "prompt", !plain.contains("video")))?;
    Some(content(&fields[name]))
}

/// The longest text that is no remark.
fn longest(fields: &Map<String, Value>) -> String {
    let texts = fields.iter().filter(|(name, _)| {
        let name = plain(name);
        !["negative"].iter().chain(REMARKS).chain(SUMMARIES).any(|part| name.contains(part))
    });
    let texts = texts.map(|(_, value)| content(value));
    texts.max_by_key(|text| text.chars().count()).unwrap_or_default()
}

/// The letters and digits of a name, in lower case.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_is_found_in_every_shape_of_json() {
        for text in [
            r#"{"prompt": "A cup turns."}"#,
            "{\"prompt\": \"A cup turns.\",\n}",
            "{\n  \"prompt\": \"A cup\n   turns.\"\n}",
            r#"{"Prompt": "A cup turns."}"#,
            r#"{"final_prompt": "A cup turns."}"#,
            r#"{"videoPrompt": "A cup turns.", "duration": 10}"#,
            r#"{"negative_prompt": "blur, text and very many other things", "prompt": "A cup turns."}"#,
            r#"{"image_prompt": "A still cup.", "image_to_video_prompt": "A cup turns."}"#,
            r#"{"promptTokens": 17, "text": "A cup turns."}"#,
            r#"{"title": "The long title of a cup", "text": "A cup turns."}"#,
            r#"{"script": {"prompt": "A cup turns."}}"#,
            r#"{"result": {"text": "A cup turns."}}"#,
            r#"{"prompt": {"text": "A cup turns."}}"#,
            r#"{"prompt": ["A cup", "turns."]}"#,
            r#"[{"prompt": "A cup turns."}]"#,
            r#"["A cup turns."]"#,
            r#""A cup turns.""#,
            r#""{\"prompt\": \"A cup turns.\"}""#,
            r#"{"clip": "A cup turns.", "id": 7}"#,
            r#"{"reasoning": "It should be a cup, and it should turn.", "idea_1": "A cup turns."}"#,
            r#"Here it is: {"prompt": "A cup turns."} Enjoy!"#,
            r#"{broken} {"prompt": "A cup turns."}"#,
            r#"{"prompt": "A cup turns.""#,
            r#"{"prompt": ["A cup turns.""#,
            "{prompt: \"A cup turns.\"}",
            "{'prompt': 'A cup turns.'}",
            "{'prompt': 'A cup turns.', 'seconds': 10}",
            "{\n  prompt: \"A cup turns.\",\n  seconds: 10\n}",
            r#"{"prompt": "A cup turns."]}"#,
            r#"{"prompt1": "A cup turns.", "prompt2": "A very long prompt about a jar."}"#,
            r#"{"prompt": "A cup turns.", "summary_ru": "Чашка кружится.", "summary_en": "It turns."}"#,
            r#"{"summary_en": "You will see a cup that turns.", "prompt": "A cup turns."}"#,
            r#"{"summaryRu": null, "summary_en": 7, "prompt": "A cup turns."}"#,
            r#"{"summary": {"ru": ["Чашка", {}], "en": {}}, "prompt": "A cup turns."}"#,
            r#"{"summary_prompt": "You will see a cup.", "prompt": "A cup turns."}"#,
            r#"{"summary_en": "You will see a cup that turns.", "scene": "A cup turns."}"#,
            r#"{"summary_en": "You will see a cup that turns.", "clip": "A cup turns."}"#,
            r#"{"data": {"summary_en": "You will see a cup.", "prompt": "A cup turns."}}"#,
            r#"[{"summary_en": "You will see a cup."}, {"prompt": "A cup turns."}]"#,
            r#"{"prompt": "A cup turns.", "summary_ru": "Чашка "Мама" кружится.", "summary_en": ""}"#,
            r#"{"summary_ru": "Чашка, "Мама", кружится.", "prompt": "A cup turns."}"#,
            "{summary_ru: 'Чашка', prompt: 'A cup turns.', summary_en: 'A cup'}",
            r#"{"prompt": "A cup turns.", "summary_ru": "Чашка круж"#,
            r#"{"prompt": "A cup turns.", "summary_ru": nul"#,
            r#"{"prompt": "A cup turns.", "summ"#,
            r#"{"prompt": "A cup turns.","#,
            r#"{"summary_ru": "Чашка", "prompt": "A cup turns.", "summary_en": "A c"#,
            r#"{"data": {"prompt": "A cup turns.", "summary_ru": "Чашк"#,
            r#"Here it is: {"prompt": "A cup turns.", "summary_ru": "Чашк"#,
        ] {
            assert_eq!(prompt_in_json(text).as_deref(), Some("A cup turns."), "{text}");
        }
    }

    #[test]
    fn json_without_a_prompt_has_none() {
        for text in [
            "{}",
            "[]",
            "null",
            "7",
            r#"{"prompt": ""}"#,
            r#"{"prompt": null, "reason": "I cannot help with that request."}"#,
            r#"{"prompt": "", "text": "I cannot help."}"#,
            r#"{"error": "I cannot help with that."}"#,
            r#"{"refusal": "I cannot help with that."}"#,
            r#"{"prompt": "A cup tur"#,
            "{prompt",
            r#"{"prompt": "A {red} cup tur"#,
            r#"{"summary_ru": "Чашка кружится.", "summary_en": "A cup turns."}"#,
            r#"{"prompt": "", "summary_ru": "Чашка кружится.", "summary_en": "A cup turns."}"#,
            r#"{"prompt": 7, "summary": "A cup turns."}"#,
            r#"{"summary_ru": "Чашка.", "summary_en": "A cup turns.", "prompt": "A cup tur"#,
            r#"{"summary": {"ru": "Чашка.", "en": "A cup turns."}}"#,
            r#"{"summaries": ["Чашка.", "A cup turns."]}"#,
            r#"{"summary_ru": "Чашка.", "summary_en": "A cup tur"#,
            r#"{"type":"json_schema","json_schema":{"name":"video_prompt","strict":true,"schema":{"type":"object"}}}"#,
        ] {
            assert_eq!(prompt_in_json(text).as_deref(), Some(""), "{text}");
        }
    }

    #[test]
    fn prose_is_no_json() {
        for text in [
            "A cup turns.",
            "[0-3s] A cup turns. [3-6s] It stops.",
            r#"A screen shows {"price": "5"} and turns."#,
            "A {red} cup.",
            "{Hero shot} The cup turns slowly.",
            "{\"neon\"} sign glows behind the cup.",
            "",
        ] {
            assert_eq!(prompt_in_json(text), None, "{text}");
        }
        let braces = prompt_in_json("{{A cup turns slowly on oak.}}");
        assert_eq!(braces.as_deref(), Some("A cup turns slowly on oak."));
        let [cup, jar] = ["A cup turns. ", "A jar turns. "].map(|text| text.repeat(12));
        let several = serde_json::json!({ "prompts": [cup, jar] }).to_string();
        assert_eq!(prompt_in_json(&several), Some(cup));
        let deep = "[".repeat(100_000) + &"{\"a\":".repeat(100_000);
        assert_eq!(prompt_in_json(&deep), None);
    }
}
