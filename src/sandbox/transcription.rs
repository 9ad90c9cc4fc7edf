//! Voice messages put into words: a stand-in for `/audio/transcriptions`. A voice of the sandbox
//! carries its words in its bytes.

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// What the bytes of a voice begin with, as every Ogg file does.
const MAGIC: &[u8] = b"OggS\0\x02";

/// What stands before its words.
const SAYS: &[u8] = b"says:";

/// The largest file, in bytes.
const LARGEST: usize = 25 << 20;

/// The endings of the formats that are taken.
const FORMATS: [&str; 9] = ["flac", "m4a", "mp3", "mp4", "mpeg", "oga", "ogg", "wav", "webm"];

/// The bytes of a voice that says this.
pub(crate) fn voice(words: &str) -> Vec<u8> {
    [MAGIC, SAYS, words.as_bytes()].concat()
}

/// What a voice says; nothing where it is silent.
fn words(bytes: &[u8]) -> String {
    let at = bytes.windows(SAYS.len()).position(|window| window == SAYS);
    let said = at.map_or(&[][..], |at| &bytes[at + SAYS.len()..]);
    String::from_utf8_lossy(said).into_owned()
}

/// The words of the file in a request; or what is wrong with it, in `OpenAI`'s words.
pub(crate) async fn heard(request: Request) -> Result<String, &'static str> {
    let parts = Multipart::from_request(request, &()).await;
    let mut parts = parts.map_err(|_| "Could not parse multipart form")?;
    let (mut model, mut file) = (None, None);
    while let Ok(Some(part)) = parts.next_field().await {
        let (field, name) = (part.name().map(str::to_owned), part.file_name().map(str::to_owned));
        let bytes = part.bytes().await.map_err(|_| "Could not parse multipart form")?;
        match field.as_deref() {
            Some("model") => model = Some(bytes).filter(|model| !model.is_empty()),
            Some("file") => file = Some((name.unwrap_or_default(), bytes)),
            _ => {}
        }
    }
    model.ok_or("you must provide a model parameter")?;
    let (name, bytes) = file.ok_or("you must provide a file parameter")?;
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    if !FORMATS.contains(&ending) || !bytes.starts_with(MAGIC) && ending.starts_with("og") {
        return Err("Invalid file format.");
    }
    if bytes.len() > LARGEST {
        return Err("Maximum content size limit (26214400) exceeded");
    }
    Ok(words(&bytes))
}

/// The answer with these words.
pub(crate) fn answer(words: &str) -> Response {
    (StatusCode::OK, axum::Json(json!({ "text": words }))).into_response()
}
