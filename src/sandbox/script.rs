//! Writes prompts for product videos from templates, a different one for each number.

use serde_json::Value;

/// What the video shall show: the text after "idea:" in the last message of the user or,
/// without that word, the whole message, on one line.
pub(crate) fn idea(body: &Value) -> Option<String> {
    let messages = body["messages"].as_array()?;
    let last = messages.iter().rfind(|message| message["role"] == "user")?;
    let text = match &last["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => return None,
    };
    let lines = text.lines().map(str::trim);
    let named = lines.clone().find_map(|line| {
        let head: String = line.chars().take(5).collect();
        let is_idea = ["idea:", "идея:"].contains(&head.to_lowercase().as_str());
        is_idea.then(|| line[head.len()..].trim().to_owned()).filter(|idea| !idea.is_empty())
    });
    let idea = named.unwrap_or_else(|| lines.collect::<Vec<_>>().join(" "));
    Some(idea.trim_end_matches('.').trim().chars().take(600).collect())
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;

    fn asked(content: &str) -> Value {
        json!({"messages": [
            {"role": "system", "content": "Write a prompt."},
            {"role": "user", "content": content},
        ]})
    }

    #[test]
    fn the_idea_is_found_and_every_prompt_mentions_it_in_other_words() {
        let found =
            idea(&asked("Length: 10 seconds\nИдея: Чашка на столе.\nFormat: 9:16")).unwrap();
        assert_eq!(found, "Чашка на столе");
        assert_eq!(idea(&asked("A cup\non a table")).unwrap(), "A cup on a table");
        let prompts: HashSet<String> = (0..20).map(|number| prompt(&found, number)).collect();
        assert_eq!(prompts.len(), 20);
        assert!(prompts.iter().all(|prompt| prompt.contains("Чашка на столе")));
    }
}
