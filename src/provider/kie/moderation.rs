//! Whether a text refuses what a photo, a text or a video shows, and for what.
//!
//! A phrase about what is shown is enough by itself; a word for a broken rule counts together with
//! a rule that is about that: `violates our usage policies`, and not `retry policy`.

use crate::domain::failure::Violation;
use crate::provider::kie::{
    phrases::{ADULT, BAD_FILE, COPYRIGHT, PEOPLE, any, begins_word},
    refusals::{CHINESE, CODES, REFUSED, UNWANTED},
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

/// What stands before "policy" where that is about machines.
const TECHNICAL: &[&str] = &[
    "retry",
    "retries",
    "backoff",
    "cache",
    "caching",
    "rate",
    "limit",
    "limiting",
    "throttling",
    "quota",
    "timeout",
    "concurrency",
    "queue",
    "scheduling",
    "scaling",
    "routing",
    "redirect",
    "network",
    "firewall",
    "cors",
    "origin",
    "referrer",
    "access",
    "bucket",
    "storage",
    "retention",
    "lifecycle",
    "expiration",
    "eviction",
    "password",
    "billing",
    "iam",
    "organization",
];

/// Harmless words in which those of a refusal hide.
const HARMLESS: &[&str] = &[
    "case sensitive",
    "time sensitive",
    "sensitive to",
    "大小写敏感",
    "must contain",
    "should contain",
    "not contain",
    "doesn't contain",
    "human review",
    "human moderator",
    "flagged as deprecated",
    "feature flagged",
    "illegal argument",
    "illegal character",
    "illegal parameter",
    "illegal param",
    "illegal state",
    "illegal value",
    "illegal format",
    "illegal header",
    "unsafe url",
    "unsafe redirect",
    "inappropriate value",
    "inappropriate format",
    "inappropriate size",
    "content not allowed in prolog",
    "content is not allowed in prolog",
    "sensitive param",
    "sensitive header",
    "sensitive field",
    "sensitive key",
    "policy of a retry",
    "policy of retr",
    "policy for retr",
];

/// What is said of an account is not said of a photo.
const ACCOUNT: &[&str] =
    &["your account", "account has been", "account is", "account was", "账号", "账户", "賬號"];

/// What befalls accounts.
const SUSPENDED: &[&str] = &[
    "suspended",
    "banned",
    "disabled",
    "terminated",
    "restricted",
    "frozen",
    "blocked",
    "flagged",
    "risk control",
    "风控",
    "封禁",
    "冻结",
];

/// The moderation service itself failed: then no word of refusal counts.
const OUTAGE: &[&str] = &[
    "timeout",
    "timed out",
    "internal server error",
    "internal error",
    "unavailable",
    "service error",
    "service fail",
    "service is",
    "busy",
    "overloaded",
    "rate limit",
    "too many requests",
    "超时",
    "超時",
    "繁忙",
    "不可用",
    "服务异常",
    "系统异常",
    "内部错误",
    "系统错误",
];

/// Moderation, and files that no model can use. A failure of the moderation service itself is
/// no violation, nor is what befell our account. The text is in lower case.
pub(crate) fn violation(code: u32, text: &str) -> Option<Violation> {
    if any(text, BAD_FILE) {
        return Some(Violation::BadFile);
    }
    if any(text, OUTAGE) || any(text, ACCOUNT) && any(text, SUSPENDED) {
        return None;
    }
    let text = without_harmless(text);
    let bare = text.replace(['_', '-'], "");
    let is_refused = NUMBERS.contains(&code)
        || [REFUSED, UNWANTED, CHINESE].iter().any(|phrases| any(&text, phrases))
        || CODES.iter().any(|code| bare.contains(code))
        || ALONE.contains(&text.trim())
        || !any(&text, MEASURES)
            && (any(&text, BREACH) && any(&text, HOUSE_RULES)
                || any(&text, SUBJECTS) && any(&text, VERDICTS));
    is_refused.then(|| kind(&text, &bare))
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
