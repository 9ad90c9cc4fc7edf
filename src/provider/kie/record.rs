//! What a recordInfo answer says about a task: a pure function of a status and bytes.

use serde_json::Value;

use crate::domain::{
    failure::Failure,
    ports::{PollError, Progress},
    text::is_blank,
};
use crate::provider::{
    agent::SHORTEST_SECRET,
    kie::{
        classify::{classify, quote},
        result::video_address,
        wire::{Envelope, decoded, is_success, unreadable, word},
    },
};

/// What the word of a state says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Failed,
    Running,
    Finished,
    /// A word that nobody has seen yet.
    New,
}

/// A state with one of these words is a failure: KIE's own, and those of the makers behind it.
const FAILED: &[&str] = &[
    "fail",
    "failed",
    "failure",
    "error",
    "errored",
    "unsuccessful",
    "cancelled",
    "canceled",
    "rejected",
    "aborted",
    "expired",
    "timeout",
    "timedout",
    "dead",
    "invalid",
];

/// A state with one of these runs, as does each with a word in "-ing": waiting, generating.
const RUNNING: &[&str] = &[
    "wait",
    "queue",
    "queued",
    "start",
    "started",
    "submit",
    "submitted",
    "create",
    "created",
    "accepted",
    "received",
    "scheduled",
    "init",
    "initialized",
    "progress",
    "not",
    "new",
];

/// A state with one of these is finished.
const FINISHED: &[&str] = &[
    "success",
    "successful",
    "successfully",
    "succeed",
    "succeeded",
    "complete",
    "completed",
    "finish",
    "finished",
    "done",
    "ready",
    "generated",
    "rendered",
    "processed",
    "ok",
];

impl State {
    /// The state of a record, if it has one.
    fn of(data: &Value) -> Option<Self> {
        let state = ["state", "status"].iter().find_map(|name| data[*name].as_str())?;
        let state = state.to_lowercase();
        let words = || state.split(|c: char| !c.is_alphanumeric());
        Some(if words().any(|word| FAILED.contains(&word)) {
            Self::Failed
        } else if words().any(|word| word.ends_with("ing") || RUNNING.contains(&word)) {
            Self::Running
        } else if words().any(|word| FINISHED.contains(&word)) {
            Self::Finished
        } else {
            Self::New
        })
    }
}

/// What a recordInfo answer means. The address of a video is proof enough that it is there,
/// unless the state says that it failed or still runs; without one a new state counts as running.
pub fn progress(status: u16, body: &[u8]) -> Result<Progress, PollError> {
    let Some(envelope) = Envelope::read(body) else {
        return Err(match status {
            429 => PollError::Refused(unreadable(status)),
            _ => PollError::Lost(format!("HTTP {status} without a readable answer")),
        });
    };
    let state = State::of(&envelope.data);
    if state == Some(State::Failed) {
        return Ok(Progress::Failed(task_failure(&envelope.data)));
    }
    // Some of the makers' own answers, passed on, count from 0.
    if !envelope.is_ok() && envelope.code != "0" {
        return Err(if is_unknown_task(&envelope.text) {
            PollError::NotFound(quote(Some(&envelope.code), &envelope.text))
        } else {
            PollError::Refused(envelope.failure())
        });
    }
    if !is_success(status) {
        return Err(PollError::Lost(format!("HTTP {status} with code 200")));
    }
    if state == Some(State::Running) {
        return Ok(Progress::Running);
    }
    if let Some(url) = video_address(&envelope.data) {
        return Ok(Progress::Done { url });
    }
    match state {
        // A success that names a failure and no video is none.
        Some(State::Finished) if names_failure(&envelope.data) => {
            Ok(Progress::Failed(task_failure(&envelope.data)))
        }
        Some(State::Finished) => Ok(Progress::NoAddress),
        Some(_) => Ok(Progress::Running),
        None if envelope.data.is_null() => Err(PollError::NotFound("no data yet".to_owned())),
        None => Err(PollError::Lost("an answer without a state".to_owned())),
    }
}

/// Whether a task says why it failed.
fn names_failure(data: &Value) -> bool {
    let is_success = |text: &str| ["success", "ok"].iter().any(|w| text.eq_ignore_ascii_case(w));
    data["failMsg"].as_str().is_some_and(|text| !is_blank(text) && !is_success(text.trim()))
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
    let param = &data["param"];
    let param = decoded(param).unwrap_or_else(|| param.clone());
    let prompt = param["input"]["prompt"].as_str()?.to_owned();
    (prompt.len() >= SHORTEST_SECRET).then_some(prompt)
}

