//! A stand-in for an OpenAI-compatible chat endpoint. It turns the user's message
//! into an English prompt for a product video, a different one each time.

use std::{
    collections::VecDeque,
    fmt::{self, Write},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::domain::ports::Clock;
use crate::sandbox::{
    answer::{Script, format_fault},
    gpt_reply::{GptReply, random_replies},
    script::{asked, is_picture, pictures},
    seeded::{SeededRandom, choose},
    transcription,
};

#[derive(Debug, Default)]
struct GptState {
    usual: GptReply,
    queue: VecDeque<GptReply>,
    /// The share of calls that get a random reply, and the seed of the choice.
    chaos: (f64, u64),
    random: SeededRandom,
    /// Whether a `response_format` is refused, as by servers that are older than it.
    takes_no_formats: bool,
    /// Whether pictures are refused, as by models that read only.
    takes_no_pictures: bool,
    seen: Vec<Value>,
    /// How many voice messages were put into words.
    heard: usize,
}

impl GptState {
    /// How the next call is answered.
    fn reply(&mut self) -> GptReply {
        let (rate, seed) = self.chaos;
        let queued = self.queue.pop_front();
        let random = || Some(choose(&random_replies(), self.random.chance(seed, rate)?)?.clone());
        queued.or_else(random).unwrap_or_else(|| self.usual.clone())
    }
}

/// The stand-in. Clones share their state.
#[derive(Clone)]
pub struct GptStandIn {
    clock: Arc<dyn Clock>,
    state: Arc<Mutex<GptState>>,
}

impl fmt::Debug for GptStandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GptStandIn").finish_non_exhaustive()
    }
}

