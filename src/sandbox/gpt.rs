//! A stand-in for an OpenAI-compatible chat endpoint: it turns the user's
//! message into an English prompt for a product video, another one each time.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::Uri;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use crate::domain::ports::Clock;

/// How the endpoint answers. As JSON: `{"reply": "slow", "millis": 2000}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// With a prompt.
    #[default]
    Write,
    /// With this text.
    Say {
        /// The text.
        text: String,
    },
    /// With a refusal in polite words.
    Refuse,
    /// With a list of choices that is empty.
    Empty,
    /// As KIE reports errors: status 200, a code, and no choices.
    Code {
        /// The code in the body.
        code: u16,
        /// The text.
        msg: String,
    },
    /// With a prompt that is cut off, `finish_reason` "length".
    Length,
    /// With a prompt, after so much real time.
    Slow {
        /// Milliseconds.
        millis: u64,
    },
    /// With a gateway's HTML page, status 502.
    Html,
    /// In a stream of chunks, although `stream` was false.
    Stream,
}

/// A request, as tests look at it.
#[derive(Clone, Debug, Serialize)]
pub struct ChatSeen {
    /// The path it came to.
    pub path: String,
    /// Its body.
    pub body: Value,
}

#[derive(Debug, Default)]
struct Memory {
    usual: Reply,
    queue: VecDeque<Reply>,
    seen: Vec<ChatSeen>,
}

/// The stand-in. Its clones are the same stand-in.
#[derive(Clone)]
pub struct Gpt {
    clock: Arc<dyn Clock>,
    memory: Arc<Mutex<Memory>>,
}

impl fmt::Debug for Gpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gpt").finish_non_exhaustive()
    }
}

impl Gpt {
    /// A stand-in that writes prompts.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, memory: Arc::default() }
    }

    /// Answers `POST …/chat/completions` below any prefix.
    pub fn router(&self) -> Router {
        Router::new().fallback(anywhere).with_state(self.clone())
    }

    /// Says how it answers the next call; calls line up.
    pub fn next(&self, reply: Reply) {
        self.memory(|memory| memory.queue.push_back(reply));
    }

    /// Says how it answers when nothing else was said.
    pub fn usually(&self, reply: Reply) {
        self.memory(|memory| memory.usual = reply);
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<ChatSeen> {
        self.memory(|memory| memory.seen.clone())
    }

    /// Answers one request, whose key somebody has looked at already.
    pub async fn complete(&self, path: &str, body: &[u8]) -> Response {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return error(
                StatusCode::BAD_REQUEST,
                "We could not parse the JSON body of your request.",
            );
        };
        let Some(idea) = idea(&body) else {
            return error(StatusCode::BAD_REQUEST, "Missing required parameter: 'messages'.");
        };
        let (number, reply) = self.memory(|memory| {
            memory.seen.push(ChatSeen { path: path.to_owned(), body: body.clone() });
            let reply = memory.queue.pop_front().unwrap_or_else(|| memory.usual.clone());
            (memory.seen.len() - 1, reply)
        });
        if let Reply::Slow { millis } = &reply {
            tokio::time::sleep(Duration::from_millis(*millis)).await;
        }
        let stream = body["stream"] == true || reply == Reply::Stream;
        let text = prompt(&idea, number);
        let (text, finish) = match reply {
            Reply::Html => return (StatusCode::BAD_GATEWAY, html()).into_response(),
            Reply::Code { code, msg } => {
                return axum::Json(json!({"code": code, "msg": msg, "data": null})).into_response();
            }
            Reply::Empty => return self.answer(number, &json!([])),
            Reply::Say { text } => (text, "stop"),
            Reply::Refuse => ("I'm sorry, but I can't help with that request.".to_owned(), "stop"),
            Reply::Length => (text.chars().take(text.chars().count() / 2).collect(), "length"),
            Reply::Write | Reply::Slow { .. } | Reply::Stream => (text, "stop"),
        };
        if stream {
            return chunks(&text, finish);
        }
        let message = json!({"role": "assistant", "content": text});
        self.answer(number, &json!([{"index": 0, "message": message, "finish_reason": finish}]))
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

    fn memory<T>(&self, look: impl FnOnce(&mut Memory) -> T) -> T {
        look(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn anywhere(State(gpt): State<Gpt>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    if !uri.path().ends_with("/chat/completions") {
        return error(StatusCode::NOT_FOUND, "Invalid URL");
    }
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if header.and_then(|value| value.strip_prefix("Bearer ")).is_none_or(str::is_empty) {
        return error(StatusCode::UNAUTHORIZED, "You didn't provide an API key.");
    }
    gpt.complete(uri.path(), &body).await
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
        lines.push_str(&format!("data: {chunk}\n\n"));
    }
    let last = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]});
    lines.push_str(&format!("data: {last}\n\ndata: [DONE]\n\n"));
    ([(header::CONTENT_TYPE, "text/event-stream")], lines).into_response()
}

