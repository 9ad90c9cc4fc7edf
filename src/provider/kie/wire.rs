//! What KIE's answers mean: pure functions of a status and bytes.
//!
//! KIE usually answers HTTP 200 and puts the result into `{code, msg, data}`, so the envelope
//! counts before the status. `msg` may be called `message`, `code` may be a
//! string, `data` may be null, and a gateway in between may send HTML instead.

use std::fmt::Write;

use serde_json::Value;

use crate::domain::{
    failure::{Failure, FailureKind},
    ports::SubmitError,
    text::{trimmed, without_bom},
};
use crate::provider::{
    agent::{CallError, is_fetchable},
    kie::classify::{classify, quote},
};

/// The longest task id that can be polled, in bytes; KIE's have 32. A longer one would not fit
/// into an address.
const LONGEST_TASK: usize = 1000;

/// What a createTask answer means.
///
/// - A task id with code 200 under HTTP 2xx is a task.
/// - A readable envelope with another code and no task id comes from KIE itself: there is no
///   task, even under HTTP 5xx. Refused.
/// - HTTP 3xx and 4xx without an envelope come from a gateway that passed nothing on: refused
///   too. The exception is 408, with which a gateway stops waiting for KIE.
/// - Anything else may have made a paid task: lost. So is a task id with another code, which
///   may be paid for all the same, and one that is too long to be polled.
pub fn created(status: u16, body: &[u8]) -> Result<String, SubmitError> {
    let Some(envelope) = Envelope::read(body) else {
        return Err(match status {
            300..=407 | 409..=499 => SubmitError::Refused(unreadable(status)),
            _ => SubmitError::Lost(format!("HTTP {status} without a readable answer")),
        });
    };
    let task = ["taskId", "recordId"].iter().find_map(|name| word(&envelope.data[*name]));
    match task {
        Some(task) if task.len() > LONGEST_TASK => {
            Err(SubmitError::Lost(format!("HTTP {status}, a task id of {} bytes", task.len())))
        }
        Some(task) if envelope.is_ok() && is_success(status) => Ok(task),
        Some(task) => {
            let words = quote(Some(&envelope.code), &envelope.text);
            Err(SubmitError::Lost(format!("HTTP {status} with the task {task} and yet {words}")))
        }
        None if envelope.is_ok() || envelope.code == "0" => {
            Err(SubmitError::Lost(format!("HTTP {status}, success without a task id")))
        }
        None => Err(SubmitError::Refused(envelope.failure())),
    }
}

/// The address of an uploaded photo.
pub fn uploaded(status: u16, body: &[u8]) -> Result<String, Failure> {
    let envelope = Envelope::read(body).ok_or_else(|| unreadable(status))?;
    if !envelope.is_ok() {
        return Err(envelope.failure());
    }
    let fields = ["downloadUrl", "fileUrl"].map(|name| &envelope.data[name]);
    let url = fields.into_iter().find_map(fetchable);
    url.ok_or_else(|| Failure::new(FailureKind::Temporary, "an upload without an address"))
}

/// The credits that are left. KIE documents an integer and sends a float.
pub fn credit(status: u16, body: &[u8]) -> Result<f64, Failure> {
    let envelope = Envelope::read(body).ok_or_else(|| unreadable(status))?;
    if !envelope.is_ok() {
        return Err(envelope.failure());
    }
    let number = match &envelope.data {
        Value::String(text) => text.trim().parse().ok(),
        data => data.as_f64(),
    };
    let number = number.filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| Failure::new(FailureKind::Temporary, "a balance that is no number"))
}

/// The new link that download-url gives for an expired one.
pub fn fresh_link(body: &[u8]) -> Option<String> {
    let envelope = Envelope::read(body)?;
    fetchable(&envelope.data).or_else(|| fetchable(&envelope.data["downloadUrl"]))
}

/// What an HTTP status means without an envelope. A 401 or 403 without one comes from
/// Cloudflare or a proxy and says nothing about the key.
pub(crate) fn unreadable(status: u16) -> Failure {
    let code = match status {
        401 | 403 => "500".to_owned(),
        200..=299 => "502".to_owned(),
        _ => status.to_string(),
    };
    let text = format!("HTTP {status} without a readable answer");
    Failure { text, ..classify(Some(&code), "") }
}

/// What a free call without an answer means: try again, unless the key cannot be sent at
/// all.
pub(crate) fn unanswered(error: CallError) -> Failure {
    match error {
        CallError::NotSent(text) | CallError::Lost(text) => {
            Failure::new(FailureKind::Temporary, text)
        }
        CallError::BadKey => classify(Some("401"), "the key has characters that no header carries"),
    }
}

/// KIE's envelope around every answer.
pub(crate) struct Envelope {
    /// The code as it was written; "200" is success.
    pub code: String,
    /// The text, empty if there is none.
    pub text: String,
    /// The content, null if there is none.
    pub data: Value,
}

