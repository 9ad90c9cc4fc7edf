//! Calls: teloxide's payloads go out, plain JSON comes back.
//!
//! teloxide writes the requests, but does not read the answers. Its types take
//! a video without a mime type for an empty message, its errors drop the code, a
//! server's trouble makes it sleep ten seconds, and it reads an answer of any
//! length. Here an answer with `"ok": true` is a success whatever its shape.

use std::path::Path;
use std::time::Duration;

use reqwest::Body;
use reqwest::RequestBuilder;
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use reqwest::header::RETRY_AFTER;
use reqwest::multipart::Form;
use reqwest::multipart::Part;
use serde::Serialize;
use serde_json::Value;
use teloxide::requests::Payload;

use crate::telegram::bot::Bot;
use crate::telegram::bot::TRANSFER;
use crate::telegram::trouble::Trouble;

/// The longest answer that is read. A server ends a batch of updates at 4 MiB; all
/// other answers have some kilobytes, and many may come at once.
const MAX_UPDATES: usize = 5 << 20;
const MAX_ANSWER: usize = 1 << 20;

/// The name of the form's part with the file.
const FILE_PART: &str = "file";

/// What stands in a payload where the file belongs, see [`Bot::upload`].
pub const ATTACHED: &str = "attach://file";

impl Bot {
    /// Calls a method and returns its result.
    pub async fn call<P>(&self, payload: &P, patience: Duration) -> Result<Value, Trouble>
    where
        P: Payload + Serialize + Sync,
    {
        let body = serde_json::to_vec(payload).map_err(unwritable)?;
        let url = self.method_url(P::NAME);
        let request = self.inner().client().post(url).header(CONTENT_TYPE, "application/json");
        let most = if P::NAME == "GetUpdates" { MAX_UPDATES } else { MAX_ANSWER };
        self.ask(request.body(body).timeout(patience), most).await
    }

    /// Calls a method with a file, which is streamed from the disk; the payload
    /// says [`ATTACHED`] where it belongs.
    pub async fn upload<P>(&self, payload: &P, file: &Path, name: &str) -> Result<Value, Trouble>
    where
        P: Payload + Serialize + Sync,
    {
        let form = fields(payload)?.part(FILE_PART, part(file, name).await?);
        let url = self.method_url(P::NAME);
        let request = self.inner().client().post(url).multipart(form).timeout(TRANSFER);
        self.ask(request, MAX_ANSWER).await
    }

    async fn ask(&self, request: RequestBuilder, most: usize) -> Result<Value, Trouble> {
        let answer = self.answer(request, most).await;
        self.heard(&answer);
        answer
    }

    async fn answer(&self, request: RequestBuilder, most: usize) -> Result<Value, Trouble> {
        let response = request.send().await.map_err(Trouble::lost)?;
        let status = response.status().as_u16();
        let wait = response.headers().get(RETRY_AFTER);
        let wait = wait.and_then(|text| text.to_str().ok()?.parse().ok()).map(Duration::from_secs);
        let body = read(response, most).await?;
        match serde_json::from_slice::<Value>(&body) {
            Ok(mut answer) if answer["ok"] == true => Ok(answer["result"].take()),
            Ok(mut answer) if answer["ok"] == false => {
                self.redact(&mut answer["description"]);
                Err(Trouble::told(status, wait, &answer))
            }
            _ => Err(Trouble::page(status, wait)),
        }
    }

    /// Takes the token out of Telegram's words, should they repeat it.
    fn redact(&self, description: &mut Value) {
        if let Value::String(text) = description {
            *text = text.replace(self.inner().token(), "…");
        }
    }
}

async fn read(mut response: Response, most: usize) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Trouble::lost)? {
        if body.len() + chunk.len() > most {
            return Err(Trouble::Unknown("the answer is far too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The payload as form fields: a text as it is, all else as JSON.
fn fields(payload: &impl Serialize) -> Result<Form, Trouble> {
    let Value::Object(fields) = serde_json::to_value(payload).map_err(unwritable)? else {
        return Ok(Form::new());
    };
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(fields.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, text(value))))
}

async fn part(file: &Path, name: &str) -> Result<Part, Trouble> {
    let unreadable = |error: std::io::Error| Trouble::NotSent(format!("the file: {error}"));
    let file = tokio::fs::File::open(file).await.map_err(unreadable)?;
    let length = file.metadata().await.map_err(unreadable)?.len();
    Ok(Part::stream_with_length(Body::from(file), length).file_name(name.to_owned()))
}

#[allow(clippy::needless_pass_by_value)]
fn unwritable(error: serde_json::Error) -> Trouble {
    Trouble::NotSent(format!("the request cannot be written: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use teloxide::payloads::GetMe;
    use teloxide::payloads::SendVideo;
    use teloxide::types::ChatId;
    use teloxide::types::InputFile;

    use super::*;
    use crate::domain::secret::Secret;
    use crate::telegram::bot::CALL;
    use crate::telegram::scripted::Answer;
    use crate::telegram::scripted::TOKEN;
    use crate::telegram::scripted::scripted;

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

    #[tokio::test]
    async fn a_lost_answer_is_told_from_a_request_that_never_left() {
        let (_server, bot) = scripted(vec![
            Answer::HangUp,
            Answer::text(200, "{\"ok\": tr"),
            Answer::text(502, "<html>bad gateway</html>"),
        ])
        .await;
        assert!(matches!(bot.call(&GetMe::new(), CALL).await, Err(Trouble::Unknown(_))));
        assert!(matches!(bot.call(&GetMe::new(), CALL).await, Err(Trouble::Unknown(_))));
        assert!(matches!(bot.call(&GetMe::new(), CALL).await, Err(Trouble::Down(_))));
        // A port that was just given back: nobody listens there.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let bot = Bot::new(&Secret::new(TOKEN), &format!("http://{free}")).unwrap();
        let error = bot.call(&GetMe::new(), CALL).await.unwrap_err();
        assert!(matches!(error, Trouble::NotSent(_)), "{error}");
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
    async fn an_endless_answer_is_not_read_to_its_end() {
        let (_server, bot) = scripted(vec![Answer::text(200, &" ".repeat(MAX_ANSWER + 1))]).await;
        assert!(matches!(bot.call(&GetMe::new(), CALL).await, Err(Trouble::Unknown(_))));
    }
}
