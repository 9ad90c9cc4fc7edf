//! What a failure's code and words mean.
//!
//! KIE uses one code for many things (500 is an outage, a wrong field, a paused model and a
//! refused photo), so the text decides first and the code last. It is matched by phrases,
//! because single words mislead: `content[1].video_url` is no moderation, and many refusals
//! end in "please try again".

use crate::domain::{
    failure::{Failure, FailureKind, Violation},
    key::KeyFault,
};
use crate::provider::kie::{
    moderation::violation,
    phrases::{CAPPED, DEAD, DOWN, EMPTY, PASSING, RATE, VALIDATION, any},
};

/// How much of KIE's text is kept for the operator, in characters.
const LONGEST_TEXT: usize = 500;

/// Classifies a failure by its code (as KIE wrote it, if at all) and its text. The order of the
/// checks matters.
pub fn classify(code: Option<&str>, text: &str) -> Failure {
    let code = code.map(str::trim).filter(|code| !code.is_empty());
    let number = code.and_then(|code| code.parse().ok());
    let words = match (number, code) {
        // Some makers have words for codes.
        (None, Some(code)) => format!("{code}: {text}"),
        _ => text.to_owned(),
    };
    let lower = words.to_lowercase();
    let (kind, violation, key_fault) = meaning(number.unwrap_or(0), cause(&lower));
    Failure { kind, violation, key_fault, text: quote(code, text) }
}

/// `code: text`, within the length that is kept.
pub(crate) fn quote(code: Option<&str>, text: &str) -> String {
    let text = text.trim();
    let whole = match code {
        Some(code) if text.is_empty() => code.to_owned(),
        Some(code) => format!("{code}: {text}"),
        None if text.is_empty() => "no reason given".to_owned(),
        None => text.to_owned(),
    };
    whole.chars().take(LONGEST_TEXT).collect()
}

type Meaning = (FailureKind, Option<Violation>, Option<KeyFault>);

fn meaning(code: u32, text: &str) -> Meaning {
    if let Some(violation) = violation(code, text) {
        return (FailureKind::UserViolation, Some(violation), None);
    }
    if is_input_fetch(code, text) {
        return (FailureKind::InputFetch, None, None);
    }
    if let Some(fault) = key_fault(code, text) {
        return (FailureKind::Billing, None, Some(fault));
    }
    let kind = if matches!(code, 405 | 429 | 430) || any(text, RATE) {
        FailureKind::RateLimit
    } else if code == 505 || any(text, DOWN) {
        FailureKind::ModelDown
    } else if matches!(code, 413 | 422) || is_validation(text) {
        FailureKind::OurBug
    } else if matches!(code, 408 | 455 | 500..=599) || any(text, PASSING) {
        FailureKind::Temporary
    } else {
        FailureKind::Unknown
    };
    (kind, None, None)
}

/// Veo wraps a cause: `Your request was rejected by Flow(<cause>). You may …`.
fn cause(text: &str) -> &str {
    let Some((_, inner)) = text.split_once("rejected by flow(") else { return text };
    let end = inner.find("). you may").or_else(|| inner.rfind(')'));
    end.map_or(inner, |end| &inner[..end])
}

fn is_input_fetch(code: u32, text: &str) -> bool {
    code == 451 || any(text, &["fetch", "download"]) && any(text, &["image", "file", "url"])
}

fn key_fault(code: u32, text: &str) -> Option<KeyFault> {
    if code == 402 || any(text, EMPTY) {
        Some(KeyFault::AccountEmpty)
    } else if code == 433 || any(text, CAPPED) {
        Some(KeyFault::KeyCapped)
    } else if matches!(code, 401 | 403) || any(text, DEAD) {
        Some(KeyFault::KeyDead)
    } else {
        None
    }
}

