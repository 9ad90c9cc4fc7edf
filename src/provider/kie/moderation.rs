//! Whether a text refuses what a photo, a text or a video shows, and for what.
//!
//! A phrase about what is shown is enough by itself; a word for a broken rule counts together with
//! a rule that is about that: `violates our usage policies`, and not `retry policy`.

use crate::domain::failure::Violation;
use crate::provider::kie::{
    harmless::{ACCOUNT, HARMLESS, SUSPENDED, TECHNICAL},
    outages::{FAILURES, GATEWAYS, PLACES, WORKINGS},
    phrases::{ADULT, BAD_FILE, COPYRIGHT, PEOPLE, any, begins_word, has_word},
    refusals::{CHINESE, CODES, REFUSED, UNWANTED},
    verdicts::{FORBIDDEN, JUDGED, NAMED, PERSONS},
};

/// The codes of `MiniMax` (1026, 1027) and Kling (1301) for a refusal.
const NUMBERS: &[u32] = &[1026, 1027, 1301];

/// A rule was broken. It counts together with one of [`HOUSE_RULES`].
const BREACH: &[&str] = &[
    "violat",
    "breach",
    "contraven",
    "against",
    "infring",
    "comply",
    "compliant",
    "blocked by",
    "rejected by",
    "refused by",
    "prohibited by",
    "not allowed by",
    "not permitted by",
    "disallowed by",
    "due to",
];

/// A maker's rules for what may be shown.
const HOUSE_RULES: &[&str] = &[
    "polic",
    "guideline",
    "community",
    "platform rule",
    "platform's rule",
    "rules of the platform",
    "our rules",
    "terms of service",
    "terms of use",
    "acceptable use",
    "code of conduct",
    "laws",
    "regulations",
];

/// What is refused.
const SUBJECTS: &[&str] =
    &["content", "image", "photo", "picture", "prompt", "video", "material", "words", "footage"];

/// What is wrong with it. It counts together with one of [`SUBJECTS`].
const VERDICTS: &[&str] = &[
    "inappropriate",
    "unsafe",
    "prohibited",
    "banned",
    "disallowed",
    "harmful",
    "offensive",
    "illegal",
    "was rejected",
    "is rejected",
    "content rejected",
    "prompt rejected",
    "image rejected",
    "video rejected",
    "was blocked",
    "content blocked",
    "prompt blocked",
    "image blocked",
    "not permitted",
    "was removed",
    "content not allowed",
    "content is not allowed",
    "not allowed content",
    "prompt not allowed",
    "prompt is not allowed",
];

/// Where such a text is about a measure, nobody looked at what is shown.
const MEASURES: &[&str] = &[
    "too large",
    "too small",
    "too big",
    "too long",
    "too short",
    "size",
    "resolution",
    "dimension",
    "format",
    "encoder",
    "encoding",
    "codec",
    "duration",
    "aspect ratio",
    "length",
    "empty",
];

/// What says all by itself, as the whole text.
const ALONE: &[&str] = &["safety", "unsafe", "prohibited", "inappropriate"];

/// Moderation, and files that no model can use. A failure of the moderation service itself is
/// no violation, nor is what befell our account. The text is in lower case.
pub(crate) fn violation(code: u32, text: &str) -> Option<Violation> {
    if any(text, BAD_FILE) {
        return Some(Violation::BadFile);
    }
    let is_elsewhere = any(text, PLACES) || has_word(text, GATEWAYS);
    if is_elsewhere && !any(text, WORKINGS)
        || any(text, FAILURES)
        || any(text, ACCOUNT) && any(text, SUSPENDED)
    {
        return None;
    }
    let text = without_harmless(text);
    let bare = text.replace(['_', '-'], "");
    // Some makers' codes are words: `RAI_FILTERED`, `prompt_is_not_allowed`.
    let spaced = text.replace(['_', '-'], " ");
    let is_refused = NUMBERS.contains(&code)
        || [REFUSED, UNWANTED, CHINESE].iter().any(|phrases| any(&text, phrases))
        || CODES.iter().any(|code| bare.contains(code))
        || any(&spaced, JUDGED)
        || has_safety_code(&text)
        || ALONE.contains(&text.trim())
        || !any(&text, MEASURES)
            && (any(&text, BREACH) && any(&text, HOUSE_RULES)
                || any(&text, SUBJECTS) && any(&text, VERDICTS)
                || any(&spaced, NAMED)
                || has_word(&text, PERSONS) && any(&spaced, FORBIDDEN));
    is_refused.then(|| kind(&spaced, &bare))
}

/// Whether a code of words with dots between has "safety" among these: `SAFETY.INPUT.TEXT`.
fn has_safety_code(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_'));
    let mut codes = words.map(|word| word.trim_matches('.')).filter(|word| word.contains('.'));
    codes.any(|code| code.split('.').any(|part| part == "safety"))
}

fn kind(text: &str, bare: &str) -> Violation {
    let is_about = |phrases: &[&str]| any(text, phrases) || any(bare, phrases);
    if is_about(PEOPLE) {
        Violation::People
    } else if is_about(COPYRIGHT) {
        Violation::Copyright
    } else if is_about(ADULT) {
        Violation::Adult
    } else {
        Violation::Other
    }
}

fn without_harmless(text: &str) -> String {
    let technical = TECHNICAL.iter().map(|word| format!("{word} polic"));
    let harmless = HARMLESS.iter().map(|phrase| (*phrase).to_owned());
    harmless.chain(technical).fold(text.to_owned(), |text, phrase| without(&text, &phrase))
}

/// A text without a phrase, wherever that begins a word.
fn without(text: &str, phrase: &str) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut end = 0;
    for (at, _) in text.match_indices(phrase).filter(|(at, _)| begins_word(text, *at)) {
        rest.push_str(&text[end..at]);
        rest.push(' ');
        end = at + phrase.len();
    }
    rest + &text[end..]
}
