//! The phrases by which KIE's failures are classified, all in lower case; those of refusals are
//! in `refusals`. The corpus of the tests has the texts in which they were seen. A phrase matches
//! where a word begins.

/// The file cannot be used, whatever it shows.
pub(crate) const BAD_FILE: &[&str] = &[
    "couldn't process the provided image",
    "invalid_image_format",
    "image size exceeds",
    "no valid characters detected",
    "no face detected",
    "no human face",
    "未检测到人脸",
];

/// A refusal because of people.
pub(crate) const PEOPLE: &[&str] = &[
    "people",
    "person",
    "human",
    "face",
    "likeness",
    "celebrit",
    "public figure",
    "minor",
    "underage",
    "under 18",
    "under the age",
    "below the age",
    "child",
    "kid",
    "teen",
    "baby",
    "babies",
    "infant",
    "privacyinformation",
    "publicerrorminor",
    "publicerrorprominent",
    "真人",
    "真实人物",
    "人物",
    "儿童",
    "人脸",
    "人臉",
    "肖像",
    "名人",
    "未成年",
];

/// A refusal because of the rights of others.
pub(crate) const COPYRIGHT: &[&str] = &[
    "copyright",
    "third-party",
    "third party",
    "characters are",
    "character is",
    "protected ip",
    "protected character",
    "trademark",
    "brand",
    "intellectual property",
    "infring",
    "ipinfringement",
    "publicerroripinput",
    "版权",
    "版權",
    "侵权",
    "侵權",
    "商标",
    "知识产权",
];

/// A refusal because of nudity and the like.
pub(crate) const ADULT: &[&str] = &[
    "nudity",
    "nude",
    "naked",
    "sexual",
    "sexually",
    "erotic",
    "racy",
    "suggestive",
    "nsfw",
    "adult",
    "porn",
    "explicit content",
    "explicit material",
    "publicerrorsexual",
    "色情",
    "涉黄",
    "低俗",
    "裸",
];

/// The account has no credits.
pub(crate) const EMPTY: &[&str] = &[
    "credits insufficient",
    "credits are insufficient",
    "credit is insufficient",
    "insufficient credit",
    "insufficient balance",
    "insufficient fund",
    "insufficient quota",
    "balance is insufficient",
    "balance insufficient",
    "not enough credit",
    "not enough balance",
    "balance is not enough",
    "credits exhausted",
    "out of credits",
    "top up",
];

/// The key has reached its own cap.
pub(crate) const CAPPED: &[&str] =
    &["used by apikey has exceeded", "daily quota", "exceeded the daily limit"];

/// The key is not accepted.
pub(crate) const DEAD: &[&str] =
    &["you do not have access permissions", "unauthorized", "invalid api key", "invalid apikey"];

/// Too many requests.
pub(crate) const RATE: &[&str] = &[
    "call frequency",
    "frequency is too high",
    "frequency limit",
    "rate limit",
    "too many requests",
];

/// The model is paused, withdrawn or unpublished.
pub(crate) const DOWN: &[&str] = &[
    "temporarily paused",
    "not published",
    "page does not exist",
    "model does not exist",
    "model not found",
    "model not supported",
    "model is not available",
    "no longer available",
    "feature disabled",
    "feature is disabled",
];

/// What we sent is invalid.
pub(crate) const VALIDATION: &[&str] = &[
    "field is required",
    "parameter is required",
    "is not within the range",
    "must be within the specified range",
    "cannot exceed the maximum",
    "it must be a",
    "must be between",
    "must be one of",
    "must be greater than",
    "must be less than",
    "specified in the request",
    "please enter",
    "cannot be empty",
    "cannot be mixed",
    "ratio error",
    "invalid param",
    "only english prompts",
    "this aspect_ratio is",
    "this resolution is",
    "this duration is",
    "this mode is",
    "this voice is",
];

/// A fault that is usually temporary.
pub(crate) const PASSING: &[&str] = &[
    "busy",
    "internal error",
    "internal server error",
    "timeout",
    "timed out",
    "try again later",
    "please try again",
    "generation failed",
    "video generation task failed",
    "maintenance",
    "overloaded",
];

/// Whether a text has one of these phrases.
pub(crate) fn any(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| contains_phrase(text, phrase))
}

/// Whether a text has one of these words, and not only the beginning of one.
pub(crate) fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| words.contains(&word))
}

/// Whether a text contains a phrase at the beginning of a word, and not inside a name such as
/// `nsfw_checker` or a compound such as `case-sensitive`. Chinese has no spaces between words.
fn contains_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase)
        .any(|(at, _)| begins_word(text, at) && !text[at + phrase.len()..].starts_with('_'))
}

/// Whether what stands in a text from there on begins a word.
pub(crate) fn begins_word(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let is_ascii = text[at..].starts_with(|c: char| c.is_ascii());
    !is_ascii || before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
}
