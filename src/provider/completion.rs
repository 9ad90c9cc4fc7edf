//! The shapes in which an API answers that has `OpenAI`'s chat completions.

use serde_json::{Value, json};

use crate::domain::text::{is_blank, without_bom};
use crate::provider::prompt::{json::own_prompt, scenes::json_with_scenes};

/// The completion in a body: JSON, or the events of a stream put together. `None` where it is
/// neither.
pub(crate) fn completion(body: &[u8]) -> Option<Value> {
    let body = without_bom(body);
    serde_json::from_slice(body).ok().or_else(|| streamed(std::str::from_utf8(body).ok()?))
}

/// The completion that the events of a stream tell. One that ends before its end is cut off.
fn streamed(text: &str) -> Option<Value> {
    let (mut content, mut refusal) = (String::new(), String::new());
    let (mut finish, mut is_whole, mut events) = (Value::Null, false, 0);
    for data in text.lines().filter_map(|line| line.trim().strip_prefix("data:")) {
        if data.trim() == "[DONE]" {
            is_whole = true;
            continue;
        }
        let event: Value = serde_json::from_str(data).ok()?;
        events += 1;
        let choice = &event["choices"][0];
        content.push_str(choice["delta"]["content"].as_str().unwrap_or_default());
        refusal.push_str(choice["delta"]["refusal"].as_str().unwrap_or_default());
        if choice["finish_reason"].is_string() {
            finish = choice["finish_reason"].clone();
        }
    }
    if finish.is_null() && !is_whole {
        finish = json!("length");
    }
    let message = json!({ "content": content, "refusal": refusal });
    (events > 0).then(|| json!({ "choices": [{ "message": message, "finish_reason": finish }] }))
}

/// The text of a message: its content or, where that is empty, the arguments of a call of a tool
/// that have a prompt.
pub(crate) fn said(message: &Value) -> String {
    let content = spoken(&message["content"]);
    if !is_blank(&content) {
        return content;
    }
    let calls = [&message["tool_calls"][0]["function"], &message["function_call"]];
    let mut arguments = calls.into_iter().map(|call| match &call["arguments"] {
        Value::String(text) => text.clone(),
        decoded => decoded.to_string(),
    });
    let has_prompt = |text: &String| {
        own_prompt(text).is_some_and(|prompt| !is_blank(&prompt))
            || json_with_scenes(text).is_some()
    };
    arguments.find(has_prompt).unwrap_or_default()
}

/// The text of a content: a string, a list of parts, or JSON that is decoded already.
fn spoken(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let is_thought = |part: &&Value| {
                part["type"]
                    .as_str()
                    .is_some_and(|kind| kind.contains("think") || kind.contains("reason"))
            };
            let parts = parts.iter().filter(|part| !is_thought(part));
            parts.filter_map(|part| part["text"].as_str().or(part.as_str())).collect()
        }
        Value::Object(_) => content.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIECES: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"A cup \"}}]}\n\n\
                          data:{\"choices\":[{\"delta\":{\"content\":\"turns.\"}}]}\r\n\r\n";
    const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    #[test]
    fn a_stream_is_put_together_and_a_cut_one_is_told() {
        for (body, finish) in [
            (format!("{PIECES}{STOP}data: [DONE]\n\n"), json!("stop")),
            (format!(": ping\n\nevent: message\n{PIECES}{STOP}"), json!("stop")),
            (format!("{PIECES}data: [DONE]"), Value::Null),
            (PIECES.to_owned(), json!("length")),
        ] {
            let choice = &completion(body.as_bytes()).unwrap()["choices"][0];
            assert_eq!(choice["message"]["content"], "A cup turns.", "{body}");
            assert_eq!(choice["finish_reason"], finish, "{body}");
        }
        for body in ["", "A cup.", "data: {\"choices\":", "<html>", "[DONE]"] {
            assert_eq!(completion(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn the_arguments_of_a_call_with_a_prompt_are_said() {
        let arguments = "{\"prompt\":\"A cup turns.\"}";
        for message in [
            json!({"content": null, "tool_calls": [{"function": {"arguments": arguments}}]}),
            json!({"content": "", "function_call": {"name": "x", "arguments": arguments}}),
            json!({"function_call": {"arguments": {"prompt": "A cup turns."}}}),
        ] {
            assert_eq!(said(&message), arguments, "{message}");
        }
        let arguments = "{\"scenes\":[{\"prompt\":\"A cup turns.\"}]}";
        let message = json!({"tool_calls": [{"function": {"arguments": arguments}}]});
        assert_eq!(said(&message), arguments);
        for other in [json!({"query": "cups that turn"}), json!({"prompt": " "})] {
            let message = json!({"tool_calls": [{"function": {"arguments": other.to_string()}}]});
            assert_eq!(said(&message), "");
        }
    }
}
