//! What a chat-completions API answers with: JSON by the format that was asked for, by the words that
//! ask for it, or prose.

use serde_json::{Map, Value, json};

use crate::sandbox::script::{
    Asked, SUMMARY_EN, SUMMARY_RU, TITLE_EN, TITLE_RU, prompt, summary, title,
};

/// How many scripts may be written before a scene is the same as one before.
const STEP: usize = 7;

/// A script of different scenes.
pub(crate) struct Script<'a> {
    /// What was asked for.
    pub asked: &'a Asked,
    /// How many scripts were written before.
    pub number: usize,
    /// How many scenes it has.
    pub scenes: usize,
}

impl Script<'_> {
    /// The first prompt, as prose.
    pub(crate) fn prose(&self) -> String {
        self.prompt(0)
    }

    /// JSON in the format that a request names or, without one, in the words that ask for it; prose
    /// where nobody asked for JSON.
    pub(crate) fn answer(&self, body: &Value) -> String {
        let schema = &body["response_format"]["json_schema"]["schema"];
        match (schema.is_object(), self.asked.wants_json) {
            (true, _) => self.value(schema, "", 0).to_string(),
            (false, true) => self.in_words().to_string(),
            (false, false) => self.prose(),
        }
    }

    /// The fields that the words of reelbot ask for.
    fn in_words(&self) -> Value {
        let scene = |scene| {
            json!({
                "title_ru": self.text("title_ru", scene),
                "title_en": self.text("title_en", scene),
                "prompt": self.prompt(scene),
            })
        };
        let scenes: Vec<Value> = (0..self.scenes).map(scene).collect();
        let mut fields = json!({
            "summary_ru": self.text("summary_ru", 0),
            "summary_en": self.text("summary_en", 0),
        });
        if self.asked.scenes > 0 {
            fields["scenes"] = json!(scenes);
        } else {
            fields["prompt"] = json!(self.prompt(0));
        }
        fields
    }

    /// A value of a schema under this name.
    fn value(&self, schema: &Value, name: &str, scene: usize) -> Value {
        match schema["type"].as_str() {
            Some("object") => {
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                let field = |(name, schema): (String, Value)| {
                    let value = self.value(&schema, &name, scene);
                    (name, value)
                };
                Value::Object(properties.into_iter().map(field).collect::<Map<_, _>>())
            }
            Some("array") => {
                (0..self.scenes).map(|scene| self.value(&schema["items"], name, scene)).collect()
            }
            Some("boolean") => json!(self.asked.seen.contains(&name)),
            _ => json!(self.text(name, scene)),
        }
    }

    /// The text of a field.
    fn text(&self, name: &str, scene: usize) -> String {
        let number = self.number * STEP + scene;
        match (name.split_once('_').map_or(name, |(kind, _)| kind), name.ends_with("_ru")) {
            ("summary", true) => summary(&SUMMARY_RU, number),
            ("summary", false) => summary(&SUMMARY_EN, number),
            ("title", true) => title(&TITLE_RU, number),
            ("title", false) => title(&TITLE_EN, number),
            _ => self.prompt(scene),
        }
    }

    fn prompt(&self, scene: usize) -> String {
        if self.asked.translates {
            self.asked.idea.clone()
        } else {
            prompt(&self.asked.idea, self.number * STEP + scene)
        }
    }
}

/// What is wrong with the format that a request names, in `OpenAI`'s words; `None` where it has none
/// or a real one.
pub(crate) fn format_fault(body: &Value) -> Option<String> {
    let format = body.get("response_format")?;
    let schema = &format["json_schema"];
    match format["type"].as_str() {
        Some("text" | "json_object") => return None,
        Some("json_schema") => {}
        _ => return Some("Invalid value for 'response_format.type'.".to_owned()),
    }
    let name = schema["name"].as_str().unwrap_or_default();
    let is_name = (1..=64).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if !is_name {
        return Some("Invalid 'response_format.json_schema.name'.".to_owned());
    }
    let fault = if schema["schema"]["type"] == "object" {
        strictness_fault(&schema["schema"]).filter(|_| schema["strict"] == true)
    } else {
        Some("schema must be of type 'object'".to_owned())
    };
    fault.map(|fault| format!("Invalid schema for response_format '{name}': {fault}."))
}

/// Why a schema is no strict one: each object names all of its properties as required, and allows
/// no others.
fn strictness_fault(schema: &Value) -> Option<String> {
    match schema["type"].as_str() {
        Some("object") => {
            let properties = schema["properties"].as_object()?;
            if schema["additionalProperties"] != false {
                return Some("'additionalProperties' is required to be false".to_owned());
            }
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let missing = properties.keys().find(|name| !required.contains(&json!(name)));
            if let Some(name) = missing {
                return Some(format!("'required' must include every key; missing '{name}'"));
            }
            properties.values().find_map(strictness_fault)
        }
        Some("array") => strictness_fault(&schema["items"]),
        Some("string" | "boolean" | "integer" | "number" | "null") => None,
        _ => Some("schema must have a 'type' key".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_real_format_is_taken() {
        let text = json!({"type": "string"});
        let strict = |schema: Value| {
            json!({"response_format": {"type": "json_schema",
            "json_schema": {"name": "a", "strict": true, "schema": schema}}})
        };
        let whole = json!({"type": "object", "properties": {"a": text}, "required": ["a"],
            "additionalProperties": false});
        let outer = |items: &Value| {
            json!({"type": "object", "properties": {"a": {"type": "array", "items": items}},
                "required": ["a"], "additionalProperties": false})
        };
        for body in [
            json!({}),
            json!({"response_format": {"type": "json_object"}}),
            strict(whole.clone()),
            strict(outer(&whole)),
            json!({"response_format": {"type": "json_schema", "json_schema": {"name": "a",
                "schema": {"type": "object", "properties": {"a": text}}}}}),
        ] {
            assert_eq!(format_fault(&body), None, "{body}");
        }
        let mut loose = whole.clone();
        loose["additionalProperties"] = json!(true);
        let mut lacking = whole.clone();
        lacking["required"] = json!([]);
        for body in [
            json!({"response_format": "json"}),
            json!({"response_format": {"type": "json"}}),
            json!({"response_format": {"type": "json_schema", "schema": whole}}),
            json!({"response_format": {"type": "json_schema", "json_schema": {"schema": whole}}}),
            json!({"response_format": {"type": "json_schema", "json_schema": {"name": "a b", "schema": whole}}}),
            strict(json!({"type": "array", "items": text})),
            strict(outer(&loose)),
            strict(loose),
            strict(lacking),
            strict(outer(&json!({}))),
        ] {
            assert!(format_fault(&body).is_some(), "{body}");
        }
    }
}
