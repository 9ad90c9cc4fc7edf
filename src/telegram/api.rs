//! Calls: teloxide's payloads go out, plain JSON comes back.
//!
//! teloxide writes the requests, but does not read the answers. Its types take
//! a video without a mime type for an empty message, its errors drop the code, a
//! server error makes it sleep ten seconds, and it reads an answer of any
//! length. Here an answer with `"ok": true` is a success whatever its shape.

use std::{collections::BTreeMap, path::Path, time::Duration};

use reqwest::{
    Body, RequestBuilder, Response,
    header::{CONTENT_TYPE, RETRY_AFTER},
    multipart::{Form, Part},
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use teloxide::requests::Payload;

use crate::domain::text::without_bom;
use crate::telegram::{
    bot::{Bot, TRANSFER},
    error::TelegramError,
};

/// The longest answer that is read. A server ends a batch of updates at 4 MiB; all
/// other answers have some kilobytes, and many may come at once.
const MAX_UPDATES: usize = 5 << 20;
const MAX_ANSWER: usize = 1 << 20;

/// The name of the form's part with the file.
const FILE_PART: &str = "file";

/// The placeholder of the file in a payload, see [`Bot::upload`].
pub(crate) const ATTACHED: &str = "attach://file";

impl Bot {
    /// Calls a method and returns its result; null, where that cannot be read.
    pub async fn call<P>(&self, payload: &P, timeout: Duration) -> Result<Value, TelegramError>
    where
        P: Payload + Serialize + Sync,
    {
        Ok(value(&self.send(self.request(payload)?.timeout(timeout), MAX_ANSWER).await?))
    }

    /// As [`Bot::call`], and once more after a pause in real time, if the fault may have passed by
    /// then.
    pub(super) async fn call_twice<P>(
        &self,
        payload: &P,
        timeout: Duration,
        pause: Duration,
    ) -> Result<Value, TelegramError>
    where
        P: Payload + Serialize + Sync,
    {
        match self.call(payload, timeout).await {
            Err(error) if error.passes() => {
                tokio::time::sleep(pause).await;
                self.call(payload, timeout).await
            }
            result => result,
        }
    }

    /// Calls a method whose result is a list and returns each item's JSON, unparsed: an
    /// item that cannot be parsed does not fail the others.
    pub async fn call_for_list<P>(
        &self,
        payload: &P,
        timeout: Duration,
    ) -> Result<Vec<String>, TelegramError>
    where
        P: Payload + Serialize + Sync,
    {
        let result = self.send(self.request(payload)?.timeout(timeout), MAX_UPDATES).await?;
        let items = serde_json::from_str::<Vec<&RawValue>>(&result);
        let items =
            items.map_err(|_| TelegramError::Unknown(format!("{} returned no list", P::NAME)))?;
        Ok(items.into_iter().map(|item| item.get().to_owned()).collect())
    }

    /// Calls a method with a file, which is streamed from the disk; the payload
    /// holds [`ATTACHED`] in its place.
    pub async fn upload<P>(
        &self,
        payload: &P,
        file: &Path,
        name: &str,
    ) -> Result<Value, TelegramError>
    where
        P: Payload + Serialize + Sync,
    {
        self.post_form(payload, part(file, name).await?).await
    }

    /// As [`Bot::upload`], with bytes as the file.
    pub async fn upload_bytes<P>(
        &self,
        payload: &P,
        bytes: Vec<u8>,
        name: &str,
    ) -> Result<Value, TelegramError>
    where
        P: Payload + Serialize + Sync,
    {
        self.post_form(payload, Part::bytes(bytes).file_name(name.to_owned())).await
    }

    async fn post_form<P>(&self, payload: &P, file: Part) -> Result<Value, TelegramError>
    where
        P: Payload + Serialize + Sync,
    {
        let form = fields(payload)?.part(FILE_PART, file);
        let url = self.method_url(P::NAME);
        let request = self.inner().client().post(url).multipart(form).timeout(TRANSFER);
        Ok(value(&self.send(request, MAX_ANSWER).await?))
    }

    fn request<P>(&self, payload: &P) -> Result<RequestBuilder, TelegramError>
    where
        P: Payload + Serialize,
    {
        let body = serde_json::to_vec(payload).map_err(unwritable)?;
        let request = self.inner().client().post(self.method_url(P::NAME));
        Ok(request.header(CONTENT_TYPE, "application/json").body(body))
    }

    /// Sends a request and returns the JSON of the result. An outage is logged.
    async fn send(
        &self,
        request: RequestBuilder,
        max_bytes: usize,
    ) -> Result<String, TelegramError> {
        let result = self.exchange(request, max_bytes).await;
        self.log_outage(&result);
        result
    }

    async fn exchange(
        &self,
        request: RequestBuilder,
        max_bytes: usize,
    ) -> Result<String, TelegramError> {
        let response = request.send().await.map_err(TelegramError::from_transport)?;
        let status = response.status().as_u16();
        let wait = response.headers().get(RETRY_AFTER);
        let wait = wait.and_then(|text| text.to_str().ok()?.parse().ok()).map(Duration::from_secs);
        let body = read(response, max_bytes).await?;
        match parse_answer(&body) {
            Some(ApiAnswer::Success(result)) => Ok(result),
            Some(ApiAnswer::Failure(mut answer)) => {
                self.redact(&mut answer["description"]);
                Err(TelegramError::from_answer(status, wait, &answer))
            }
            None => Err(TelegramError::from_status(status, wait)),
        }
    }

    /// Removes the token from Telegram's description, in case it repeats it.
    fn redact(&self, description: &mut Value) {
        if let Value::String(text) = description {
            *text = text.replace(self.inner().token(), "…");
        }
    }
}

/// An answer of the Bot API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiAnswer {
    /// `"ok": true`, and the JSON of the result.
    Success(String),
    /// `"ok": false`, and the fields that could be parsed.
    Failure(Value),
}

