//! Reads a method's parameters from the query, from a form, from JSON or from a multipart
//! body, whose files are written to the disk as they come in.

use std::path::Path;

use axum::{
    Form,
    extract::{FromRequest, Multipart, Query, Request, multipart::Field},
    http::header::CONTENT_TYPE,
};
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use crate::sandbox::telegram::{
    error::ApiError,
    files::{MAX_UPLOAD, Upload},
    params::Params,
};

type Pairs = Vec<(String, String)>;

/// The largest body that is not a file, in bytes.
const LONGEST_BODY: usize = 1 << 20;

/// Reads the parameters; files are saved in `dir`.
pub(crate) async fn decode(request: Request, dir: &Path) -> Result<Params, ApiError> {
    let query = Query::<Pairs>::try_from_uri(request.uri());
    let in_query = query.map(|Query(pairs)| pairs).unwrap_or_default();
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    let mut params = if kind.starts_with("application/json") {
        json(request).await?
    } else if kind.starts_with("multipart/form-data") {
        multipart(request, dir).await?
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        let form = Form::<Pairs>::from_request(request, &()).await;
        Params::from(form.map_err(|error| unreadable(&error))?.0)
    } else {
        Params::default()
    };
    for (name, value) in in_query {
        params.values.entry(name).or_insert(Value::String(value));
    }
    Ok(params)
}

async fn json(request: Request) -> Result<Params, ApiError> {
    let body = axum::body::to_bytes(request.into_body(), LONGEST_BODY).await;
    let body = body.map_err(|_| ApiError::too_large())?;
    if body.is_empty() {
        return Ok(Params::default());
    }
    match serde_json::from_slice(&body) {
        Ok(Value::Object(values)) => Ok(Params { values, ..Params::default() }),
        Ok(Value::Null) => Ok(Params::default()),
        _ => Err(ApiError::bad_request("can't parse JSON object")),
    }
}

async fn multipart(request: Request, dir: &Path) -> Result<Params, ApiError> {
    let parts = Multipart::from_request(request, &()).await;
    let mut parts = parts.map_err(|error| unreadable(&error))?;
    let mut params = Params::default();
    let mut left = MAX_UPLOAD;
    let mut too_large = false;
    while let Some(part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_some() {
            // An upload that is too large is still read to its end, or the sender would never see
            // the answer.
            match save(part, dir, left).await? {
                Some(upload) => {
                    left -= upload.size;
                    params.files.insert(name, upload);
                }
                None => too_large = true,
            }
        } else {
            let text = part.text().await.map_err(|error| unreadable(&error))?;
            params.values.insert(name, Value::String(text));
        }
    }
    if too_large { Err(ApiError::too_large()) } else { Ok(params) }
}

/// Writes a part to the disk; none when it is larger than `most` bytes.
async fn save(mut part: Field<'_>, dir: &Path, most: u64) -> Result<Option<Upload>, ApiError> {
    let name = part.file_name().unwrap_or_default().to_owned();
    let mime = part.content_type().map(str::to_owned);
    let (file, path) =
        tempfile::NamedTempFile::new_in(dir).map_err(|error| broken(&error))?.into_parts();
    let mut file = tokio::fs::File::from_std(file);
    let mut size = 0;
    while let Some(bytes) = part.chunk().await.map_err(|error| unreadable(&error))? {
        size += bytes.len() as u64;
        if size <= most {
            file.write_all(&bytes).await.map_err(|error| broken(&error))?;
        }
    }
    file.flush().await.map_err(|error| broken(&error))?;
    Ok((size <= most).then_some(Upload { path, name, mime, size }))
}

fn unreadable(error: &impl std::fmt::Display) -> ApiError {
    ApiError::bad_request(&format!("can't parse the request: {error}"))
}

fn broken(error: &std::io::Error) -> ApiError {
    ApiError::new(500, format!("Internal Server Error: {error}"))
}
