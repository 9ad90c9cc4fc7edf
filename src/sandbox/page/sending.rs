//! What people do on the page.

use std::{io, time::Duration};

use axum::{
    Json,
    extract::{Multipart, Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::id::{MessageId, UserId};
use crate::sandbox::{
    page::view::Page,
    telegram::{
        person::Person,
        picked::{Packing, PickedFile},
    },
};

/// A cup of coffee: photograph by Rachel Michetti, CC0, from scikit-image's sample data.
const DEMO_PHOTO: &[u8] = include_bytes!("../coffee.jpg");

/// How long a tapped button waits for the bot's answer.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

type HttpError = (StatusCode, String);

fn person(page: &Page, id: i64) -> Result<Person, HttpError> {
    let person = page.telegram.person_by_id(UserId(id));
    person.ok_or_else(|| (StatusCode::NOT_FOUND, format!("nobody has the id {id}")))
}

/// The person, whose messages answer that one if there is one.
fn answering(person: Person, message: Option<MessageId>) -> Person {
    match message {
        Some(message) => person.answering(message),
        None => person,
    }
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
    reply_to: Option<MessageId>,
}

/// A text.
pub(crate) async fn text(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(body): Json<TextBody>,
) -> Result<Json<Value>, HttpError> {
    let person = answering(person(&page, id)?, body.reply_to);
    Ok(Json(json!({"message": person.sends_text(body.text.trim())})))
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
    let person = answering(person(&page, id)?, body.reply_to);
    let sent = person.sends_voice(words, seconds).map_err(|error| broken(&error))?;
    Ok(Json(json!({"message": sent})))
}

/// The body of [`edit`].
#[derive(Deserialize)]
pub(crate) struct EditBody {
    message: MessageId,
    text: String,
}

/// A text or a caption of theirs is edited.
pub(crate) async fn edit(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(edit): Json<EditBody>,
) -> Result<StatusCode, HttpError> {
    person(&page, id)?.edits_message(edit.message, edit.text.trim());
    Ok(StatusCode::NO_CONTENT)
}

/// The body of [`forward`].
#[derive(Deserialize)]
pub(crate) struct ForwardBody {
    message: MessageId,
}

/// A message is forwarded into its own chat.
pub(crate) async fn forward(
    State(page): State<Page>,
    Path(id): Path<i64>,
    Json(forward): Json<ForwardBody>,
) -> Result<Json<Value>, HttpError> {
    Ok(Json(json!({"message": person(&page, id)?.forwards(forward.message)})))
}

/// Files that were picked together. The caption of a file goes before it, and what concerns all of
/// them before the first.
pub(crate) async fn files(
    State(page): State<Page>,
    Path(id): Path<i64>,
    mut parts: Multipart,
) -> Result<StatusCode, HttpError> {
    let mut person = person(&page, id)?;
    let bad = |error: &dyn std::fmt::Display| (StatusCode::BAD_REQUEST, error.to_string());
    let (mut picked, mut next, mut packing) = (Vec::new(), PickedFile::default(), Packing::Media);
    while let Some(part) = parts.next_field().await.map_err(|error| bad(&error))? {
        let field = part.name().unwrap_or_default().to_owned();
        if field == "file" {
            next.name = part.file_name().unwrap_or("file").to_owned();
            next.mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
            next.bytes = part.bytes().await.map_err(|error| bad(&error))?.to_vec();
            picked.push(std::mem::take(&mut next));
            continue;
        }
        let text = part.text().await.map_err(|error| bad(&error))?;
        match field.as_str() {
            "caption" => text.trim().clone_into(&mut next.caption),
            "uncompressed" => packing = Packing::Files,
            "reply_to" => {
                let message = text.parse().map_err(|error| bad(&error))?;
                person = person.answering(MessageId(message));
            }
            _ => return Err(bad(&format!("unknown field {field}"))),
        }
    }
    person.sends_picked(&picked, packing).map_err(|error| broken(&error))?;
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
