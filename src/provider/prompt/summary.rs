//! The summary of a prompt in the JSON of an answer: what will be seen, in each language. Other
//! texts that stand there in each language are found in the same way.

use serde_json::Value;

use crate::domain::{brief::LONGEST_SUMMARY, preset::Localized, text::trimmed, user::Language};
use crate::provider::{
    prompt::{
        extract::prompt_in,
        json::{SUMMARIES, json_in},
        reasoning::without_reasoning,
        wrapping::unfenced,
    },
    sentences::within,
};

/// How deep a summary may stand among other values.
const DEEPEST: usize = 6;

/// The summary in a text, if it has a usable one in each language.
pub(crate) fn summary_in(text: &str) -> Option<Localized> {
    let text = without_reasoning(trimmed(text));
    let value = json_in(&text).or_else(|| json_in(unfenced(&text)))?;
    let texts = texts_named(&value, SUMMARIES);
    let [ru, en] = [Language::Ru, Language::En].map(|language| {
        let own = texts.iter().filter(|(named, _)| *named == language);
        own.map(|(_, text)| text).find_map(|text| usable(text, language))
    });
    Some(Localized { ru: ru?, en: en? })
}

/// The texts in a value whose names have one of these parts, and say a language.
pub(crate) fn texts_named(value: &Value, parts: &[&str]) -> Vec<(Language, String)> {
    let mut texts = Vec::new();
    let name = Name { parts, is_among: false, language: None };
    collect(value, &name, DEEPEST, &mut texts);
    texts
}

/// What the names above a value say of it.
#[derive(Clone)]
struct Name<'a> {
    /// The parts of the names that are looked for.
    parts: &'a [&'a str],
    /// Whether one of them was there.
    is_among: bool,
    language: Option<Language>,
}

impl Name<'_> {
    /// With what the name of a field says.
    fn with(&self, field: &str) -> Self {
        let lower = field.to_lowercase();
        let is_among = self.is_among || self.parts.iter().any(|part| lower.contains(part));
        let language = words(field).iter().find_map(|word| language(word)).or(self.language);
        Self { is_among, language, ..*self }
    }
}

/// The texts of these names, in any depth.
fn collect(value: &Value, name: &Name<'_>, depth: usize, texts: &mut Vec<(Language, String)>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match (value, name.language) {
        (Value::Object(fields), _) => {
            fields
                .iter()
                .for_each(|(field, value)| collect(value, &name.with(field), depth, texts));
        }
        (Value::Array(items), _) => items.iter().for_each(|item| collect(item, name, depth, texts)),
        (Value::String(text), _) if text.trim_start().starts_with('{') => {
            if let Some(inner) = json_in(text) {
                collect(&inner, name, depth, texts);
            }
        }
        (Value::String(text), Some(language)) if name.is_among => {
            texts.push((language, text.clone()));
        }
        _ => {}
    }
}

/// Words that languages are written right after.
const WHOLE: [&str; 3] = ["summary", "summaries", "title"];

