//! Forms with a file in them.

use std::path::Path;

use ureq::{
    Agent, Body, Error,
    http::{HeaderValue, Response, header::AUTHORIZATION},
    unversioned::multipart::{Form, Part},
};

/// A file of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FormFile<'a> {
    /// Where it is on this machine.
    pub path: &'a Path,
    /// The name that the form gives it.
    pub name: &'a str,
    /// Its media type.
    pub mime: &'a str,
}

/// Why a form was not answered.
#[derive(Debug)]
pub(crate) enum FormError {
    /// Our own file cannot be read.
    File(std::io::Error),
    /// The call failed.
    Call(Error),
}

/// Sends these fields, and the file as `file`, which is streamed from the disk.
///
/// The one place that uses ureq's multipart, which is not covered by its promise of stable
/// versions.
pub(crate) fn send_form(
    agent: &Agent,
    url: &str,
    bearer: HeaderValue,
    fields: &[(&str, &str)],
    file: FormFile<'_>,
) -> Result<Response<Body>, FormError> {
    let part = Part::file(file.path)
        .and_then(|part| part.file_name(file.name).mime_str(file.mime).map_err(Error::into_io));
    let part = part.map_err(FormError::File)?;
    let form = fields.iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
    let sent = agent.post(url).header(AUTHORIZATION, bearer).send(form.part("file", part));
    sent.map_err(FormError::Call)
}