/// What the video shall show: in the last message of the user, what stands
/// behind "idea:" or, without that word, the whole message, on one line.
fn idea(body: &Value) -> Option<String> {
    let messages = body["messages"].as_array()?;
    let last = messages.iter().rfind(|message| message["role"] == "user")?;
    let text = match &last["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n")
        }
        _ => return None,
    };
    let lines = text.lines().map(str::trim);
    let named = lines.clone().find_map(|line| {
        let head: String = line.chars().take(5).collect();
        let is_idea = ["idea:", "идея:"].contains(&head.to_lowercase().as_str());
        is_idea.then(|| line[head.len()..].trim().to_owned()).filter(|idea| !idea.is_empty())
    });
    let idea = named.unwrap_or_else(|| lines.collect::<Vec<_>>().join(" "));
    Some(idea.trim_end_matches('.').trim().chars().take(600).collect())
}

const OPENINGS: [&str; 5] = [
    "A cinematic vertical product video.",
    "A polished vertical clip for a shop's front page.",
    "A bright, modern product film in vertical format.",
    "A slow, elegant product shot, filmed upright.",
    "A lively social-media clip around one product.",
];
const CAMERAS: [&str; 4] = [
    "The camera glides in from a wide view to a close-up and ends on the label",
    "The camera circles the product in one unbroken half turn",
    "The camera starts on a macro detail and slowly pulls back",
    "The camera rises from table height while the focus rests on the product",
];
const LIGHTS: [&str; 3] = [
    "soft morning light from a window, long gentle shadows",
    "warm studio light with a clean highlight along the edge",
    "golden evening light with slow drifting reflections",
];
const ENDINGS: [&str; 3] = [
    "In the last second everything comes to rest and the product fills the frame.",
    "It closes on a still, centred hero shot with room for a caption.",
    "The final frame holds the product against a clean, softly blurred background.",
];

/// The `number`-th prompt for an idea.
fn prompt(idea: &str, number: usize) -> String {
    let pick = |list: &[&'static str], stride: usize| list[number / stride % list.len()];
    format!(
        "{} Idea: {idea}. {}, lit by {}. The product keeps the exact shape, colours, label and \
         proportions of the photo; its motion is natural and physically believable. Quiet ambient \
         sound, no speech, no added text. {}",
        pick(&OPENINGS, 1),
        pick(&CAMERAS, 1),
        pick(&LIGHTS, 1),
        pick(&ENDINGS, 2),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn asked(content: &str) -> Value {
        json!({"messages": [
            {"role": "system", "content": "Write a prompt."},
            {"role": "user", "content": content},
        ]})
    }

    #[test]
    fn the_idea_is_found_and_every_prompt_mentions_it_in_other_words() {
        let found =
            idea(&asked("Length: 10 seconds\nИдея: Чашка на столе.\nFormat: 9:16")).unwrap();
        assert_eq!(found, "Чашка на столе");
        assert_eq!(idea(&asked("A cup\non a table")).unwrap(), "A cup on a table");
        let prompts: HashSet<String> = (0..20).map(|number| prompt(&found, number)).collect();
        assert_eq!(prompts.len(), 20);
        assert!(prompts.iter().all(|prompt| prompt.contains("Чашка на столе")));
    }
}