impl Envelope {
    /// Reads an answer; `None` if it is no JSON or has no code.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let root: Value = serde_json::from_slice(without_bom(body)).ok()?;
        let mut root = decoded(&root).unwrap_or(root);
        let code = word(&root["code"])?;
        let text = ["msg", "message"].iter().find_map(|name| word(&root[*name]));
        let data = root.get_mut("data").map(Value::take).unwrap_or_default();
        let data = decoded(&data).unwrap_or(data);
        Some(Self { code, text: text.unwrap_or_default(), data })
    }

    /// Whether KIE reports success.
    pub(crate) fn is_ok(&self) -> bool {
        self.code == "200"
    }

    /// What it means otherwise.
    pub(crate) fn failure(&self) -> Failure {
        classify(Some(&self.code), &self.text)
    }
}

/// The address by which a task is polled.
pub fn record_address(api_url: &str, task: &str) -> String {
    format!("{api_url}/api/v1/jobs/recordInfo?taskId={}", percent_encoded(task))
}

/// A task id as part of an address; ids are opaque, so they may have any characters.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encode(&mut encoded, &[byte]);
        }
    }
    encoded
}

fn encode(encoded: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(encoded, "%{byte:02X}");
    }
}

/// Whether an HTTP status is one of success.
pub(crate) fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// A text that is not empty, or a whole number, as text.
pub(crate) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => {
            let text = number.to_string();
            Some(text.strip_suffix(".0").map(str::to_owned).unwrap_or(text))
        }
        _ => None,
    }
}

/// A text that is an address of a file.
pub(crate) fn fetchable(value: &Value) -> Option<String> {
    value.as_str().and_then(address)
}

