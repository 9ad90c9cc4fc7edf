//! What a recordInfo answer says about a task: a pure function of a status and bytes.

use serde_json::Value;

use crate::domain::{
    failure::{Failure, FailureKind},
    ports::{PollError, Progress},
};
use crate::provider::{
    agent::SHORTEST_SECRET,
    kie::{
        classify::{classify, quote},
        wire::{Envelope, fetchable, is_success, unreadable, word},
    },
};

/// What a recordInfo answer means. An unknown state counts as running.
pub fn progress(status: u16, body: &[u8]) -> Result<Progress, PollError> {
    let Some(envelope) = Envelope::read(body) else {
        return Err(match status {
            429 => PollError::Refused(unreadable(status)),
            _ => PollError::Lost(format!("HTTP {status} without a readable answer")),
        });
    };
    let state = envelope.data["state"].as_str().map(|state| state.trim().to_lowercase());
    let state = state.as_deref();
    if matches!(state, Some("fail" | "failed")) {
        return Ok(Progress::Failed(task_failure(&envelope.data)));
    }
    if !envelope.is_ok() {
        return Err(if is_unknown_task(&envelope.text) {
            PollError::NotFound(quote(Some(&envelope.code), &envelope.text))
        } else {
            PollError::Refused(envelope.failure())
        });
    }
    if !is_success(status) {
        return Err(PollError::Lost(format!("HTTP {status} with code 200")));
    }
    match state {
        Some("success") => Ok(match result_url(&envelope.data["resultJson"]) {
            Some(url) => Progress::Done { url },
            None => Progress::Failed(Failure::new(
                FailureKind::Unknown,
                "success without the address of a video",
            )),
        }),
        Some(_) => Ok(Progress::Running),
        None if envelope.data.is_null() => Err(PollError::NotFound("no data yet".to_owned())),
        None => Err(PollError::Lost("an answer without a state".to_owned())),
    }
}

/// Why a task failed: by its own text, with the prompt redacted. The `msg` of the envelope
/// says "success" in that case.
fn task_failure(data: &Value) -> Failure {
    let text = match &data["failMsg"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let text = match prompt(data) {
        Some(prompt) => text.replace(&prompt, "…"),
        None => text,
    };
    classify(word(&data["failCode"]).as_deref(), &text)
}

/// The prompt of a task, from `param`: the whole request, as JSON inside a string.
fn prompt(data: &Value) -> Option<String> {
    let prompt = decoded(&data["param"])?["input"]["prompt"].as_str()?.to_owned();
    (prompt.len() >= SHORTEST_SECRET).then_some(prompt)
}

fn is_unknown_task(text: &str) -> bool {
    let text = text.to_lowercase();
    ["recordinfo is null", "record is null", "task not found", "record not found"]
        .iter()
        .any(|phrase| text.contains(phrase))
}

/// The video's address in `resultJson`, which is JSON inside a string or already decoded. The
/// clean video is preferred to the one with a watermark.
fn result_url(result: &Value) -> Option<String> {
    let decoded = decoded(result)?;
    let lists = ["resultUrls", "resultWaterMarkUrls"].map(|name| &decoded[name]);
    lists.into_iter().find_map(first_url)
}

fn decoded(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => serde_json::from_str(text).ok(),
        Value::Null => None,
        other => Some(other.clone()),
    }
}

