//! Writes prompts for product videos from templates, a different one for each number.

use serde_json::Value;

/// What is asked for.
pub(crate) struct Asked {
    /// What the video shall show.
    pub idea: String,
    /// Whether it is only to be put into another language.
    pub translates: bool,
    /// Whether the answer is asked for as JSON, in words.
    pub wants_json: bool,
    /// How many scenes are asked for; 0: the word is not there.
    pub scenes: usize,
    /// What is seen in the picture that came along: `people`, `several_products`.
    pub seen: Vec<&'static str>,
}

/// What the last message of the user asks for: the text after "idea:" or, without that word, all
/// that stands below the heading, on one line. A text to translate stays as it is.
pub(crate) fn asked(body: &Value) -> Option<Asked> {
    let messages = body["messages"].as_array()?;
    let text = content(messages.iter().rfind(|message| message["role"] == "user")?)?;
    let system = messages.iter().find(|message| message["role"] == "system").and_then(content);
    let system = system.unwrap_or_default().to_lowercase();
    let translates = system.contains("translat");
    let below = below_heading(&text);
    let idea = if translates { below.to_owned() } else { idea(below) };
    let wants_json = system.contains("json object");
    let scenes = scenes(&system);
    let words = idea.to_lowercase();
    let has_picture = !pictures(body).is_empty();
    let is_seen = |any_of: &[&str]| has_picture && any_of.iter().any(|word| words.contains(word));
    let seen = [("people", &PEOPLE[..]), ("several_products", &SEVERAL)];
    let seen = seen.into_iter().filter(|(_, words)| is_seen(words)).map(|(name, _)| name).collect();
    Some(Asked { idea, translates, wants_json, scenes, seen })
}

/// Words of an idea by which a picture shows people: the stand-in sees nothing, and believes.
const PEOPLE: [&str; 4] = ["девушк", "человек", "woman", "a girl"];

/// The same for several products.
const SEVERAL: [&str; 2] = ["несколько товаров", "several products"];

/// The addresses of the pictures that come along.
pub(crate) fn pictures(body: &Value) -> Vec<&str> {
    let messages = body["messages"].as_array().into_iter().flatten();
    let parts = messages.flat_map(|message| message["content"].as_array().into_iter().flatten());
    let pictures = parts.filter(|part| part["type"] == "image_url");
    pictures.map(|part| part["image_url"]["url"].as_str().unwrap_or_default()).collect()
}

/// Whether an address is one under which a picture can be had.
pub(crate) fn is_picture(url: &str) -> bool {
    match url.strip_prefix("data:image/") {
        Some(data) => data.split_once(";base64,").is_some_and(|(kind, base64)| {
            let digits = base64.trim_end_matches('=');
            let is_digit = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/');
            ["jpeg", "png", "webp", "gif"].contains(&kind)
                && base64.len().is_multiple_of(4)
                && base64.len() - digits.len() <= 2
                && !digits.is_empty()
                && digits.bytes().all(is_digit)
        }),
        None => url.starts_with("http://") || url.starts_with("https://"),
    }
}

/// The number that stands before "scene" or "different scenes".
fn scenes(text: &str) -> usize {
    let before = |word: &str| {
        let (head, _) = text.split_once(word)?;
        head.split_whitespace().next_back()?.parse().ok()
    };
    before(" different scenes").or_else(|| before(" scene")).unwrap_or(0)
}

fn content(message: &Value) -> Option<String> {
    match &message["content"] {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part["text"].as_str());
            Some(texts.collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    }
}

/// A text without a first line that ends with a colon.
fn below_heading(text: &str) -> &str {
    let below = text.split_once('\n').filter(|(first, _)| first.trim_end().ends_with(':'));
    below.map_or(text, |(_, below)| below).trim()
}

fn idea(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let named = lines.clone().find_map(|line| {
        let head: String = line.chars().take(5).collect();
        let is_idea = ["idea:", "идея:"].contains(&head.to_lowercase().as_str());
        is_idea.then(|| line[head.len()..].trim().to_owned()).filter(|idea| !idea.is_empty())
    });
    let idea = named.unwrap_or_else(|| lines.collect::<Vec<_>>().join(" "));
    idea.trim_end_matches('.').trim().chars().take(600).collect()
}

