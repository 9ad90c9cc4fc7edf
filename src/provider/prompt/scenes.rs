//! The scenes in the JSON of an answer: each a prompt, with a title in each language.

use std::collections::{HashSet, VecDeque};

use serde_json::{Deserializer, Map, Value};

use crate::domain::{brief::LONGEST_TITLE, draft::Scene, preset::Localized, user::Language};
use crate::provider::{
    prompt::{
        extract::prompt_in,
        json::{LONG, on_one_line, own, plain, whole},
        leftovers::without_entities,
        summary::{is_in_language, texts_named},
        wrapping::unquoted,
    },
    sentences::within,
};

/// The names under which scenes stand, the likeliest first.
const LISTS: &[&str] = &["scenes", "prompts", "videos", "variants", "options", "сцены", "варианты"];

/// Parts of the names of titles.
const TITLES: &[&str] = &["title", "name", "назван", "заголов"];

/// The names under which an answer says whether people are seen.
const PEOPLE: &[&str] = &["people", "haspeople", "peoplevisible", "faces", "люди"];

/// The names under which it says whether several products are.
const SEVERAL: &[&str] = &["severalproducts", "multipleproducts", "manyproducts"];

/// How deep scenes may stand among other values.
const DEEPEST: usize = 4;

/// How many beginnings of JSON in a text, and ends of scenes before a cut, are looked at.
const MOST: usize = 16;

/// The JSON with scenes in a text: the text itself, what stands in it or, where it was cut off, what
/// came whole before that.
pub(crate) fn json_with_scenes(text: &str) -> Option<Value> {
    let text = on_one_line(text);
    if let Some(value) = whole(&text).filter(|value| list(value, DEEPEST).is_some()) {
        return Some(value);
    }
    let beginnings = || text.match_indices(['{', '[']).map(|(at, _)| &text[at..]);
    let first = beginnings().take(MOST).find_map(|text| {
        let value = Deserializer::from_str(text).into_iter::<Value>().next()?.ok()?;
        list(&value, DEEPEST).is_some().then_some(value)
    });
    first.or_else(|| beginnings().take(2).find_map(before_the_cut))
}

/// The scenes in the JSON of an answer that can be used, at most `most` of them, each with a prompt
/// of at most `longest` characters.
pub(crate) fn scenes_in(value: &Value, most: usize, longest: usize) -> Vec<Scene> {
    let items = list(value, DEEPEST).unwrap_or_default();
    let mut seen = HashSet::new();
    let scenes = items.iter().filter_map(|item| scene(item, longest));
    scenes.filter(|scene| seen.insert(letters(&scene.prompt))).take(most).collect()
}

/// Whether an answer says that people are seen.
pub(crate) fn people_in(value: &Value) -> bool {
    says(value, PEOPLE)
}

/// Whether an answer says that several products are seen.
pub(crate) fn several_in(value: &Value) -> bool {
    says(value, SEVERAL)
}

/// Whether an answer says yes under one of these names.
fn says(value: &Value, names: &[&str]) -> bool {
    let Value::Object(fields) = value else { return false };
    fields.iter().any(|(name, value)| {
        names.contains(&plain(name).as_str())
            && match value {
                Value::Bool(said) => *said,
                Value::String(said) => ["true", "yes", "да"].contains(&said.to_lowercase().trim()),
                _ => false,
            }
    })
}

/// The items of a list of scenes in a value.
fn list(value: &Value, depth: usize) -> Option<Vec<Value>> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Array(items) => is_list(items.iter()).then(|| items.clone()),
        Value::Object(fields) => {
            let named = LISTS.iter().find_map(|name| {
                let field = fields.iter().find(|(field, _)| plain(field) == *name);
                field.and_then(|(_, value)| list(value, depth).or_else(|| numbered(value)))
            });
            named.or_else(|| fields.values().find_map(|value| list(value, depth)))
        }
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            list(&whole(&on_one_line(text))?, depth)
        }
        _ => None,
    }
}

/// The scenes of `{"1": {…}, "2": {…}}`.
fn numbered(value: &Value) -> Option<Vec<Value>> {
    let fields = value.as_object()?;
    is_list(fields.values()).then(|| fields.values().cloned().collect())
}

/// Whether these are scenes, and not the shots or the lines of one: one at least has a prompt of its
/// own, or all are as long as one.
fn is_list<'a>(mut items: impl Iterator<Item = &'a Value> + Clone) -> bool {
    let is_scene = |item: &Value| item.as_object().is_some_and(|fields| own(fields).is_some());
    let is_long = |item: &Value| item.as_str().is_some_and(|text| text.len() >= LONG);
    items.clone().any(is_scene) || items.clone().nth(1).is_some() && items.all(is_long)
}

/// One scene, if its prompt can be used.
fn scene(item: &Value, longest: usize) -> Option<Scene> {
    let text = match item {
        Value::String(text) => text.clone(),
        Value::Object(fields) => own(fields)?,
        _ => return None,
    };
    let prompt = within(&prompt_in(&text).ok()?, longest);
    (!prompt.is_empty()).then(|| Scene { title: title_in(item), prompt })
}

