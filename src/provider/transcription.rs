//! Voice messages put into words, by any API with `OpenAI`'s `/audio/transcriptions`.

use std::path::Path;

use serde_json::Value;
use ureq::{Agent, http::HeaderValue};

use crate::domain::{ports::TranscribeError, text::without_bom};
use crate::provider::{
    agent::{HttpAnswer, describe, read},
    multipart::{FormError, FormFile, send_form},
};

/// Where voice messages are put into words.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listener<'a> {
    /// The client.
    pub agent: &'a Agent,
    /// The address.
    pub url: &'a str,
    /// The model there.
    pub model: &'a str,
}

/// The words of a voice message. Where the answer repeats the key, it is redacted.
pub(crate) fn transcribe(
    listener: Listener<'_>,
    bearer: HeaderValue,
    key: &str,
    voice: &Path,
    name: &str,
) -> Result<String, TranscribeError> {
    let temporary = |text: String| TranscribeError::Temporary(text);
    let fields = [("model", listener.model), ("response_format", "json")];
    let file = FormFile { path: voice, name, mime: mime(name) };
    let answer = send_form(listener.agent, listener.url, bearer, &fields, file);
    let answer = answer.map_err(|error| match error {
        FormError::File(error) => temporary(format!("our own copy: {}", error.kind())),
        FormError::Call(error) => temporary(describe(&error)),
    })?;
    let answer = read(answer, &[key]).map_err(|error| temporary(format!("{error:?}")))?;
    words(&answer)
}

/// The words in an answer.
fn words(answer: &HttpAnswer) -> Result<String, TranscribeError> {
    let root: Option<Value> = serde_json::from_slice(without_bom(&answer.body)).ok();
    let root = root.unwrap_or_default();
    let code = [&root["code"], &root["error"]["code"]].map(Value::as_u64);
    let code = code.into_iter().flatten().find(|code| *code != 200);
    let text = root["text"].as_str().map(str::to_owned);
    match (code.unwrap_or(u64::from(answer.status)), text) {
        (200..300, Some(text)) => Ok(text),
        (200..300, None) => Err(TranscribeError::Temporary("an answer without a text".to_owned())),
        (code @ (408 | 409 | 425 | 429), _) => {
            Err(TranscribeError::Temporary(format!("HTTP {code}")))
        }
        (code @ 400..500, _) => Err(TranscribeError::Refused(format!("HTTP {code}"))),
        (code, _) => Err(TranscribeError::Temporary(format!("HTTP {code}"))),
    }
}

/// The media type by the ending.
fn mime(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|ending| ending.to_str()) {
        Some("ogg") => "audio/ogg",
        Some("mp3") => "audio/mpeg",
        Some("m4a") => "audio/mp4",
        Some("mp4") => "video/mp4",
        Some("wav") => "audio/wav",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_refusals_are_told_from_what_passes() {
        let read = |status, body: &str| words(&HttpAnswer { status, body: body.into() });
        assert_eq!(read(200, "{\"text\":\"Чашка на столе.\"}").as_deref(), Ok("Чашка на столе."));
        assert_eq!(read(200, "\u{feff}{\"text\":\"\",\"usage\":{}}").as_deref(), Ok(""));
        for (status, body) in [
            (200, ""),
            (200, "<html>"),
            (200, "{\"text\":7}"),
            (200, "{\"code\":500,\"msg\":\"busy\",\"data\":null}"),
            (429, "{}"),
            (502, "<html>"),
            (301, ""),
        ] {
            assert!(matches!(read(status, body), Err(TranscribeError::Temporary(_))), "{body}");
        }
        for (status, body) in [
            (404, "{}"),
            (400, "{\"error\":{\"message\":\"a secret\"}}"),
            (200, "{\"code\":404,\"msg\":\"a secret\"}"),
        ] {
            let Err(TranscribeError::Refused(why)) = read(status, body) else { panic!("{body}") };
            assert!(!why.contains("secret"), "{why}");
        }
    }
}