const OPENINGS: [&str; 5] = [
    "A cinematic vertical product video.",
    "A polished vertical clip for a shop's front page.",
    "A bright, modern product film in vertical format.",
    "A slow, elegant product shot, filmed upright.",
    "A lively social-media clip around one product.",
];
const CAMERAS: [&str; 4] = [
    "The camera glides in from a wide view to a close-up and ends on the label",
    "The camera circles the product in one unbroken half turn",
    "The camera starts on a macro detail and slowly pulls back",
    "The camera rises from table height while the focus rests on the product",
];
/// The same in few words, for summaries.
pub(crate) const SUMMARY_EN: [&str; 4] = [
    "The camera glides to a close-up and ends on the label.",
    "The camera circles the product in one half turn.",
    "The camera starts on a detail and slowly pulls back.",
    "The camera rises from table height, the focus on the product.",
];
pub(crate) const SUMMARY_RU: [&str; 4] = [
    "Камера плавно приближается и замирает на этикетке.",
    "Камера обходит товар по полукругу.",
    "Камера начинает с детали и медленно отъезжает.",
    "Камера поднимается от стола, товар в фокусе.",
];
/// What is special of a scene: its camera, and its light.
pub(crate) const TITLE_EN: ([&str; 4], [&str; 3]) = (
    ["Close-up of the label", "Half turn", "From a detail", "Rising from the table"],
    ["morning light", "studio light", "golden evening"],
);
pub(crate) const TITLE_RU: ([&str; 4], [&str; 3]) = (
    ["К этикетке крупным планом", "Полукруг", "От детали к целому", "Подъём от стола"],
    ["утренний свет", "студийный свет", "золотой вечер"],
);
const LIGHTS: [&str; 3] = [
    "soft morning light from a window, long gentle shadows",
    "warm studio light with a clean highlight along the edge",
    "golden evening light with slow drifting reflections",
];
const ENDINGS: [&str; 3] = [
    "In the last second everything comes to rest and the product fills the frame.",
    "It closes on a still, centred hero shot with room for a caption.",
    "The final frame holds the product against a clean, softly blurred background.",
];

/// The `number`-th prompt for an idea.
pub(crate) fn prompt(idea: &str, number: usize) -> String {
    let pick = |list: &[&'static str], stride: usize| list[number / stride % list.len()];
    format!(
        "{} Idea: {idea}. {}, lit by {}. The product keeps the exact shape, colours, label and \
         proportions of the photo; its motion is natural and physically believable. Quiet ambient \
         sound, no speech, no added text. {}",
        pick(&OPENINGS, 1),
        pick(&CAMERAS, 1),
        pick(&LIGHTS, 1),
        pick(&ENDINGS, 2),
    )
}

/// The summary of the `number`-th prompt.
pub(crate) fn summary(texts: &[&str; 4], number: usize) -> String {
    texts[number % texts.len()].to_owned()
}

/// The title of the `number`-th prompt.
pub(crate) fn title((cameras, lights): &([&str; 4], [&str; 3]), number: usize) -> String {
    format!("{}, {}", cameras[number % cameras.len()], lights[number % lights.len()])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    fn asks(system: &str, content: &str) -> Asked {
        let body = json!({"messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": content},
        ]});
        asked(&body).unwrap()
    }

    #[test]
    fn a_text_to_translate_stays_as_it_is() {
        let asked = asks("Translate it.", "The prompt:\nA cup. Idea: it turns.\nIt stops.");
        assert!(asked.translates);
        assert_eq!(asked.idea, "A cup. Idea: it turns.\nIt stops.");
    }

    #[test]
    fn the_number_of_scenes_is_read_from_the_words() {
        let count = |system| asks(system, "A cup.").scenes;
        assert_eq!(count("Write exactly 5 different scenes. Each scene is one."), 5);
        assert_eq!(count("Write exactly 1 scene."), 1);
        assert_eq!(count("Write a prompt."), 0);
    }

    #[test]
    fn only_a_real_picture_is_one() {
        for url in ["data:image/jpeg;base64,Zm9v", "data:image/png;base64,Zg==", "https://a.test/b"]
        {
            assert!(is_picture(url), "{url}");
        }
        for url in [
            "",
            "Zm9v",
            "data:image/jpeg,Zm9v",
            "data:text/plain;base64,Zm9v",
            "data:image/jpeg;base64,",
            "data:image/jpeg;base64,Zm9",
            "data:image/jpeg;base64,Z===",
            "data:image/jpeg;base64,Zm 9",
        ] {
            assert!(!is_picture(url), "{url}");
        }
    }

    #[test]
    fn the_idea_is_found_and_every_prompt_mentions_it_in_other_words() {
        let idea = |content| asks("Write a prompt.", content).idea;
        let found = idea("Length: 10 seconds\nИдея: Чашка на столе.\nFormat: 9:16");
        assert_eq!(found, "Чашка на столе");
        assert_eq!(idea("A cup\non a table"), "A cup on a table");
        assert_eq!(idea("The customer's own words:\nA cup\non a table"), "A cup on a table");
        let prompts: HashSet<String> = (0..20).map(|number| prompt(&found, number)).collect();
        assert_eq!(prompts.len(), 20);
        assert!(prompts.iter().all(|prompt| prompt.contains("Чашка на столе")));
    }
}
