//! A file as an HTTP answer: in pieces, and in the part that a video player asks for.

use std::io::SeekFrom;

use axum::body::Body;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncSeekExt;

use crate::sandbox::telegram::files::StoredFile;

/// How much is read at once, in bytes.
const PIECE: usize = 64 * 1024;

/// Answers with a file, or with the range of it that `headers` ask for.
pub async fn answer(file: &StoredFile, headers: &HeaderMap) -> Response<Body> {
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let (status, first, last) = match asked.map(|asked| range(asked, file.size)) {
        None | Some(Asked::Everything) => (StatusCode::OK, 0, file.size.saturating_sub(1)),
        Some(Asked::Part(first, last)) => (StatusCode::PARTIAL_CONTENT, first, last),
        Some(Asked::Nothing) => {
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

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// The whole file: also when the header says several ranges or makes no sense.
    Everything,
    /// From the first to the last byte, both included.
    Part(u64, u64),
    /// Only bytes that the file does not have.
    Nothing,
}

/// Reads `bytes=0-99`, `bytes=100-` or `bytes=-100`, for a file of `size` bytes.
fn range(asked: &str, size: u64) -> Asked {
    let parts = asked.strip_prefix("bytes=").and_then(|range| range.split_once('-'));
    let Some((first, last)) = parts else { return Asked::Everything };
    let part = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first > last => return Asked::Everything,
        (Ok(first), Ok(last)) => (first, last),
        (Ok(first), Err(_)) if last.is_empty() => (first, u64::MAX),
        (Err(_), Ok(0)) if first.is_empty() => return Asked::Nothing,
        (Err(_), Ok(tail)) if first.is_empty() => (size.saturating_sub(tail), u64::MAX),
        _ => return Asked::Everything,
    };
    if part.0 < size { Asked::Part(part.0, part.1.min(size - 1)) } else { Asked::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_http_means_it() {
        let ranges = [
            ("bytes=0-0", Asked::Part(0, 0)),
            ("bytes=5-", Asked::Part(5, 9)),
            ("bytes=-3", Asked::Part(7, 9)),
            ("bytes=-30", Asked::Part(0, 9)),
            ("bytes=2-99", Asked::Part(2, 9)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=4-2", Asked::Everything),
            ("bytes=0-1,4-5", Asked::Everything),
            ("lines=1-2", Asked::Everything),
        ];
        for (asked, meant) in ranges {
            assert_eq!(range(asked, 10), meant, "{asked}");
        }
    }
}
