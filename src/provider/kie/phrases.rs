//! The phrases by which KIE's failures are classified, all in lower case. The corpus of the
//! tests has the texts in which they were seen. A phrase matches where a word begins.

/// The photo, the text or the video was refused for what it shows.
pub(crate) const MODERATION: &[&str] = &[
    "guardrail",
    "photorealistic people",
    "flagged",
    "moderat",
    "moderation_blocked",
    "content polic",
    "content_policy_blocked",
    "content_policy_violation",
    "prohibited content",
    "sensitive",
    "safety system",
    "safety review",
    "safety filter",
    "copyright",
    "third-party content",
    "unsafe image",
    "minor upload",
    "racy",
    "nudity",
    "erotic",
    "nsfw",
    "input was rejected",
];

/// The moderation service itself failed: then nothing above counts.
pub(crate) const MODERATION_OUTAGE: &[&str] = &[
    "timeout",
    "timed out",
    "internal server error",
    "internal error",
    "unavailable",
    "service error",
    "service fail",
    "service is",
];

/// The file cannot be used, whatever it shows.
pub(crate) const BAD_FILE: &[&str] = &[
    "couldn't process the provided image",
    "invalid_image_format",
    "image size exceeds",
    "no valid characters detected",
];

/// A refusal because of people.
pub(crate) const PEOPLE: &[&str] =
    &["people", "person", "human", "face", "likeness", "celebrit", "public figure", "minor"];

/// A refusal because of the rights of others.
pub(crate) const COPYRIGHT: &[&str] =
    &["copyright", "third-party", "trademark", "brand", "intellectual property"];

/// A refusal because of nudity and the like.
pub(crate) const ADULT: &[&str] =
    &["nudity", "nude", "sexual", "erotic", "racy", "suggestive", "nsfw", "adult"];

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