fn is_unknown_task(text: &str) -> bool {
    let text = text.to_lowercase();
    ["recordinfo is null", "record is null", "task not found", "record not found"]
        .iter()
        .any(|phrase| text.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{failure::FailureKind, key::KeyFault, text::without_bom};
    use crate::provider::{
        agent::is_fetchable,
        kie::{
            corpus::{answers, mentioned},
            wire::address,
        },
    };
    use crate::testing::malformed::documents;
    use proptest::prelude::*;
    use serde_json::json;

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
    }

    #[test]
    fn a_success_without_an_address_is_no_video_yet() {
        for result in ["null", r#""""#, r#""{}""#, r#""{broken""#, r#"{"coverUrl":"https://h/c"}"#]
        {
            let body =
                format!(r#"{{"code":200,"data":{{"state":"success","resultJson":{result}}}}}"#);
            assert_eq!(poll(&body), Ok(Progress::NoAddress), "{result}");
        }
        assert_eq!(poll(r#"{"code":200,"data":{"state":"Completed"}}"#), Ok(Progress::NoAddress));
    }

    #[test]
    fn a_success_that_names_a_failure_and_no_video_is_one() {
        let with = |text: Value| {
            let data = json!({"state": "success", "failCode": "400", "failMsg": text});
            progress(200, json!({"code": 200, "data": data}).to_string().as_bytes())
        };
        let refused = with(json!("This content may violate our content policies."));
        let Ok(Progress::Failed(failure)) = refused else { panic!("{refused:?}") };
        assert_eq!(failure.kind, FailureKind::UserViolation);
        for nothing in [json!(""), json!(" "), json!(null), json!("success"), json!("OK")] {
            assert_eq!(with(nothing.clone()), Ok(Progress::NoAddress), "{nothing}");
        }
    }

    #[test]
    fn an_address_is_proof_enough_unless_the_task_failed_or_runs() {
        let with = |field: &str, state: Value| {
            let result = json!({"resultUrls": ["https://h/v.mp4"]}).to_string();
            let data = json!({ field: state, "resultJson": result });
            progress(200, json!({"code": 200, "data": data}).to_string().as_bytes())
        };
        let done = Ok(Progress::Done { url: "https://h/v.mp4".to_owned() });
        let finished = "success SUCCESS succeed Succeeded completed Complete finished done \
                        TEXT_SUCCESS partially_completed well 4";
        for state in finished.split(' ').chain([" success ", ""]) {
            assert_eq!(with("state", json!(state)), done, "{state}");
        }
        assert_eq!(with("state", Value::Null), done);
        assert_eq!(with("state", json!(3)), done);
        assert_eq!(with("status", json!("Succeeded")), done);
        for state in "waiting queuing GENERATING in_progress IN_QUEUE not_finished".split(' ') {
            assert_eq!(with("state", json!(state)), Ok(Progress::Running), "{state}");
        }
        for state in "fail FAILED GENERATE_VIDEO_FAILED error cancelled".split(' ') {
            assert!(matches!(with("state", json!(state)), Ok(Progress::Failed(_))), "{state}");
        }
    }

    #[test]
    fn a_mark_of_order_before_an_answer_or_a_result_hides_nothing() {
        let result = "\u{feff}{\"resultUrls\":[\"https://h/v.mp4\"]}";
        let data = json!({"state": "success", "resultJson": result});
        let body = format!("\u{feff}{}", json!({"code": 200, "data": data}));
        assert_eq!(poll(&body), Ok(Progress::Done { url: "https://h/v.mp4".to_owned() }));
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
                    let answer: Value = serde_json::from_slice(without_bom(&body)).unwrap();
                    let words = mentioned(&answer);
                    let is_there = words
                        .iter()
                        .any(|word| address(word).as_ref() == Some(&url) || word.contains(&url));
                    prop_assert!(is_fetchable(&url) && is_there, "{url}");
                }
                Ok(Progress::Failed(failure)) | Err(PollError::Refused(failure)) => {
                    prop_assert!(failure.text.chars().count() <= 600);
                }
                Err(PollError::NotFound(text) | PollError::Lost(text)) => {
                    prop_assert!(text.chars().count() <= 600);
                }
                Ok(Progress::Running | Progress::NoAddress) => {
                    prop_assert!(serde_json::from_slice::<Value>(without_bom(&body)).is_ok());
                }
            }
        }

        #[test]
        fn what_stands_in_a_result_is_taken_or_left(text: String) {
            let result = Value::from(text);
            let json = format!(r#"{{"code":200,"data":{{"state":"success","resultJson":{result}}}}}"#);
            prop_assert_eq!(poll(&json), Ok(Progress::NoAddress));
        }
    }
}