impl GptStandIn {
    /// A stand-in that writes prompts.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: Arc::default() }
    }

    /// Answers `POST …/chat/completions` and `…/audio/transcriptions` below any prefix.
    pub fn router(&self) -> Router {
        let routes = Router::new().fallback(anywhere).with_state(self.clone());
        routes.layer(DefaultBodyLimit::max(LARGEST_BODY))
    }

    /// Sets the reply to the next call. Replies queue up.
    pub fn next(&self, reply: GptReply) {
        self.with_state(|state| state.queue.push_back(reply));
    }

    /// Sets the reply to calls for which none is queued.
    pub fn usually(&self, reply: GptReply) {
        self.with_state(|state| state.usual = reply);
    }

    /// From now on a request with a `response_format` is refused, status 400.
    pub fn takes_no_formats(&self) {
        self.with_state(|state| state.takes_no_formats = true);
    }

    /// From now on a request with a picture is refused, status 400.
    pub fn takes_no_pictures(&self) {
        self.with_state(|state| state.takes_no_pictures = true);
    }

    /// From now on this share (0 to 1) of the calls for which no reply is queued get a random
    /// bad one. Each affects one call only.
    pub fn chaos(&self, rate: f64, seed: u64) {
        self.with_state(|state| state.chaos = (rate, seed));
    }

    /// The body of every request so far.
    pub fn seen(&self) -> Vec<Value> {
        self.with_state(|state| state.seen.clone())
    }

    /// Answers one request that has a key.
    async fn complete(&self, body: &[u8]) -> Response {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return error(
                StatusCode::BAD_REQUEST,
                "We could not parse the JSON body of your request.",
            );
        };
        let Some(asked) = asked(&body) else {
            return error(StatusCode::BAD_REQUEST, "Missing required parameter: 'messages'.");
        };
        if let Some(fault) = format_fault(&body) {
            return error(StatusCode::BAD_REQUEST, &fault);
        }
        let pictures = pictures(&body);
        if !pictures.iter().all(|url| is_picture(url)) {
            return error(StatusCode::BAD_REQUEST, "Invalid MIME type or base64 of image_url.");
        }
        let taken = self.with_state(|state| {
            state.seen.push(body.clone());
            if state.takes_no_pictures && !pictures.is_empty() {
                return Err("Invalid content type. image_url is only supported by certain models.");
            }
            if state.takes_no_formats && body.get("response_format").is_some() {
                return Err("Unrecognized request argument supplied: response_format");
            }
            Ok((state.seen.len() - 1, state.reply()))
        });
        let (number, reply) = match taken {
            Ok(taken) => taken,
            Err(text) => return error(StatusCode::BAD_REQUEST, text),
        };
        if let GptReply::Slow { millis } = &reply {
            tokio::time::sleep(Duration::from_millis(*millis)).await;
        }
        let stream = body["stream"] == true || reply == GptReply::Stream;
        let scenes = if let GptReply::Scenes { count } = reply { count } else { asked.scenes };
        let script = Script { asked: &asked, number, scenes };
        let text = script.answer(&body);
        let (text, finish) = match reply {
            GptReply::Status { status } => {
                let status = StatusCode::from_u16(status).unwrap_or_default();
                return error(status, status.canonical_reason().unwrap_or_default());
            }
            GptReply::Html => return (StatusCode::BAD_GATEWAY, html()).into_response(),
            GptReply::Code { code, msg } => {
                return axum::Json(json!({"code": code, "msg": msg, "data": null})).into_response();
            }
            GptReply::Empty => return self.answer(number, &json!([])),
            GptReply::Say { text } => (text, "stop"),
            GptReply::Refuse if body.get("response_format").is_some() => {
                let message = json!({"role": "assistant", "content": null, "refusal": REFUSAL});
                return self.answer(
                    number,
                    &json!([{"index": 0, "message": message, "finish_reason": "stop"}]),
                );
            }
            GptReply::Refuse => (REFUSAL.to_owned(), "stop"),
            GptReply::Length => (text.chars().take(text.chars().count() / 2).collect(), "length"),
            GptReply::Prose => (script.prose(), "stop"),
            GptReply::Fenced => {
                (format!("Here is your script:\n```json\n{text}\n```\nEnjoy!"), "stop")
            }
            GptReply::Write
            | GptReply::Scenes { .. }
            | GptReply::Slow { .. }
            | GptReply::Stream => (text, "stop"),
        };
        if stream {
            return chunks(&text, finish);
        }
        let message = json!({"role": "assistant", "content": text});
        self.answer(number, &json!([{"index": 0, "message": message, "finish_reason": finish}]))
    }

    /// Puts the voice message of one request into words.
    async fn listen(&self, request: Request) -> Response {
        let words = match transcription::heard(request).await {
            Ok(words) => words,
            Err(text) => return error(StatusCode::BAD_REQUEST, text),
        };
        let reply = self.with_state(|state| {
            state.heard += 1;
            state.reply()
        });
        match reply {
            GptReply::Status { status } => {
                error(StatusCode::from_u16(status).unwrap_or_default(), "as you wish")
            }
            GptReply::Html => (StatusCode::BAD_GATEWAY, html()).into_response(),
            GptReply::Code { code, msg } => {
                axum::Json(json!({"code": code, "msg": msg, "data": null})).into_response()
            }
            GptReply::Say { text } => transcription::answer(&text),
            GptReply::Empty => transcription::answer(""),
            GptReply::Slow { millis } => {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                transcription::answer(&words)
            }
            _ => transcription::answer(&words),
        }
    }

    /// How many voice messages were put into words so far.
    pub fn heard(&self) -> usize {
        self.with_state(|state| state.heard)
    }

    fn answer(&self, number: usize, choices: &Value) -> Response {
        let words = choices[0]["message"]["content"].as_str().map_or(0, |text| text.len() / 4);
        axum::Json(json!({
            "id": format!("chatcmpl-sandbox-{number}"),
            "object": "chat.completion",
            "created": self.clock.now().0 / 1000,
            "model": "gpt-5-2",
            "choices": choices,
            "usage": {"prompt_tokens": 120, "completion_tokens": words, "total_tokens": 120 + words},
        }))
        .into_response()
    }

    fn with_state<T>(&self, look: impl FnOnce(&mut GptState) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The largest body that is read, in bytes.
const LARGEST_BODY: usize = 32 << 20;

const REFUSAL: &str = "I'm sorry, but I can't help with that request.";

async fn anywhere(State(gpt): State<GptStandIn>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let listens = path.ends_with("/audio/transcriptions");
    if !listens && !path.ends_with("/chat/completions") {
        return error(StatusCode::NOT_FOUND, "Invalid URL");
    }
    let header = request.headers().get(header::AUTHORIZATION);
    let bearer = header.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if bearer.is_none_or(str::is_empty) {
        return error(StatusCode::UNAUTHORIZED, "You didn't provide an API key.");
    }
    if listens {
        return gpt.listen(request).await;
    }
    match Bytes::from_request(request, &()).await {
        Ok(body) => gpt.complete(&body).await,
        Err(refused) => refused.into_response(),
    }
}

fn error(status: StatusCode, text: &str) -> Response {
    let error = json!({"message": text, "type": "invalid_request_error", "code": null});
    (status, axum::Json(json!({"error": error}))).into_response()
}

fn html() -> ([(header::HeaderName, &'static str); 1], &'static str) {
    let page = "<html><head><title>502 Bad Gateway</title></head><body></body></html>";
    ([(header::CONTENT_TYPE, "text/html")], page)
}

fn chunks(text: &str, finish: &str) -> Response {
    let mut lines = String::new();
    for piece in text.split_inclusive(' ') {
        let chunk = json!({"choices": [{"index": 0, "delta": {"content": piece}}]});
        let _ = write!(lines, "data: {chunk}\n\n");
    }
    let last = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]});
    let _ = write!(lines, "data: {last}\n\ndata: [DONE]\n\n");
    ([(header::CONTENT_TYPE, "text/event-stream")], lines).into_response()
}

