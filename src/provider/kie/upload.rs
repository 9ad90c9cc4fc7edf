//! Uploads: a photo is streamed from the disk to KIE's file host.

use std::path::Path;

use ureq::Agent;

use crate::domain::{
    failure::{Failure, FailureKind},
    secret::Secret,
};
use crate::provider::{
    agent::{bearer, describe, read},
    kie::wire::{unanswered, uploaded},
    multipart::{FormError, FormFile, send_form},
};

/// The folder for our photos at KIE's host.
const FOLDER: &str = "reelbot";

/// Uploads a photo to `url` under a file name, and returns its public address.
/// The name must be unique: the same name overwrites.
pub(crate) fn upload(
    agent: &Agent,
    url: &str,
    key: &Secret,
    photo: &Path,
    name: &str,
) -> Result<String, Failure> {
    let temporary = |text: String| Failure::new(FailureKind::Temporary, text);
    let bearer = bearer(key).map_err(unanswered)?;
    let fields = [("uploadPath", FOLDER), ("fileName", name)];
    let file = FormFile { path: photo, name, mime: mime(name) };
    let answer = send_form(agent, url, bearer, &fields, file).map_err(|error| {
        temporary(match error {
            FormError::File(error) => {
                format!("our own copy of the photo cannot be read: {}", error.kind())
            }
            FormError::Call(error) => format!("upload: {}", describe(&error)),
        })
    })?;
    let answer = read(answer, &[key.expose()]).map_err(unanswered)?;
    uploaded(answer.status, &answer.body)
}

/// The media type by the extension, as KIE will serve the file.
fn mime(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    }
}
