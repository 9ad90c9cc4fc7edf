//! A file as an HTTP response: in pieces, and in the part that a video player asks for.

use std::io::SeekFrom;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};

use crate::sandbox::{
    range::{RequestedRange, requested_range},
    telegram::files::StoredFile,
};

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// Answers with a file, or with the range of it that `headers` ask for.
pub(crate) async fn answer(file: &StoredFile, headers: &HeaderMap) -> Response<Body> {
    let (status, first, last) = match requested_range(headers, file.size) {
        RequestedRange::Whole => (StatusCode::OK, 0, file.size.saturating_sub(1)),
        RequestedRange::Part(first, last) => (StatusCode::PARTIAL_CONTENT, first, last),
        RequestedRange::Unsatisfiable => {
            let all = format!("bytes */{}", file.size);
            return empty(StatusCode::RANGE_NOT_SATISFIABLE, header::CONTENT_RANGE, &all);
        }
    };
    let length = if file.size == 0 { 0 } else { last - first + 1 };
    let Ok(body) = pieces(file, first, length).await else {
        return empty(StatusCode::NOT_FOUND, header::CONTENT_LENGTH, "0");
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_LENGTH, length.into());
    fields.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(mime) = HeaderValue::from_str(&file.mime) {
        fields.insert(header::CONTENT_TYPE, mime);
    }
    let part = format!("bytes {first}-{last}/{}", file.size);
    if let (StatusCode::PARTIAL_CONTENT, Ok(part)) = (status, HeaderValue::from_str(&part)) {
        fields.insert(header::CONTENT_RANGE, part);
    }
    response
}

fn empty(status: StatusCode, field: header::HeaderName, value: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(field, value);
    }
    response
}

async fn pieces(file: &StoredFile, first: u64, length: u64) -> std::io::Result<Body> {
    let mut opened = File::open(&file.path).await?;
    opened.seek(SeekFrom::Start(first)).await?;
    let reader = opened.take(length);
    let stream = futures_util::stream::unfold(reader, |mut reader| async move {
        let mut piece = vec![0; PIECE];
        match reader.read(&mut piece).await {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some((Ok(Bytes::from(piece)), reader))
            }
            Err(error) => Some((Err(error), reader)),
        }
    });
    Ok(Body::from_stream(stream))
}