/// The words of a name such as `summary_ru`, `summaryRu` or `Summary (Russian)`.
fn words(name: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut was_lower = false;
    for c in name.chars() {
        if was_lower && c.is_uppercase() {
            spaced.push(' ');
        }
        was_lower = c.is_lowercase();
        spaced.extend(c.to_lowercase());
    }
    let spaced = WHOLE.iter().fold(spaced, |spaced, word| spaced.replace(word, " "));
    let words = spaced.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The language that a word of a name says.
fn language(word: &str) -> Option<Language> {
    let english = ["eng", "english", "английский", "английском"];
    match word {
        "rus" | "russian" | "русский" | "русском" => Some(Language::Ru),
        word if english.contains(&word) => Some(Language::En),
        code => Language::ALL.into_iter().find(|language| language.code() == code),
    }
}

/// The text of a summary, cleaned as a prompt is, if it is in its language.
fn usable(text: &str, language: Language) -> Option<String> {
    let text = within(&prompt_in(text).ok()?, LONGEST_SUMMARY);
    (is_in_language(&text, language) && !text.is_empty()).then_some(text)
}

/// Whether a text may be in that language, by its letters.
pub(crate) fn is_in_language(text: &str, language: Language) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let cyrillic = text.chars().filter(|c| matches!(c, '\u{400}'..='\u{52f}')).count();
    // A Russian sentence may consist of Latin names for the most part.
    match language {
        Language::Ru => cyrillic * 4 > letters,
        Language::En => cyrillic * 4 <= letters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RU: &str = "Чашка медленно кружится.";
    const EN: &str = "A cup turns slowly.";

    fn filled(text: &str) -> String {
        text.replace("<R>", RU).replace("<E>", EN)
    }

    #[test]
    fn a_summary_is_found_under_every_spelling_of_its_name() {
        for text in [
            r#"{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "<E>"}"#,
            r#"{"summary_en": "<E>", "prompt": "A cup.", "summary_ru": "<R>"}"#,
            r#"{"prompt": "A cup.", "summaryRu": "<R>", "summaryEn": "<E>"}"#,
            r#"{"prompt": "A cup.", "summaryRU": "<R>", "summaryEN": "<E>"}"#,
            r#"{"prompt": "A cup.", "summaryru": "<R>", "summaryen": "<E>"}"#,
            r#"{"prompt": "A cup.", "SUMMARY_RU": "<R>", "SUMMARY_EN": "<E>"}"#,
            r#"{"prompt": "A cup.", "ru_summary": "<R>", "en-summary": "<E>"}"#,
            r#"{"prompt": "A cup.", "Summary (Russian)": "<R>", "English summary": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_ru_RU": "<R>", "summary_en_US": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary": {"ru": "<R>", "en": "<E>"}}"#,
            r#"{"prompt": "A cup.", "summaries": {"russian": "<R>", "english": "<E>"}}"#,
            r#"{"prompt": "A cup.", "summaries": [{"ru": "<R>"}, {"en": "<E>"}]}"#,
            r#"{"prompt": "A cup.", "ru": {"summary": "<R>"}, "en": {"summary": "<E>"}}"#,
            r#"{"data": {"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "<E>"}}"#,
            r#"[{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "<E>"}]"#,
            r#"{"prompt": {"text": "A cup.", "summary_ru": "<R>", "summary_en": "<E>"}}"#,
            "```json\n{\"prompt\": \"A cup.\", \"summary_ru\": \"<R>\", \"summary_en\": \"<E>\",\n}\n```",
            r#"Here: {"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "<E>"} Enjoy!"#,
            r#"<think>{}</think>{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "<E>", "note": "cu"#,
            r#"{"prompt": "A cup.", "summary_ru": ["<R>"], "summary_en": {"text": "<E>"}}"#,
            r#"{"prompt": "A cup.", "summary_ru": " **«<R>»** ", "summary_en": "\"<E>\"\n"}"#,
            r#"{"prompt": "A cup.", "резюме_русский": "<R>", "summary": {"en": "<E>"}}"#,
        ] {
            let found = summary_in(&filled(text));
            assert_eq!(found, Some(Localized { ru: RU.into(), en: EN.into() }), "{text}");
        }
        let inner = filled(r#"{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "<E>"}"#);
        let outer = serde_json::json!({ "result": inner }).to_string();
        assert!(summary_in(&outer).is_some());
    }

    #[test]
    fn a_summary_that_one_language_lacks_is_none() {
        for text in [
            "",
            "A cup turns.",
            r#"{"prompt": "A cup."}"#,
            r#"{"prompt": "A cup.", "summary": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_en": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": null}"#,
            r#"{"prompt": "A cup.", "summary_ru": 7, "summary_en": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "", "summary_en": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "...", "summary_en": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "<E>", "summary_en": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "<R>"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "К сожалению, я не могу.", "summary_en": "<E>"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "I cannot help."}"#,
            r#"{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "一个杯子在桌上旋转"}"#,
            r#"{"prompt": "A cup.", "summary_ru": "<R>", "summary_en": "A cup tur"#,
            r#"{"prompt": "A cup.", "title_ru": "<R>", "title_en": "<E>"}"#,
            r#"{"ru": "<R>", "en": "<E>"}"#,
        ] {
            assert_eq!(summary_in(&filled(text)), None, "{text}");
        }
        let deep = "[".repeat(100_000) + &"{\"summary_ru\":".repeat(100_000);
        assert_eq!(summary_in(&deep), None);
    }

    #[test]
    fn a_summary_is_no_longer_than_can_be_read_at_a_glance() {
        let [ru, en] = [RU, EN].map(|text| [text; 40].join(" and "));
        let text = serde_json::json!({ "prompt": "A cup.", "summary_ru": ru, "summary_en": en });
        let found = summary_in(&text.to_string()).unwrap();
        for text in [&found.ru, &found.en] {
            assert!((200..=LONGEST_SUMMARY).contains(&text.chars().count()), "{text}");
        }
        assert!(found.en.ends_with("slowly."), "{}", found.en);
    }
}
