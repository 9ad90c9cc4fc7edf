//! KIE's refusals and failures, word for word, and the words in a prompt that cause them.
//!
//! A prompt with a mark such as `[[people]]` gets exactly that failure. Some plain words
//! cause one too, in English and in Russian, so that people who try the sandbox see a
//! refusal without knowing the marks. They do not count after "no", "without", "not" or
//! "без".

/// A failed task's `failCode` and `failMsg`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureText {
    /// As KIE writes it: a string, or null where there is none.
    pub code: Option<String>,
    /// The text.
    pub text: String,
}

impl FailureText {
    /// A failure with a code.
    pub fn new(code: &str, text: &str) -> Self {
        Self { code: Some(code.to_owned()), text: text.to_owned() }
    }
}

/// What a task ends with when KIE itself fails.
pub(crate) const INTERNAL: (&str, &str) = ("500", "Internal Error, Please try again later.");
/// What a task ends with when the service behind KIE was too slow; no code was ever recorded.
pub(crate) const UPSTREAM: &str = "upstream API service timed out";
/// The photo could not be fetched.
pub(crate) const FETCH: &str = "Image fetch failed";
/// The file is no JPEG, PNG or WEBP.
pub(crate) const FORMAT: (&str, &str) =
    ("400", "We couldn't process the provided image file (code=invalid_image_format)");
/// The file is over the limit.
pub(crate) const SIZE: (&str, &str) = ("400", "Image size exceeds maximum of 26214400 bytes");

/// The photo shows people.
pub(crate) const PEOPLE: &str =
    "We currently do not support uploads of images containing photorealistic people.";
const BRAND: &str =
    "This content may violate our guardrails concerning similarity to third-party content.";
const NUDITY: &str =
    "This content may violate our guardrails around nudity, sexuality, or erotic content.";
/// The prompt or the photo breaks the rules.
pub(crate) const POLICY: &str = "This content may violate our content policies.";

/// Mark, `failCode` (null, here "", where none was ever recorded), `failMsg`.
const MARKS: [(&str, &str, &str); 26] = [
    ("people", "400", PEOPLE),
    ("brand", "400", BRAND),
    ("nudity", "400", NUDITY),
    ("policy", "400", POLICY),
    ("racy", "400", "This content may include suggestive or racy material."),
    ("prohibited", "422", "Invalid prompt: prompt contains prohibited content"),
    ("sensitive", "422", "CONTENT_POLICY_BLOCKED: the input was flagged as sensitive."),
    (
        "flagged",
        "400",
        "Content was flagged by the safety system. Try different prompts or inputs.",
    ),
    (
        "tryagain",
        "",
        "The input or output was flagged as sensitive. Please try again with different inputs.",
    ),
    ("rejected", "", "Your input was rejected. Please try again or with a different input."),
    ("audio", "400", "Request blocked: The uploaded audio was flagged by Google safety review."),
    (
        "moderator",
        "",
        "Your prompt was caught by our AI moderator. Please adjust it and try again!",
    ),
    ("copyright500", "500", "the output video may be related to copyright restrictions"),
    ("website", "400", "Your prompt was flagged by Website as violating content policies."),
    ("unsafe", "400", "public error unsafe image upload."),
    ("english", "400", "Only English prompts are supported at this time."),
    ("nocharacters", "400", "No valid characters detected in the video"),
    (
        "ratio",
        "400",
        "content[1].video_url: invalid param: video duration 52838 ms, expected [2000, 15000] ms",
    ),
    ("mixed", "500", "first/last frame content cannot be mixed with reference media content"),
    ("internal", INTERNAL.0, INTERNAL.1),
    ("busy", "500", "the server is busy"),
    ("timeout", "", UPSTREAM),
    ("failed", "501", "Generation Failed"),
    ("fetch", "", FETCH),
    ("balance", "402", "Insufficient balance"),
    ("unheard", "599", "The moon is in the wrong quarter"),
];

/// Beginnings of plain words, in lower case.
const WORDS: [(&str, &str); 16] = [
    ("nude", NUDITY),
    ("naked", NUDITY),
    ("porn", NUDITY),
    ("эротик", NUDITY),
    ("порн", NUDITY),
    ("обнаж", NUDITY),
    ("голая", NUDITY),
    ("голую", NUDITY),
    ("голой", NUDITY),
    ("голый", NUDITY),
    ("голые", NUDITY),
    ("голых", NUDITY),
    ("celebrit", PEOPLE),
    ("знаменитост", PEOPLE),
    ("disney", BRAND),
    ("дисне", BRAND),
];

/// How a task with this prompt fails; none when the prompt is harmless.
pub(crate) fn moderation(prompt: &str) -> Option<FailureText> {
    let prompt = prompt.to_lowercase();
    let marked = MARKS.iter().find(|(mark, ..)| prompt.contains(&format!("[[{mark}]]")));
    if let Some((_, code, text)) = marked {
        let code = Some(*code).filter(|code| !code.is_empty());
        return Some(FailureText { code: code.map(str::to_owned), text: (*text).to_owned() });
    }
    let mut before = "";
    for word in prompt.split(|letter: char| !letter.is_alphanumeric()) {
        let text = WORDS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, text)| *text);
        match text {
            Some(text) if !["no", "not", "without", "без"].contains(&before) => {
                return Some(FailureText::new("400", text));
            }
            _ => before = word,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_chooses_its_line_and_a_plain_word_the_nearest_one() {
        let failure = moderation("A cup [[copyright500]]").unwrap();
        assert_eq!(failure.code.as_deref(), Some("500"));
        assert_eq!(moderation("x [[tryagain]]").unwrap().code, None);
        assert_eq!(moderation("Обнажённая модель").unwrap().text, NUDITY);
        assert_eq!(moderation("a Disney princess").unwrap().text, BRAND);
        assert_eq!(moderation("no celebrities, without Disney, a cup [[of tea]]"), None);
    }
}