/// The address in a text, as it can be sent: what no address may hold is percent-encoded, as
/// browsers do it, and a slash that JSON escaped once too often is a slash.
pub(crate) fn address(text: &str) -> Option<String> {
    let text = trimmed(text).replace("\\/", "/");
    let mut url = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' => {}
            '!'..='~' if !"\"<>\\^`{|}".contains(c) => url.push(c),
            _ => encode(&mut url, c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    is_fetchable(&url).then_some(url)
}

/// The object or list in a text that is JSON, and in JSON of which that is the text again.
pub(crate) fn decoded(value: &Value) -> Option<Value> {
    let json = without_bom(value.as_str()?.as_bytes());
    if !json.starts_with(b"{") && !json.starts_with(b"[") && !json.starts_with(b"\"") {
        return None;
    }
    let inner: Value = serde_json::from_slice(json).ok()?;
    if inner.is_string() { decoded(&inner).or(Some(inner)) } else { Some(inner) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::key::KeyFault;
    use crate::provider::kie::corpus::{answers, mentioned};
    use crate::testing::malformed::documents;
    use proptest::prelude::*;
    use serde_json::json;

    fn create(status: u16, body: &str) -> Result<String, SubmitError> {
        created(status, body.as_bytes())
    }

    fn refusal(result: Result<String, SubmitError>) -> FailureKind {
        match result {
            Err(SubmitError::Refused(failure)) => failure.kind,
            other => panic!("not refused: {other:?}"),
        }
    }

    fn is_lost(result: &Result<String, SubmitError>) -> bool {
        matches!(result, Err(SubmitError::Lost(_)))
    }

    #[test]
    fn a_task_is_known_by_its_id_in_every_spelling() {
        for body in [
            r#"{"code":200,"msg":"success","data":{"taskId":"t1"}}"#,
            r#"{"code":"200","message":"success","data":{"taskId":"t1"}}"#,
            r#"{"code":200,"data":{"recordId":"t1"}}"#,
        ] {
            assert_eq!(create(200, body), Ok("t1".to_owned()));
        }
        let number = r#"{"code":200,"data":{"taskId":17}}"#;
        assert_eq!(create(200, number), Ok("17".to_owned()));
    }

    #[test]
    fn an_envelope_that_says_no_is_a_refusal_whatever_the_status() {
        let busy = r#"{"code":500,"msg":"the server is busy","data":null}"#;
        assert_eq!(refusal(create(200, busy)), FailureKind::Temporary);
        assert_eq!(refusal(create(503, busy)), FailureKind::Temporary);
        let capped = r#"{"code":"433","message":"used up"}"#;
        let Err(SubmitError::Refused(failure)) = create(200, capped) else { panic!("no refusal") };
        assert_eq!(failure.key_fault, Some(KeyFault::KeyCapped));
        assert_eq!(failure.text, "433: used up");
    }

    #[test]
    fn a_gateway_that_turned_us_away_passed_nothing_on() {
        assert_eq!(refusal(create(403, "error code: 1010")), FailureKind::Temporary);
        assert_eq!(refusal(create(401, "<html>")), FailureKind::Temporary);
        assert_eq!(refusal(create(429, "")), FailureKind::RateLimit);
        assert_eq!(refusal(create(301, "")), FailureKind::Unknown);
    }

    #[test]
    fn an_answer_that_cannot_be_read_may_hide_a_paid_task() {
        for (status, body) in [
            (502, "<html>"),
            (525, ""),
            (408, ""),
            (200, "{\"code\":200,\"da"),
            (200, "[]"),
            (500, r#"{"status":500,"error":"Internal Server Error"}"#),
            (200, r#"{"code":200,"msg":"success","data":null}"#),
            (200, r#"{"code":0,"data":{}}"#),
            (200, r#"{"code":500,"msg":"x","data":{"taskId":"t1"}}"#),
            (502, r#"{"code":200,"data":{"taskId":"t1"}}"#),
        ] {
            assert!(is_lost(&create(status, body)), "{status} {body}");
        }
    }

    #[test]
    fn an_answer_is_read_with_a_mark_of_order_and_encoded_once_more() {
        let plain = r#"{"code":200,"data":{"taskId":"t1"}}"#;
        let inside = json!({ "code": 200, "data": r#"{"taskId":"t1"}"# }).to_string();
        let twice = Value::from(plain).to_string();
        for body in [plain, &inside, &twice] {
            for mark in ["", "\u{feff}", "\r\n\u{feff} "] {
                assert_eq!(create(200, &format!("{mark}{body}")), Ok("t1".to_owned()), "{body}");
            }
        }
    }

    #[test]
    fn what_an_address_must_not_hold_is_encoded() {
        for (raw, url) in [
            (" https://h/v.mp4\n", "https://h/v.mp4"),
            ("\u{feff}https://h/a b.mp4?c=d e", "https://h/a%20b.mp4?c=d%20e"),
            ("https://h/a%20b c", "https://h/a%20b%20c"),
            ("https://h/чай.jpg", "https://h/%D1%87%D0%B0%D0%B9.jpg"),
            ("https://h/a<b>|c\"{d}", "https://h/a%3Cb%3E%7Cc%22%7Bd%7D"),
            ("https:\\/\\/h\\/v.mp4", "https://h/v.mp4"),
            ("https://h/v\n.mp4", "https://h/v.mp4"),
            ("HTTPS://h/v+w=%2F&x", "HTTPS://h/v+w=%2F&x"),
        ] {
            assert_eq!(address(raw).as_deref(), Some(url), "{raw:?}");
            let json = json!({ "code": 200, "data": { "downloadUrl": raw } }).to_string();
            assert_eq!(uploaded(200, json.as_bytes()).as_deref(), Ok(url));
            assert_eq!(fresh_link(json.as_bytes()).as_deref(), Some(url));
        }
        for none in ["", "a b", "https://", "ftp://h/a b", "https://h h/v", "see https://h/v"] {
            assert_eq!(address(none), None, "{none}");
        }
    }

    #[test]
    fn a_balance_is_a_number_however_it_is_written() {
        for body in [r#"{"code":200,"data":812.5}"#, r#"{"code":200,"data":" 812.5 "}"#] {
            assert_eq!(credit(200, body.as_bytes()), Ok(812.5));
        }
        assert_eq!(credit(200, br#"{"code":200,"data":100}"#), Ok(100.0));
        assert!(credit(200, br#"{"code":200,"data":"NaN"}"#).is_err());
    }

    proptest! {
        #[test]
        fn a_task_is_one_that_the_answer_names_and_that_can_be_asked_about(
            status in statuses(),
            body in documents(&answers()),
        ) {
            let made = created(status, &body);
            prop_assert_eq!(&made, &created(status, &body));
            match made {
                Ok(task) => {
                    prop_assert!(is_success(status) && names(&body, &task), "{task}");
                    prop_assert!(is_fetchable(&record_address("https://api.kie.ai", &task)));
                }
                Err(SubmitError::Refused(failure)) => prop_assert!(is_short(&failure.text)),
                Err(SubmitError::Lost(text)) => prop_assert!(is_short(&text)),
                Err(SubmitError::NotSent(text)) => prop_assert!(false, "an answer came: {text}"),
            }
        }

        #[test]
        fn an_address_is_one_that_the_answer_names(
            status in statuses(),
            body in documents(&answers()),
        ) {
            for url in [uploaded(status, &body).ok(), fresh_link(&body)].into_iter().flatten() {
                prop_assert!(is_fetchable(&url) && names(&body, &url), "{url}");
            }
        }

        #[test]
        fn a_balance_is_finite(status in statuses(), body in documents(&answers())) {
            match credit(status, &body) {
                Ok(balance) => prop_assert!(balance.is_finite()),
                Err(failure) => prop_assert!(is_short(&failure.text)),
            }
        }
    }

    fn statuses() -> impl Strategy<Value = u16> {
        prop_oneof![3 => Just(200), 1 => any::<u16>()]
    }

    fn names(body: &[u8], text: &str) -> bool {
        let answer: Value = serde_json::from_slice(without_bom(body)).unwrap();
        let is_it = |word: &String| word == text || address(word).is_some_and(|url| url == text);
        mentioned(&answer).iter().any(is_it)
    }

    fn is_short(text: &str) -> bool {
        text.chars().count() <= 600
    }
}
