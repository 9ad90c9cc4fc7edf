//! Uploads: a photo is streamed from the disk to KIE's file host.

use std::path::Path;

use ureq::{
    Agent, Body, Error,
    http::{HeaderValue, Response, header::AUTHORIZATION},
    unversioned::multipart::{Form, Part},
};

use crate::domain::{
    failure::{Failure, FailureKind},
    secret::Secret,
};
use crate::provider::{
    agent::{bearer, describe, read},
    kie::wire::{unanswered, uploaded},
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
    let part = Part::file(photo)
        .and_then(|part| part.file_name(name).mime_str(mime(name)).map_err(Error::into_io));
    let part = part.map_err(|error| {
        temporary(format!("our own copy of the photo cannot be read: {}", error.kind()))
    })?;
    let answer = send(agent, url, bearer, part, name);
    let answer = answer.map_err(|error| temporary(format!("upload: {}", describe(&error))))?;
    let answer = read(answer, &[key.expose()]).map_err(unanswered)?;
    uploaded(answer.status, &answer.body)
}

/// The one place that uses ureq's multipart, which is not covered by its promise of stable
/// versions.
fn send<'a>(
    agent: &Agent,
    url: &str,
    bearer: HeaderValue,
    file: Part<'a>,
    name: &'a str,
) -> Result<Response<Body>, Error> {
    let form = Form::new().text("uploadPath", FOLDER).text("fileName", name).part("file", file);
    agent.post(url).header(AUTHORIZATION, bearer).send(form)
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
