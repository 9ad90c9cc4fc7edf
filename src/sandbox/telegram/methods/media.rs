//! sendPhoto, sendVideo and sendDocument: by upload or by file id. The bot never sends a file
//! by its address, so that does not work here.

use std::{io::Read, path::Path, sync::Arc};

use serde_json::json;

use crate::domain::time::Timestamp;
use crate::sandbox::telegram::{
    attachments::{document, image_size, photo},
    error::{ApiError, MethodResult},
    files::{Files, MAX_PHOTO, StoredFile, Upload},
    message::{Media, MediaKind},
    methods::{body, send::post},
    params::{InputFile, Params},
    state::{NewMessage, TelegramState},
};

/// sendPhoto, sendVideo or sendDocument.
pub(crate) fn send(
    state: &mut TelegramState,
    kind: MediaKind,
    params: &Params,
    now: Timestamp,
) -> MethodResult {
    let body = body::caption(params)?;
    let keyboard = body::keyboard(params)?;
    let chat = state.chat_for_bot(params.int("chat_id"))?;
    let media = match params.file(kind.field()) {
        Some(InputFile::Upload(upload)) => uploaded(&mut state.files, kind, upload, params)?,
        Some(InputFile::Reference(id)) => known_file(state, kind, id)?,
        None => {
            let field = kind.field();
            return Err(ApiError::bad_request(&format!("there is no {field} in the request")));
        }
    };
    let reply_to = body::reply_to(state, chat, params)?;
    let media = Some(media);
    let silent = body::silent(params);
    let draft = NewMessage { body, media, keyboard, reply_to, silent, ..NewMessage::default() };
    Ok(post(state, chat, draft, now))
}

fn uploaded(
    files: &mut Files,
    kind: MediaKind,
    upload: &Upload,
    params: &Params,
) -> Result<Media, ApiError> {
    if upload.size == 0 {
        return Err(ApiError::bad_request("file must be non-empty"));
    }
    match kind {
        MediaKind::Photo if upload.size > MAX_PHOTO => {
            let size = upload.size;
            Err(ApiError::bad_request(&format!("file of size {size} bytes is too big for a photo")))
        }
        MediaKind::Photo => match image_size(&upload.path) {
            Some(size) => {
                let file = keep_file(files, "photos", "image/jpeg", upload)?;
                Ok(photo(files, file, size))
            }
            None => Err(ApiError::bad_request("IMAGE_PROCESS_FAILED")),
        },
        // Anything but an MP4 becomes a document, as the Bot API says of sendVideo.
        MediaKind::Video if is_mp4(&upload.path) => video(files, upload, params),
        _ => {
            let mime = upload.mime.as_deref().unwrap_or_else(|| by_name(&upload.name));
            // A file that plays is shown as a video, unless that is not wanted.
            if kind == MediaKind::Document
                && is_mp4(&upload.path)
                && !params.flag("disable_content_type_detection")
            {
                return video(files, upload, params);
            }
            Ok(document(keep_file(files, "documents", mime, upload)?))
        }
    }
}

/// The media type that the ending of a name stands for.
fn by_name(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "txt" => "text/plain",
        "csv" => "text/csv",
        "mp4" => "video/mp4",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

fn video(files: &mut Files, upload: &Upload, params: &Params) -> Result<Media, ApiError> {
    let file = keep_file(files, "videos", "video/mp4", upload)?;
    let number = |name| u32::try_from(params.int(name).unwrap_or(0)).unwrap_or(0);
    let size = (number("width"), number("height"));
    let json = json!({"file_id": file.id, "file_unique_id": file.unique_id,
        "width": size.0, "height": size.1, "duration": number("duration"),
        "mime_type": file.mime, "file_name": file.name, "file_size": file.size});
    Ok(Media { kind: MediaKind::Video, file, thumbnail: None, size, json })
}

/// A file that Telegram already has; it can be sent as the same kind only.
fn known_file(state: &TelegramState, kind: MediaKind, id: &str) -> Result<Media, ApiError> {
    let media =
        state.chats.values().flat_map(|chat| &chat.messages).filter_map(|m| m.media.as_ref());
    let is_it = |media: &&Media| media.file.id == id && media.file.bot == state.bot;
    let known = media.clone().find(is_it);
    match known {
        Some(media) if media.kind == kind => Ok(media.clone()),
        Some(media) => Err(ApiError::bad_request(&format!(
            "can't use file of type {} as {}",
            capitalized(media.kind.field()),
            capitalized(kind.field())
        ))),
        None => Err(ApiError::bad_request("wrong file identifier/HTTP URL specified")),
    }
}

fn capitalized(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    first.to_uppercase() + rest
}

fn keep_file(
    files: &mut Files,
    folder: &str,
    mime: &str,
    upload: &Upload,
) -> Result<Arc<StoredFile>, ApiError> {
    let kept = files.adopt(folder, mime, upload);
    kept.map_err(|error| ApiError::new(500, format!("Internal Server Error: {error}")))
}

/// Whether a file begins as an MP4 does: with a box called `ftyp`.
fn is_mp4(file: &Path) -> bool {
    let mut head = [0; 8];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && &head[4..] == b"ftyp"
}