/// Parses an answer; `None` when it is not the Bot API's. Its fields are parsed one
/// by one, so a malformed one does not hide the others.
pub fn parse_answer(body: &[u8]) -> Option<ApiAnswer> {
    let text = String::from_utf8_lossy(without_bom(body));
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(&text).ok()?;
    match fields.get("ok")?.get() {
        "true" => Some(ApiAnswer::Success(
            fields.get("result").map_or("null", |raw| raw.get()).to_owned(),
        )),
        "false" => {
            let fields = fields.into_iter().map(|(name, raw)| (name, value(raw.get())));
            Some(ApiAnswer::Failure(Value::Object(fields.collect())))
        }
        _ => None,
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

async fn read(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, TelegramError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(TelegramError::from_transport)? {
        if body.len() + chunk.len() > max_bytes {
            return Err(TelegramError::Unknown("the answer is far too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The payload as form fields: a text as it is, all else as JSON.
fn fields(payload: &impl Serialize) -> Result<Form, TelegramError> {
    let Value::Object(fields) = serde_json::to_value(payload).map_err(unwritable)? else {
        return Ok(Form::new());
    };
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(fields.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, text(value))))
}

async fn part(file: &Path, name: &str) -> Result<Part, TelegramError> {
    let unreadable = |error: std::io::Error| TelegramError::NotSent(format!("the file: {error}"));
    let file = tokio::fs::File::open(file).await.map_err(unreadable)?;
    let length = file.metadata().await.map_err(unreadable)?.len();
    Ok(Part::stream_with_length(Body::from(file), length).file_name(name.to_owned()))
}

#[allow(clippy::needless_pass_by_value)]
fn unwritable(error: serde_json::Error) -> TelegramError {
    TelegramError::NotSent(format!("the request cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use teloxide::{
        payloads::{GetMe, SendVideo},
        types::{ChatId, InputFile},
    };

    use super::*;
    use crate::telegram::{
        bot::CALL,
        error::LONGEST_WAIT,
        scripted::{Answer, TOKEN, bot_at, scripted},
    };
    use crate::testing::malformed::documents;

    #[tokio::test]
    async fn ok_is_a_success_whatever_its_shape() {
        let odd = json!({"ok": true, "result": {"nothing": ["of", "this", {"is": "known"}]}});
        let server =
            scripted(vec![Answer::json(200, &odd), Answer::json(200, &json!({"ok": true}))]);
        let (server, bot) = server.await;
        assert_eq!(bot.call(&GetMe::new(), CALL).await, Ok(odd["result"].clone()));
        assert_eq!(bot.call(&GetMe::new(), CALL).await, Ok(Value::Null));
        assert_eq!(server.methods(), ["GetMe", "GetMe"]);
    }

    #[test]
    fn a_mark_of_order_before_an_answer_hides_nothing() {
        for mark in ["\u{feff}", "\n\u{feff}", "\u{feff}\u{feff} "] {
            let yes = parse_answer(format!("{mark}{{\"ok\":true,\"result\":[1]}}").as_bytes());
            assert_eq!(yes, Some(ApiAnswer::Success("[1]".to_owned())));
            let no = parse_answer(format!("{mark}{{\"ok\":false}}").as_bytes());
            assert_eq!(no, Some(ApiAnswer::Failure(json!({ "ok": false }))));
        }
    }

    #[tokio::test]
    async fn an_unreadable_item_does_not_fail_the_others() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        let odd = format!("{deep}, \"\\ud800\", 1e999, {{\"update_id\": 7}}");
        let list = format!("{{\"ok\": true, \"result\": [{odd}]}}");
        let text = b"{\"ok\": true, \"result\": [\"\xff\"]}".to_vec();
        let script = vec![Answer::text(200, &list), Answer::Body(200, text)];
        let (_server, bot) = scripted(script).await;
        let items = bot.call_for_list(&GetMe::new(), CALL).await.unwrap();
        assert_eq!(items, [deep.as_str(), "\"\\ud800\"", "1e999", "{\"update_id\": 7}"]);
        let items = bot.call_for_list(&GetMe::new(), CALL).await.unwrap();
        assert_eq!(items, ["\"\u{fffd}\""]);
        let none = bot.call_for_list(&GetMe::new(), CALL).await;
        assert!(matches!(none, Err(TelegramError::Unknown(_))));
    }

    proptest! {
        #[test]
        fn an_answer_is_parsed_by_its_ok_field(body in documents(&answers())) {
            let whole = String::from_utf8_lossy(&body);
            let text = whole.replace([' ', '\n', '\r'], "");
            match parse_answer(&body) {
                Some(ApiAnswer::Success(result)) => {
                    prop_assert!(text.contains("\"ok\":true"));
                    prop_assert!(result.len() <= whole.len().max(4));
                }
                Some(ApiAnswer::Failure(answer)) => {
                    prop_assert!(text.contains("\"ok\":false"));
                    let error = TelegramError::from_answer(400, None, &answer);
                    prop_assert_eq!(&error, &TelegramError::from_answer(400, None, &answer));
                    if let TelegramError::RetryAfter(wait) = error {
                        prop_assert!(wait <= LONGEST_WAIT);
                    }
                }
                None => {}
            }
        }
    }

    /// Answers of Telegram: a message, a list of updates, true, errors.
    fn answers() -> Vec<Value> {
        let message = json!({"message_id": 11, "date": 1_764_000_000, "text": "кофе",
            "chat": {"id": 7, "type": "private", "first_name": "Ann"}});
        vec![
            json!({"ok": true, "result": message}),
            json!({"ok": true, "result": [{"update_id": 1, "message": message}]}),
            json!({"ok": true, "result": true, "description": "Webhook is already deleted"}),
            json!({"ok": false, "error_code": 400, "description": "Bad Request: chat not found"}),
            json!({"ok": false, "error_code": 429, "parameters": {"retry_after": 14},
                "description": "Too Many Requests: retry after 14"}),
        ]
    }

    #[tokio::test]
    async fn a_lost_answer_is_distinguished_from_a_request_that_was_not_sent() {
        let (_server, bot) = scripted(vec![
            Answer::HangUp,
            Answer::text(200, "{\"ok\": tr"),
            Answer::text(502, "<html>bad gateway</html>"),
        ])
        .await;
        assert!(matches!(bot.call(&GetMe::new(), CALL).await, Err(TelegramError::Unknown(_))));
        assert!(matches!(bot.call(&GetMe::new(), CALL).await, Err(TelegramError::Unknown(_))));
        assert!(matches!(bot.call(&GetMe::new(), CALL).await, Err(TelegramError::Down(_))));
        // A port that was just given back: nobody listens there.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let bot = bot_at(&format!("http://{free}"));
        let error = bot.call(&GetMe::new(), CALL).await.unwrap_err();
        assert!(matches!(error, TelegramError::NotSent(_)), "{error}");
        assert!(!format!("{error} {error:?}").contains(TOKEN));
    }

    #[tokio::test]
    async fn no_error_shows_the_token() {
        let echo = format!("Not Found: /bot{TOKEN}/GetMe");
        let answer = json!({"ok": false, "error_code": 404, "description": echo});
        let (_server, bot) =
            scripted(vec![Answer::json(404, &answer), Answer::text(404, &echo), Answer::HangUp])
                .await;
        for _ in 0..3 {
            let error = bot.call(&GetMe::new(), CALL).await.unwrap_err();
            assert!(!format!("{error} {error:?}").contains(TOKEN), "{error:?}");
        }
    }

    #[tokio::test]
    async fn a_file_goes_as_a_part_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v.mp4");
        std::fs::write(&path, b"all the frames").unwrap();
        let (server, bot) = scripted(vec![Answer::ok(&json!({}))]).await;
        let video = InputFile::file_id(ATTACHED.to_owned().into());
        let mut payload = SendVideo::new(ChatId(7), video);
        payload.supports_streaming = Some(true);
        bot.upload(&payload, &path, "video-1.mp4").await.unwrap();
        let body = server.calls()[0].body.clone();
        for expected in [
            "name=\"video\"\r\n\r\nattach://file\r\n",
            "name=\"chat_id\"\r\n\r\n7\r\n",
            "name=\"supports_streaming\"\r\n\r\ntrue\r\n",
            "name=\"file\"; filename=\"video-1.mp4\"\r\n\r\nall the frames\r\n",
        ] {
            assert!(body.contains(expected), "{expected} is not in {body}");
        }
    }

    #[tokio::test]
    async fn an_answer_over_the_limit_is_not_read_to_its_end() {
        let (_server, bot) = scripted(vec![Answer::text(200, &" ".repeat(MAX_ANSWER + 1))]).await;
        assert!(matches!(bot.call(&GetMe::new(), CALL).await, Err(TelegramError::Unknown(_))));
    }
}