fn is_validation(text: &str) -> bool {
    any(text, VALIDATION) || text.trim_end().ends_with(" invalid")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::kie::corpus::{CORPUS, MAKERS};
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    #[test]
    fn every_text_that_was_ever_seen_is_understood() {
        for (code, text, kind, violation, key_fault) in CORPUS {
            let failure = classify(Some(code), text);
            let found = (failure.kind, failure.violation, failure.key_fault);
            assert_eq!(found, (*kind, *violation, *key_fault), "{code}: {text}");
        }
    }

    fn kind(code: &str, text: &str) -> FailureKind {
        classify(Some(code), text).kind
    }

    #[test]
    fn names_of_fields_are_no_moderation() {
        assert_eq!(kind("500", "nsfw_checker it must be a boolean"), FailureKind::OurBug);
        assert_eq!(kind("500", "mode is case-sensitive"), FailureKind::Temporary);
        assert_eq!(kind("400", "content[1].video_url: invalid param: x"), FailureKind::OurBug);
        assert_eq!(kind("400", "the account has expired content"), FailureKind::Unknown);
        assert_eq!(kind("400", "content_safety_level is unknown"), FailureKind::Unknown);
    }

    #[test]
    fn an_ordinary_fault_that_uses_the_words_of_refusals_stays_what_it_is() {
        for text in [
            "retry policy exhausted",
            "the retry policy was violated",
            "violates the cache policy",
            "blocked by network policy",
            "rate limit policy violation",
            "Violation of the policy of retries",
            "content-type application/json is not supported",
            "unexpected content type",
            "content length 12 exceeds the buffer",
            "content check sum mismatch",
            "content not found",
            "content[1].video_url is broken",
            "safety timeout",
            "safety system: timed out",
            "moderation service is busy",
            "risk control service unavailable",
            "审核服务超时",
            "内容安全服务异常",
            "the server is under moderate load",
            "parameter names are case sensitive",
            "参数大小写敏感",
            "person_id is unknown",
            "portrait orientation is not supported",
            "the interface is not ready",
            "feature flagged off",
            "Your account has been suspended for violating our terms of service",
            "Your account was restricted by risk control",
            "see our guidelines for image_urls",
            "input stream rejected",
            "width 1026 is odd",
            "image rejected: too large",
            "image size violates the guidelines",
            "the prompt is not allowed to be empty",
            "Content is not allowed in prolog.",
            "illegal character in the prompt",
            "unsafe redirect of the image",
            "segmentation violation",
            "blocked by CORS policy",
            "sensitive header removed",
        ] {
            for code in ["400", "500"] {
                let failure = classify(Some(code), text);
                assert_eq!(failure.violation, None, "{code}: {text}");
                assert_ne!(failure.kind, FailureKind::UserViolation, "{code}: {text}");
            }
        }
    }

    #[test]
    fn a_refusal_in_a_makers_own_words_is_one_whatever_its_code() {
        for (violation, texts) in MAKERS {
            for text in *texts {
                for code in [Some("400"), Some("500"), Some("422"), Some(""), None] {
                    let failure = classify(code, text);
                    assert_eq!(failure.violation, Some(*violation), "{code:?}: {text}");
                }
                for wrapped in [
                    format!("Generation failed: {text} Request id: 0217"),
                    format!(r#"{{"code":500,"message":"{text}"}}"#),
                ] {
                    assert_eq!(kind("500", &wrapped), FailureKind::UserViolation, "{wrapped}");
                }
            }
        }
        for code in ["DataInspectionFailed", "OutputVideoSensitiveContentDetected", "1026", "1027"]
        {
            for text in ["", "see the documents"] {
                assert_eq!(kind(code, text), FailureKind::UserViolation, "{code}: {text}");
            }
        }
    }

    #[test]
    fn a_moderation_service_out_of_order_blames_nobody() {
        assert_eq!(kind("500", "moderation service timeout"), FailureKind::Temporary);
        assert_eq!(kind("500", "safety system: Internal Server Error"), FailureKind::Temporary);
    }

    #[test]
    fn what_fails_around_a_moderation_is_temporary() {
        for text in [
            "Failed to connect to content safety service",
            "Could not reach the moderation endpoint: ECONNRESET",
            "upstream moderation gateway: bad gateway",
            "guardrails service: 502 bad gateway",
            "Moderation queue is full",
            "moderation API quota exceeded",
            "moderation pipeline lag; try again in a few minutes",
            "The content moderation service returned an unexpected error",
            "Failed to run moderation: model server unreachable",
            "error calling moderation endpoint",
            "GPU worker died while running safety filter",
            "Sensitive data masking failed",
            "node flagged unhealthy",
            "Segment flagged as slow, aborted",
            "Task flagged for retry by scheduler",
            "敏感词库加载失败",
            "nsfw filter: failed to load model weights",
            "nudity model not loaded",
            "sexual-content classifier: connection reset",
            "racy condition: race in worker",
            "Copyright metadata writer failed: disk full",
            "trademark lookup: 504",
            "public figure database offline",
            "safety checker crashed",
            "content review: could not connect to redis",
            "likeness detector: no response",
            "guardrail model out of memory",
            "审核服务连接失败",
            "the minor version of the encoder is not supported",
            "could not run content moderation",
            "moderation service returned 500",
            "the safety check could not be completed",
            "host flagged for eviction",
            "explicit content-length required",
            "person_id is not supported",
        ] {
            for code in ["500", "502"] {
                assert_eq!(kind(code, text), FailureKind::Temporary, "{code}: {text}");
            }
        }
    }

    #[test]
    fn a_wrapped_cause_counts_and_not_its_wrapping() {
        let wrapped = |cause: &str| {
            let text = format!(
                "Your request was rejected by Flow({cause}). You may consider using our other \
                 fallback channels (they are not flagged)"
            );
            kind("400", &text)
        };
        assert_eq!(wrapped("Internal Error, Please try again later."), FailureKind::Temporary);
        assert_eq!(wrapped("PUBLIC_ERROR: flagged as sensitive"), FailureKind::UserViolation);
        assert_eq!(wrapped("something new"), FailureKind::Unknown);
    }

    #[test]
    fn the_code_decides_when_words_are_missing() {
        assert_eq!(kind("500", ""), FailureKind::Temporary);
        assert_eq!(kind("", ""), FailureKind::Unknown);
        assert_eq!(classify(None, " ").text, "no reason given");
        assert_eq!(classify(Some("500"), "").text, "500");
    }

    #[test]
    fn the_operator_reads_five_hundred_characters_at_most() {
        let failure = classify(Some("500"), &"я".repeat(2000));
        assert_eq!(failure.text.chars().count(), LONGEST_TEXT);
        assert!(failure.text.starts_with("500: я"));
    }
    proptest! {
        #[test]
        fn every_failure_has_one_kind_and_a_short_text(
            code in prop_oneof![".{0,6}", "[0-9]{1,4}"],
            text in texts(&seen()),
        ) {
            let failure = classify(Some(&code), &text);
            prop_assert_eq!(&failure, &classify(Some(&code), &text));
            prop_assert!((1..=LONGEST_TEXT).contains(&failure.text.chars().count()));
            let blamed = failure.kind == FailureKind::UserViolation;
            prop_assert_eq!(failure.violation.is_some(), blamed);
            let billed = failure.kind == FailureKind::Billing;
            prop_assert_eq!(failure.key_fault.is_some(), billed);
        }
    }

    fn seen() -> Vec<String> {
        CORPUS.iter().map(|row| row.1.to_owned()).collect()
    }
}
