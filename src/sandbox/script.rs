//! Writes prompts for product videos from templates, a different one for each number.

use serde_json::Value;

/// What is asked for.
pub(crate) struct Asked {
    /// What the video shall show.
    pub idea: String,
    /// Whether it is only to be put into another language.
    pub translates: bool,
}

/// What the last message of the user asks for: the text after "idea:" or, without that word, the
/// whole message, on one line. Of a text to translate all that stands below its heading.
pub(crate) fn asked(body: &Value) -> Option<Asked> {
    let messages = body["messages"].as_array()?;
    let text = content(messages.iter().rfind(|message| message["role"] == "user")?)?;
    let system = messages.iter().find(|message| message["role"] == "system").and_then(content);
    let translates = system.is_some_and(|text| text.to_lowercase().contains("translat"));
    let idea = if translates { below_heading(&text).to_owned() } else { idea(&text) };
    Some(Asked { idea, translates })
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
    fn the_idea_is_found_and_every_prompt_mentions_it_in_other_words() {
        let idea = |content| asks("Write a prompt.", content).idea;
        let found = idea("Length: 10 seconds\nИдея: Чашка на столе.\nFormat: 9:16");
        assert_eq!(found, "Чашка на столе");
        assert_eq!(idea("A cup\non a table"), "A cup on a table");
        let prompts: HashSet<String> = (0..20).map(|number| prompt(&found, number)).collect();
        assert_eq!(prompts.len(), 20);
        assert!(prompts.iter().all(|prompt| prompt.contains("Чашка на столе")));
    }
}