#[cfg(test)]
mod tests {
    use reqwest::Client;

    use super::*;
    use crate::clock::SystemClock;

    async fn served() -> (GptStandIn, String) {
        let gpt = GptStandIn::new(Arc::new(SystemClock));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = gpt.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (gpt, base)
    }

    async fn ask(url: &str) -> reqwest::Response {
        let body = json!({"messages": [{"role": "user", "content": "a red cup"}], "stream": false});
        Client::new().post(url).bearer_auth("key").json(&body).send().await.unwrap()
    }

    #[tokio::test]
    async fn below_any_prefix_it_writes_another_prompt_each_time() {
        let (gpt, base) = served().await;
        let mut texts = Vec::new();
        for prefix in ["", "/v1", "/any/thing/v1"] {
            let answer = ask(&format!("{base}{prefix}/chat/completions")).await;
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(answer["choices"][0]["finish_reason"], "stop");
            let text = answer["choices"][0]["message"]["content"].as_str().unwrap().to_owned();
            assert!(text.contains("a red cup") && !texts.contains(&text));
            texts.push(text);
        }
        assert_eq!(gpt.seen().len(), 3);
        assert_eq!(ask(&format!("{base}/v1/models")).await.status(), 404);
        let url = format!("{base}/chat/completions");
        assert_eq!(Client::new().post(url).body("{}").send().await.unwrap().status(), 401);
    }

    #[tokio::test]
    async fn it_can_answer_in_every_useless_way() {
        let (gpt, base) = served().await;
        let url = format!("{base}/chat/completions");
        let paused = GptReply::Code { code: 500, msg: "paused".to_owned() };
        for reply in [GptReply::Empty, paused, GptReply::Length, GptReply::Refuse] {
            gpt.next(reply);
        }
        let mut answers = Vec::new();
        for _ in 0..4 {
            answers.push(ask(&url).await.json::<Value>().await.unwrap());
        }
        assert_eq!(answers[0]["choices"], json!([]));
        assert_eq!((answers[1]["code"].as_u64(), answers[1].get("choices")), (Some(500), None));
        assert_eq!(answers[2]["choices"][0]["finish_reason"], "length");
        let refusal = answers[3]["choices"][0]["message"]["content"].as_str().unwrap();
        assert!(refusal.contains("can't help"));
        gpt.next(GptReply::Status { status: 429 });
        let refused = ask(&url).await;
        assert_eq!(refused.status(), 429);
        assert_eq!(refused.json::<Value>().await.unwrap()["error"]["message"], "Too Many Requests");
        gpt.usually(GptReply::Html);
        gpt.next(GptReply::Stream);
        assert!(ask(&url).await.text().await.unwrap().ends_with("data: [DONE]\n\n"));
        assert_eq!(ask(&url).await.status(), 502);
    }

    #[tokio::test]
    async fn a_format_is_kept_to_or_refused() {
        let (gpt, base) = served().await;
        let url = format!("{base}/chat/completions");
        let text = json!({"type": "string"});
        let fields = json!({"prompt": text, "summary_ru": text, "summary_en": text});
        let schema = json!({"type": "object", "properties": fields});
        let format = json!({"type": "json_schema", "json_schema": {"name": "a", "schema": schema}});
        let body = json!({"messages": [{"role": "user", "content": "a red cup"}],
            "response_format": format});
        let ask = || Client::new().post(&url).bearer_auth("key").json(&body).send();
        let answer: Value = ask().await.unwrap().json().await.unwrap();
        let content = answer["choices"][0]["message"]["content"].as_str().unwrap();
        let content: Value = serde_json::from_str(content).unwrap();
        assert!(content["prompt"].as_str().unwrap().contains("a red cup"));
        assert!(content["summary_ru"].as_str().unwrap().starts_with("Камера"));
        assert!(content["summary_en"].as_str().unwrap().starts_with("The camera"));
        gpt.next(GptReply::Refuse);
        let answer: Value = ask().await.unwrap().json().await.unwrap();
        assert!(answer["choices"][0]["message"]["refusal"].is_string());
        gpt.takes_no_formats();
        assert_eq!(ask().await.unwrap().status(), 400);
    }

    #[test]
    fn random_replies_come_in_their_share_and_repeat_with_their_seed() {
        let replies = |seed| {
            let mut state = GptState { chaos: (0.3, seed), ..GptState::default() };
            (0..3_000).map(|_| state.reply()).collect::<Vec<_>>()
        };
        let some = replies(5);
        let bad = some.iter().filter(|reply| **reply != GptReply::Write).count();
        assert!((800..1_000).contains(&bad));
        assert!(random_replies().iter().all(|reply| some.contains(reply)));
        assert_eq!(some, replies(5));
        assert_ne!(some, replies(6));
    }
}
