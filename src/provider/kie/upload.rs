//! Uploads: a photo on its way to KIE's file host, streamed from the disk.

use std::path::Path;

use ureq::Agent;
use ureq::Body;
use ureq::Error;
use ureq::http::HeaderValue;
use ureq::http::Response;
use ureq::http::header::AUTHORIZATION;
use ureq::unversioned::multipart::Form;
use ureq::unversioned::multipart::Part;

use crate::domain::failure::Failure;
use crate::domain::failure::FailureKind;
use crate::domain::secret::Secret;
use crate::provider::agent::bearer;
use crate::provider::agent::describe;
use crate::provider::agent::read;
use crate::provider::kie::wire::unanswered;
use crate::provider::kie::wire::uploaded;

/// The folder at KIE's host in which our photos lie.
const FOLDER: &str = "reelbot";

/// Uploads a photo to `url` under a file name, and returns its public address.
/// The caller sees to it that nobody else uses the name: the same name overwrites.
pub fn upload(
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

/// The one place that speaks ureq's multipart, which is not under its promise of
/// stable versions.
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

/// KIE serves a file by the type that its name promises, so we promise the same.
fn mime(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    }
}