fn first_url(value: &Value) -> Option<String> {
    match value {
        Value::Array(list) => list.iter().find_map(fetchable),
        one => fetchable(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::key::KeyFault;
    use crate::provider::{
        agent::is_fetchable,
        kie::corpus::{answers, mentioned},
    };
    use crate::testing::malformed::documents;
    use proptest::prelude::*;

    fn poll(body: &str) -> Result<Progress, PollError> {
        progress(200, body.as_bytes())
    }

    #[test]
    fn a_task_in_any_unknown_state_is_running() {
        for state in ["waiting", "queuing", "generating", "dreaming"] {
            let body = format!(r#"{{"code":200,"data":{{"state":"{state}"}}}}"#);
            assert_eq!(poll(&body), Ok(Progress::Running));
        }
    }

    #[test]
    fn a_finished_task_has_the_clean_video_in_every_spelling() {
        for result in [
            r#""{\"resultUrls\":[\"https://h/v.mp4\"],\"resultWaterMarkUrls\":[\"https://h/w\"]}""#,
            r#"{"resultUrls":["","ftp://h/v.mp4","https://h/v.mp4"]}"#,
            r#"{"resultUrls":"https://h/v.mp4"}"#,
            r#""{\"resultUrls\":[],\"resultWaterMarkUrls\":[\"https://h/v.mp4\"]}""#,
        ] {
            let body =
                format!(r#"{{"code":200,"data":{{"state":"success","resultJson":{result}}}}}"#);
            assert_eq!(poll(&body), Ok(Progress::Done { url: "https://h/v.mp4".to_owned() }));
        }
        for result in ["null", r#""""#, r#""{}""#, r#""{broken""#] {
            let body =
                format!(r#"{{"code":200,"data":{{"state":"success","resultJson":{result}}}}}"#);
            let Ok(Progress::Failed(failure)) = poll(&body) else { panic!("{result}") };
            assert_eq!(failure.kind, FailureKind::Unknown);
        }
    }

    #[test]
    fn a_failed_task_is_judged_by_its_own_words_and_not_by_the_roots() {
        let body = r#"{"code":200,"msg":"success","data":{"state":"fail","failCode":"500",
            "failMsg":"the output video may be related to copyright restrictions"}}"#;
        let Ok(Progress::Failed(failure)) = poll(body) else { panic!("not failed") };
        assert_eq!(failure.kind, FailureKind::UserViolation);
        let silent = r#"{"code":501,"msg":"flagged","data":{"state":"fail","failMsg":null}}"#;
        let Ok(Progress::Failed(failure)) = poll(silent) else { panic!("not failed") };
        assert_eq!((failure.kind, &*failure.text), (FailureKind::Unknown, "no reason given"));
    }

    #[test]
    fn a_prompt_that_kie_repeats_is_withheld() {
        let body = r#"{"code":200,"data":{"state":"fail","failCode":"777",
            "failMsg":"cannot draw: the camera says \"hello\" to the cup, sorry",
            "param":"{\"model\":\"m\",\"input\":{\"prompt\":\"the camera says \\\"hello\\\" to the cup\"}}"}}"#;
        let Ok(Progress::Failed(failure)) = poll(body) else { panic!("not failed") };
        assert_eq!(failure.text, "777: cannot draw: …, sorry");
    }

    #[test]
    fn a_poll_that_fails_says_nothing_about_the_task() {
        for body in [
            r#"{"code":422,"msg":"recordInfo is null","data":null}"#,
            r#"{"code":404,"msg":"Task not found"}"#,
            r#"{"code":200,"msg":"success","data":null}"#,
        ] {
            assert!(matches!(poll(body), Err(PollError::NotFound(_))), "{body}");
        }
        let dead = poll(r#"{"code":401,"msg":"You do not have access permissions"}"#);
        let Err(PollError::Refused(failure)) = dead else { panic!("not refused") };
        assert_eq!(failure.key_fault, Some(KeyFault::KeyDead));
        for body in ["<html>", r#"{"code":200,"data":{"sta"#, r#"{"code":200,"data":{}}"#] {
            assert!(matches!(poll(body), Err(PollError::Lost(_))), "{body}");
        }
    }

    proptest! {
        #[test]
        fn there_is_no_video_but_at_an_address_in_the_answer(
            status in prop_oneof![3 => Just(200_u16), 1 => any::<u16>()],
            body in documents(&answers()),
        ) {
            let meant = progress(status, &body);
            prop_assert_eq!(&meant, &progress(status, &body));
            match meant {
                Ok(Progress::Done { url }) => {
                    let answer: Value = serde_json::from_slice(&body).unwrap();
                    prop_assert!(is_fetchable(&url) && mentioned(&answer).contains(&url), "{url}");
                }
                Ok(Progress::Failed(failure)) | Err(PollError::Refused(failure)) => {
                    prop_assert!(failure.text.chars().count() <= 600);
                }
                Err(PollError::NotFound(text) | PollError::Lost(text)) => {
                    prop_assert!(text.chars().count() <= 600);
                }
                Ok(Progress::Running) => prop_assert!(serde_json::from_slice::<Value>(&body).is_ok()),
            }
        }

        #[test]
        fn what_stands_in_a_result_is_taken_or_left(text: String) {
            let result = Value::from(text);
            let json = format!(r#"{{"code":200,"data":{{"state":"success","resultJson":{result}}}}}"#);
            prop_assert!(matches!(poll(&json), Ok(Progress::Failed(_))));
        }
    }
}