/// The title of a scene, if it has a usable one in each language.
fn title_in(item: &Value) -> Option<Localized> {
    let texts = texts_named(item, TITLES);
    let of = |language| {
        let mut own = texts.iter().filter(|(named, _)| *named == language);
        own.find_map(|(_, text)| title(text, language))
    };
    Some(Localized { ru: of(Language::Ru)?, en: of(Language::En)? })
}

/// A title on one line, without markup and number, if it is in its language.
fn title(text: &str, language: Language) -> Option<String> {
    let text = without_tags(&on_one_line(&without_entities(text)));
    let is_mark = |c: char| c.is_whitespace() || "#*_`~|>•-–—".contains(c);
    let text = unquoted(text.trim_matches(is_mark));
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let text = match digits.strip_prefix(['.', ')', ':']) {
        Some(rest) if digits.len() < text.len() => rest,
        _ => text,
    };
    let text = within(unquoted(text.trim_matches(is_mark)), LONGEST_TITLE);
    let text = text.trim_end_matches(['.', ',', ';', ':', ' ']);
    let is_usable = text.chars().any(char::is_alphanumeric) && is_in_language(text, language);
    is_usable.then(|| text.to_owned())
}

/// A text without short tags such as `<b>`, and without the marks of emphasis within it.
fn without_tags(text: &str) -> String {
    let mut rest = text.replace("**", "").replace('`', "");
    while let Some(from) = rest.find('<') {
        let inside = rest[from + 1..].find('>').filter(|length| (1..=12).contains(length));
        let Some(length) = inside else { break };
        rest.replace_range(from..from + length + 2, "");
    }
    rest
}

/// The letters of a text: what two texts share that differ in marks alone.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The JSON of a text that was cut off or goes wrong, with the scenes that came whole before that.
fn before_the_cut(text: &str) -> Option<Value> {
    let closed = ends(text).into_iter().rev();
    closed.map(|(end, close)| format!("{}{close}", &text[..end])).find_map(|text| {
        let fields: Map<String, Value> = serde_json::from_str(&text).ok()?;
        let value = Value::Object(fields);
        list(&value, DEEPEST).is_some().then_some(value)
    })
}

