//! The kinds of failure. What each does to the job, the key and the person is
//! the table in `ARCHITECTURE.md`.

use serde::{Deserialize, Serialize};

use crate::domain::key::KeyFault;

/// What went wrong with a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The photo or the text breaks the provider's rules; only the person can change that.
    UserViolation,
    /// The account is empty, or the key is dead or capped.
    Billing,
    /// Too many requests.
    RateLimit,
    /// A fault that tends to pass.
    Temporary,
    /// The model is paused, withdrawn or unpublished.
    ModelDown,
    /// KIE refuses what we sent as invalid.
    OurBug,
    /// KIE could not fetch the photo that we uploaded.
    InputFetch,
    /// Anything else.
    Unknown,
    /// No video within the render timeout.
    Timeout,
    /// The person called it off.
    Cancelled,
}

impl FailureKind {
    /// Every kind, as the schema's CHECK lists them.
    pub const ALL: [Self; 10] = [
        Self::UserViolation,
        Self::Billing,
        Self::RateLimit,
        Self::Temporary,
        Self::ModelDown,
        Self::OurBug,
        Self::InputFetch,
        Self::Unknown,
        Self::Timeout,
        Self::Cancelled,
    ];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::UserViolation => "user_violation",
            Self::Billing => "billing",
            Self::RateLimit => "rate_limit",
            Self::Temporary => "temporary",
            Self::ModelDown => "model_down",
            Self::OurBug => "our_bug",
            Self::InputFetch => "input_fetch",
            Self::Unknown => "unknown",
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
        }
    }
}

/// The cause that a person is told of, for which there is one sentence: kinds that are told in the
/// same words are one cause, and only refused photos and texts have a rule that they broke.
pub(crate) fn cause(
    kind: FailureKind,
    violation: Option<Violation>,
) -> (FailureKind, Option<Violation>) {
    match kind {
        FailureKind::UserViolation => (kind, Some(violation.unwrap_or(Violation::Other))),
        FailureKind::InputFetch => (FailureKind::Temporary, None),
        FailureKind::Unknown => (FailureKind::Billing, None),
        FailureKind::Billing
        | FailureKind::RateLimit
        | FailureKind::Temporary
        | FailureKind::ModelDown
        | FailureKind::OurBug
        | FailureKind::Timeout
        | FailureKind::Cancelled => (kind, None),
    }
}

/// A failure with the provider's own words, which only the operator reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What to do about it.
    pub kind: FailureKind,
    /// Why a person's photo or text was refused, as far as the words tell.
    pub violation: Option<Violation>,
    /// What it says about the key, for [`FailureKind::Billing`].
    pub key_fault: Option<KeyFault>,
    /// The provider's words and code.
    pub text: String,
}

impl Failure {
    /// A failure of a kind that says nothing about key or person.
    pub fn new(kind: FailureKind, text: impl Into<String>) -> Self {
        Self { kind, violation: None, key_fault: None, text: text.into() }
    }
}

/// Which rule the photo or the text broke, so that the person can be told what to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Violation {
    /// People are visible in the photo.
    People,
    /// A brand, a character or other protected material.
    Copyright,
    /// Nudity or other adult content.
    Adult,
    /// The file itself is unsuitable.
    BadFile,
    /// Flagged without saying why.
    Other,
}

impl Violation {
    /// Every violation, as the schema's CHECK lists them.
    pub const ALL: [Self; 5] =
        [Self::People, Self::Copyright, Self::Adult, Self::BadFile, Self::Other];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Copyright => "copyright",
            Self::Adult => "adult",
            Self::BadFile => "bad_file",
            Self::Other => "other",
        }
    }

    /// Whether it is certainly the photo that broke the rule: no other text would help.
    pub fn is_of_the_photo(self) -> bool {
        match self {
            Self::People | Self::BadFile => true,
            Self::Copyright | Self::Adult | Self::Other => false,
        }
    }
}
