//! The page and its small JSON API.

use std::io;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::extract::Multipart;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use crate::domain::id::MessageId;
use crate::domain::id::UserId;
use crate::domain::photo::PhotoFormat;
use crate::sandbox::page::view::Changes;
use crate::sandbox::telegram::person::Person;
use crate::sandbox::telegram::stand_in::Telegram;
use crate::sandbox::telegram::stream;

/// A cup of coffee: photograph by Rachel Michetti, CC0, from scikit-image's sample data.
const DEMO_PHOTO: &[u8] = include_bytes!("../coffee.jpg");

/// How long the page waits for changes before it asks anew.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// How long a tapped button waits for the bot's answer.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

/// The largest file that the page passes on, in bytes: enough to try what is too much.
const LARGEST_FILE: usize = 64 << 20;

/// Nothing on the page comes from elsewhere or runs inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'";

/// What the page tells about the sandbox.
#[derive(Clone, Debug, Serialize)]
pub struct PageFacts {
    /// How many times as fast as real time it runs.
    pub speed: f64,
}

#[derive(Clone)]
struct Page {
    telegram: Telegram,
    facts: PageFacts,
    /// Tells a page that was left open that everything began anew.
    epoch: String,
}

type Failure = (StatusCode, String);

/// The page for the people of `telegram`. When there is nobody yet, three people come.
pub fn router(telegram: Telegram, facts: PageFacts) -> Router {
    if telegram.people().is_empty() {
        for (name, language) in [("Анна", "ru"), ("Борис", "ru"), ("Chloe", "en")] {
            telegram.person(name, language);
        }
    }
    let epoch = uuid::Uuid::new_v4().to_string();
    Router::new()
        .route("/", get(|| async { asset("text/html", include_str!("index.html")) }))
        .route("/chat.css", get(|| async { asset("text/css", include_str!("chat.css")) }))
        .route("/chat.js", get(|| async { script(include_str!("chat.js")) }))
        .route("/person.js", get(|| async { script(include_str!("person.js")) }))
        .route("/message.js", get(|| async { script(include_str!("message.js")) }))
        .route("/words.js", get(|| async { script(include_str!("words.js")) }))
        .route("/media/{file}", get(media))
        .route("/api/changes", get(changes))
        .route("/api/people", post(new_person))
        .route("/api/people/{id}/text", post(text))
        .route("/api/people/{id}/files", post(files))
        .route("/api/people/{id}/demo-photo", post(demo_photo))
        .route("/api/people/{id}/tap", post(tap))
        .route("/api/people/{id}/block", post(block))
        .layer(DefaultBodyLimit::max(LARGEST_FILE))
        .with_state(Page { telegram, facts, epoch })
}

impl Page {
    fn person(&self, id: i64) -> Result<Person, Failure> {
        let person = self.telegram.person_by_id(UserId(id));
        person.ok_or_else(|| (StatusCode::NOT_FOUND, format!("nobody has the id {id}")))
    }
}

fn asset(mime: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}

fn script(text: &'static str) -> Response {
    asset("text/javascript", text)
}

/// A file of a chat. It may be anything that anybody sent, so it is never a page of its own.
async fn media(State(page): State<Page>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = page.telegram.read(|state| state.files.by_id(&id).cloned()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = stream::answer(&file, &headers).await;
    let seen = file.mime.starts_with("image/") || file.mime.starts_with("video/");
    let disposition = if seen { "inline" } else { "attachment" };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, disposition),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: u64,
}

async fn changes(State(page): State<Page>, Query(asked): Query<Since>) -> Json<Value> {
    let mut versions = page.telegram.changes();
    // After the wait everything is told as it is, be there changes or not.
    let newer = versions.wait_for(|version| *version != asked.since);
    let _ = tokio::time::timeout(LONGEST_WAIT, newer).await;
    let changes = Changes::of(&page.telegram, asked.since);
    Json(json!({"epoch": page.epoch, "facts": page.facts, "changes": changes}))
}

#[derive(Deserialize)]
struct NewPerson {
    name: String,
    language: String,
}

async fn new_person(
    State(page): State<Page>,
    Json(new): Json<NewPerson>,
) -> Result<Json<Value>, Failure> {
    let name: String = new.name.trim().chars().take(64).collect();
    if name.is_empty() {
        return Err((StatusCode::BAD_REQUEST, "a person needs a name".to_owned()));
    }
    Ok(Json(json!({"id": page.telegram.person(&name, &new.language).id()})))
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

async fn text(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(said): Json<Text>,
) -> Result<Json<Value>, Failure> {
    Ok(Json(json!({"message": page.person(id)?.sends_text(said.text.trim())})))
}

/// One image goes as a photo, several as an album, anything else as a file.
async fn files(
    State(page): State<Page>,
    Path(id): Path<i64>,
    mut parts: Multipart,
) -> Result<StatusCode, Failure> {
    let person = page.person(id)?;
    let bad = |error: &dyn std::fmt::Display| (StatusCode::BAD_REQUEST, error.to_string());
    let mut photos = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|error| bad(&error))? {
        let name = part.file_name().unwrap_or("file").to_owned();
        let mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(|error| bad(&error))?;
        if PhotoFormat::from_magic(&bytes).is_some() {
            photos.push(bytes.to_vec());
        } else {
            person.sends_document(&bytes, &name, &mime).map_err(|error| broken(&error))?;
        }
    }
    match photos.as_slice() {
        [] => {}
        [photo] => drop(person.sends_photo(photo).map_err(|error| broken(&error))?),
        _ => drop(person.sends_album(&photos).map_err(|error| broken(&error))?),
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn demo_photo(State(page): State<Page>, Path(id): Path<i64>) -> Result<Json<Value>, Failure> {
    let sent = page.person(id)?.sends_photo(DEMO_PHOTO).map_err(|error| broken(&error))?;
    Ok(Json(json!({"message": sent})))
}

fn broken(error: &io::Error) -> Failure {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

#[derive(Deserialize)]
struct Tap {
    message: MessageId,
    data: String,
}

/// A tap. The answer tells what the bot showed for it; null when it was silent for 5 s.
async fn tap(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(tap): Json<Tap>,
) -> Result<Json<Value>, Failure> {
    let person = page.person(id)?;
    let mut versions = page.telegram.changes();
    // A button may have gone a moment ago; a real client's tap still arrives then.
    let query = person.forges_tap(tap.message, &tap.data);
    let answered = versions.wait_for(|_| person.answer_to(&query).is_some());
    let _ = tokio::time::timeout(ANSWER_WAIT, answered).await;
    Ok(Json(json!({"answer": person.answer_to(&query)})))
}

#[derive(Deserialize)]
struct Block {
    blocked: bool,
}

async fn block(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(block): Json<Block>,
) -> Result<StatusCode, Failure> {
    let person = page.person(id)?;
    if block.blocked {
        person.blocks()
    } else {
        person.unblocks()
    }
    Ok(StatusCode::NO_CONTENT)
}
