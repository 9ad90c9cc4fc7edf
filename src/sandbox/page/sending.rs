//! What people do on the page.

use std::{io, time::Duration};

use axum::{
    Json,
    extract::{Multipart, Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::{
    id::{MessageId, UserId},
    photo::PhotoFormat,
};
use crate::sandbox::{page::view::Page, telegram::person::Person};

/// A cup of coffee: photograph by Rachel Michetti, CC0, from scikit-image's sample data.
const DEMO_PHOTO: &[u8] = include_bytes!("../coffee.jpg");

/// How long a tapped button waits for the bot's answer.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

type HttpError = (StatusCode, String);

fn person(page: &Page, id: i64) -> Result<Person, HttpError> {
    let person = page.telegram.person_by_id(UserId(id));
    person.ok_or_else(|| (StatusCode::NOT_FOUND, format!("nobody has the id {id}")))
}

/// The body of [`new_person`].
#[derive(Deserialize)]
pub(crate) struct NewPersonBody {
    name: String,
    language: String,
}

/// Adds a person.
pub(crate) async fn new_person(
    State(page): State<Page>,
    Json(new): Json<NewPersonBody>,
) -> Result<Json<Value>, HttpError> {
    let name: String = new.name.trim().chars().take(64).collect();
    if name.is_empty() {
        return Err((StatusCode::BAD_REQUEST, "a person needs a name".to_owned()));
    }
    Ok(Json(json!({"id": page.telegram.person(&name, &new.language).id()})))
}

/// The body of [`text`].
#[derive(Deserialize)]
pub(crate) struct TextBody {
    text: String,
}

/// A text.
pub(crate) async fn text(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(body): Json<TextBody>,
) -> Result<Json<Value>, HttpError> {
    Ok(Json(json!({"message": person(&page, id)?.sends_text(body.text.trim())})))
}

/// How fast the sandbox's people speak, in characters a second.
const SPEED: usize = 12;

/// A voice message that says the text.
pub(crate) async fn voice(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(body): Json<TextBody>,
) -> Result<Json<Value>, HttpError> {
    let words = body.text.trim();
    let seconds = u32::try_from(words.chars().count() / SPEED + 1).unwrap_or(u32::MAX);
    let sent = person(&page, id)?.sends_voice(words, seconds).map_err(|error| broken(&error))?;
    Ok(Json(json!({"message": sent})))
}

/// One image goes as a photo, several as an album, anything else as a file. A caption goes before the
/// files, and stands under the first photo.
pub(crate) async fn files(
    State(page): State<Page>,
    Path(id): Path<i64>,
    mut parts: Multipart,
) -> Result<StatusCode, HttpError> {
    let person = person(&page, id)?;
    let bad = |error: &dyn std::fmt::Display| (StatusCode::BAD_REQUEST, error.to_string());
    let (mut photos, mut caption) = (Vec::new(), String::new());
    while let Some(part) = parts.next_field().await.map_err(|error| bad(&error))? {
        if part.name() == Some("caption") {
            caption = part.text().await.map_err(|error| bad(&error))?;
            continue;
        }
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
        [photo] => {
            person.sends_photo_with(photo, &caption).map_err(|error| broken(&error))?;
        }
        _ => {
            person.sends_album_with(&photos, &[&caption]).map_err(|error| broken(&error))?;
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// The sample photo.
pub(crate) async fn demo_photo(
    State(page): State<Page>,
    Path(id): Path<i64>,
) -> Result<Json<Value>, HttpError> {
    let sent = person(&page, id)?.sends_photo(DEMO_PHOTO).map_err(|error| broken(&error))?;
    Ok(Json(json!({"message": sent})))
}

fn broken(error: &io::Error) -> HttpError {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

/// The body of [`tap`].
#[derive(Deserialize)]
pub(crate) struct TapBody {
    message: MessageId,
    data: String,
}

/// A tap. The answer is what the bot showed for it; null when it did not answer within 5 s.
pub(crate) async fn tap(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(tap): Json<TapBody>,
) -> Result<Json<Value>, HttpError> {
    let person = person(&page, id)?;
    let mut versions = page.telegram.changes();
    // A button may have disappeared a moment ago; a real client's tap still arrives then.
    let query = person.forges_tap(tap.message, &tap.data);
    let answered = versions.wait_for(|_| person.answer_to(&query).is_some());
    let _ = tokio::time::timeout(ANSWER_WAIT, answered).await;
    Ok(Json(json!({"answer": person.answer_to(&query)})))
}

/// The body of [`block`].
#[derive(Deserialize)]
pub(crate) struct BlockBody {
    blocked: bool,
}

/// Blocks the bot, or unblocks it.
pub(crate) async fn block(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(block): Json<BlockBody>,
) -> Result<StatusCode, HttpError> {
    let person = person(&page, id)?;
    if block.blocked {
        person.blocks();
    } else {
        person.unblocks();
    }
    Ok(StatusCode::NO_CONTENT)
}
