//! A failure of KIE's: a code, a line break, a text.
#![cfg_attr(feature = "fuzz", no_main)]

use reelbot::testing::{domain::FailureKind, provider::classify};

reelbot_fuzz::fuzz_target!(|input: &str| {
    let (code, text) = input.split_once('\n').unwrap_or(("", input));
    let failure = classify(Some(code), text);
    assert_eq!(failure, classify(Some(code), text));
    assert!((1..=500).contains(&failure.text.chars().count()));
    assert_eq!(failure.violation.is_some(), failure.kind == FailureKind::UserViolation);
    assert_eq!(failure.key_fault.is_some(), failure.kind == FailureKind::Billing);
});