/// Where the last objects within the first end, and what closes all that is open there.
fn ends(text: &str) -> VecDeque<(usize, String)> {
    let (mut open, mut ends) = (Vec::new(), VecDeque::new());
    let (mut is_text, mut is_escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_text => is_escaped = true,
            '"' => is_text = !is_text,
            '{' | '[' if !is_text => open.push(if c == '{' { '}' } else { ']' }),
            '}' | ']' if !is_text => {
                if open.pop() != Some(c) || open.len() > MOST {
                    break;
                }
                if c == '}' && !open.is_empty() {
                    ends.push_back((at + 1, open.iter().rev().collect()));
                    if ends.len() > MOST {
                        ends.pop_front();
                    }
                }
            }
            _ => {}
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUP: &str = "A cup turns slowly on a pale oak table while steam curls upward, and the camera \
                       glides to a close-up of its glaze in soft morning light.";

    fn item(number: usize) -> String {
        format!(
            "{{\"title_ru\":\"Сцена {number}\",\"title_en\":\"Scene {number}\",\"prompt\":\"Take \
             {number}. {CUP}\"}}"
        )
    }

    fn items(count: usize) -> String {
        (1..=count).map(item).collect::<Vec<_>>().join(",")
    }

    fn found(text: &str) -> Vec<Scene> {
        json_with_scenes(text).map_or_else(Vec::new, |value| scenes_in(&value, 5, 800))
    }

    fn numbered(count: usize) -> Vec<Scene> {
        let scene = |number| Scene {
            title: Some(Localized {
                ru: format!("Сцена {number}"), en: format!("Scene {number}")
            }),
            prompt: format!("Take {number}. {CUP}"),
        };
        (1..=count).map(scene).collect()
    }

    #[test]
    fn scenes_are_found_in_every_shape() {
        let (two, one) = (items(2), item(1));
        for text in [
            format!("{{\"summary_ru\":\"а\",\"summary_en\":\"a\",\"scenes\":[{two}]}}"),
            format!("{{\"scenes\":[{two}]}}"),
            format!("{{\"scenes\":[{two},]}}"),
            format!("{{\"scenes\":\n[{}]\n}}", two.replace(". A", ".\n A")),
            format!("[{two}]"),
            format!("Here they are:\n```json\n{{\"scenes\":[{two}]}}\n```\nEnjoy!"),
            format!("Here they are: {{\"scenes\":[{two}]}} Enjoy!"),
            format!("{{\"Scenes\":{{\"1\":{},\"2\":{}}}}}", one, item(2)),
            format!("{{\"result\":{{\"scenes\":[{two}]}}}}"),
            serde_json::json!({ "result": format!("{{\"scenes\":[{two}]}}") }).to_string(),
            format!("{{\"prompts\":[{two}]}}"),
            format!("{{\"scenes\":[{two},{two}]}}"),
            format!("{{\"scenes\":[{two},{}]}}", one.replace("slowly", "SLOWLY,")),
            format!(
                "{{\"scenes\":[{two},{{\"title_ru\":\"Пар\",\"prompt\":\"\"}},null,7,\"Steam\"]}}"
            ),
            format!("{{\"scenes\":[{{\"prompt\":\"I cannot help with that.\"}},{two}]}}"),
            // Cut off, or broken after what is whole.
            format!("{{\"summary_ru\":\"а\",\"scenes\":[{two},{{\"title_ru\":\"Па"),
            format!("{{\"scenes\":[{two},{{\"title_ru\":\"Пар\",\"prompt\":\"A {{cup}} tu"),
            format!("{{\"scenes\":[{two}"),
            format!("{{\"scenes\":[{two}]"),
            format!("{{\"scenes\":[{two},{{\"title_ru\":\"Пар \"А\"\",\"prompt\":\"A cup.\"}}]}}"),
            format!("Sure! {{\"scenes\":[{two},{{"),
        ] {
            assert_eq!(found(&text), numbered(2), "{text}");
        }
        let bare = format!("{{\"prompts\":[\"Take 1. {CUP}\",\"Take 2. {CUP}\"]}}");
        let prompts: Vec<String> = found(&bare).into_iter().map(|scene| scene.prompt).collect();
        assert_eq!(prompts, [format!("Take 1. {CUP}"), format!("Take 2. {CUP}")]);
        assert_eq!(found(&format!("{{\"scenes\":[{}]}}", items(9))), numbered(5));
    }

    #[test]
    fn what_is_one_prompt_has_no_scenes() {
        for text in [
            "",
            CUP,
            "{}",
            "[]",
            "{\"scenes\":[]}",
            "{\"scenes\":{}}",
            "{\"scenes\":\"A cup turns.\"}",
            "{\"scenes\":[\"Wide: a cup.\",\"Close: it turns.\"]}",
            "{\"scenes\":[{\"time\":\"0-3s\",\"text\":\"A cup.\"},{\"time\":\"3-6s\",\"text\":\"It turns.\"}]}",
            "{\"prompt\":\"A cup turns.\",\"summary_ru\":\"Чашка\"}",
            "{\"scenes\":[{\"title_ru\":\"Пар\",\"prompt\":\"A cup tu",
            "1. A cup turns.\n2. A cup stops.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
        for deep in
            ["[", "{\"scenes\":", "{\"a\":[", "{\"scenes\":[{\"prompt\":\"a\"},", "}{", "{]"]
        {
            let _ = found(&deep.repeat(50_000));
        }
    }

    #[test]
    fn a_title_is_short_and_plain_and_in_its_language_or_there_is_none() {
        for (ru, en) in [
            ("Пар над чашкой", "Steam over the cup"),
            ("**Пар над чашкой.**", "\"Steam over the cup\""),
            ("1. Пар над чашкой", "2) Steam over the cup"),
            ("<b>Пар</b> над\n чашкой", "# Steam over the cup"),
            ("«Пар над чашкой»", "Steam&nbsp;over the `cup`"),
        ] {
            let item = serde_json::json!({ "title_ru": ru, "titleEn": en, "prompt": "A cup." });
            let title = Localized {
                ru: "Пар над чашкой".into(), en: "Steam over the cup".into()
            };
            assert_eq!(title_in(&item), Some(title), "{ru} {en}");
        }
        for (ru, en) in [("", "Steam"), ("…", "Steam"), ("Steam", "Steam"), ("Пар", "Пар")]
        {
            let item = serde_json::json!({ "title_ru": ru, "title_en": en, "prompt": "A cup." });
            assert_eq!(title_in(&item), None, "{ru} {en}");
        }
        assert_eq!(title_in(&serde_json::json!({ "title": "Steam" })), None);
        let long = title(&"Пар над чашкой ".repeat(20), Language::Ru).unwrap();
        assert!((40..=LONGEST_TITLE).contains(&long.chars().count()), "{long}");
        assert_eq!(title("4K < 8K", Language::En).as_deref(), Some("4K < 8K"));
    }

    #[test]
    fn people_are_seen_where_the_answer_says_so() {
        for (people, said) in [
            (serde_json::json!(true), true),
            (serde_json::json!("Yes"), true),
            (serde_json::json!(false), false),
            (serde_json::json!("no people"), false),
            (serde_json::json!(null), false),
            (serde_json::json!([1]), false),
        ] {
            let answer = serde_json::json!({ "scenes": [], "people": people });
            assert_eq!((people_in(&answer), several_in(&answer)), (said, false));
            let answer = serde_json::json!({ "scenes": [], "several_products": people });
            assert_eq!((people_in(&answer), several_in(&answer)), (false, said));
        }
        assert!(!people_in(&serde_json::json!([{ "people": true }])));
    }
}
