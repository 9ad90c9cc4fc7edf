//! The file host: photos as they were uploaded, videos as they were made.

use std::ops::Range;
use std::time::Duration;

use axum::body::Body;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::Uri;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream;

use crate::sandbox::kie::file_store::File;
use crate::sandbox::kie::outcome::FileFault;
use crate::sandbox::kie::reply;
use crate::sandbox::kie::stand_in::Kie;

/// A slow download comes in so many pieces, …
const PIECES: usize = 20;
/// … so much real time apart.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves a file, whole or in part.
pub async fn file(State(kie): State<Kie>, uri: Uri, headers: HeaderMap) -> Response {
    let now = kie.now();
    let (stall, file) = kie.state(|state| {
        let chaos = state.chaos.download(&state.behaviour);
        let file = state.files.get(uri.path(), now).map(take);
        let file = file.map(|(file, fault)| (file, fault.or(chaos)));
        (state.behaviour.stall, file)
    });
    if !reply::has_agent(&headers) {
        return reply::cloudflare();
    }
    let Some((file, fault)) = file else { return not_found() };
    let whole = file.whole();
    let length = whole.len();
    let half = whole.slice(..length / 2);
    match fault {
        None => whole_or_part(whole, file.mime, &headers),
        Some(FileFault::NotFound) => not_found(),
        Some(FileFault::Html) => reply::html(StatusCode::OK),
        Some(FileFault::Truncated) => reply::spoiled(half, length, Duration::ZERO),
        Some(FileFault::Stalling) => reply::spoiled(half, length, stall),
        Some(FileFault::Slow) => slowly(whole, file.mime),
    }
}

/// The file, and one of the faults it still has to show.
fn take(file: &mut File) -> (File, Option<FileFault>) {
    let fault = match &mut file.fault {
        Some((fault, times)) if *times > 0 => {
            *times -= 1;
            Some(*fault)
        }
        _ => None,
    };
    (file.clone(), fault)
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "Not Found").into_response()
}

fn slowly(bytes: Bytes, mime: &'static str) -> Response {
    let length = bytes.len();
    let step = length.div_ceil(PIECES).max(1);
    let pieces = stream::iter((0..length).step_by(step)).then(move |start| {
        let piece = bytes.slice(start..(start + step).min(length));
        async move {
            tokio::time::sleep(PAUSE).await;
            Ok::<Bytes, std::io::Error>(piece)
        }
    });
    let headers =
        [(header::CONTENT_TYPE, mime.to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    (headers, Body::from_stream(pieces)).into_response()
}

fn whole_or_part(bytes: Bytes, mime: &'static str, headers: &HeaderMap) -> Response {
    let length = bytes.len();
    let kind = [(header::CONTENT_TYPE, mime), (header::ACCEPT_RANGES, "bytes")];
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    match asked.map_or(Wanted::Whole, |range| wanted(range, length)) {
        Wanted::Whole => (kind, bytes).into_response(),
        Wanted::Outside => {
            let none = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, none).into_response()
        }
        Wanted::Part(span) => {
            let place = format!("bytes {}-{}/{length}", span.start, span.end - 1);
            let place = [(header::CONTENT_RANGE, place)];
            (StatusCode::PARTIAL_CONTENT, kind, place, bytes.slice(span)).into_response()
        }
    }
}

/// What a Range header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// Everything; so too when the header is not understood.
    Whole,
    /// These bytes.
    Part(Range<usize>),
    /// Something that the file does not have.
    Outside,
}

fn wanted(range: &str, length: usize) -> Wanted {
    match span(range, length) {
        None => Wanted::Whole,
        Some(span) if span.start < span.end => Wanted::Part(span),
        Some(_) => Wanted::Outside,
    }
}

fn span(range: &str, length: usize) -> Option<Range<usize>> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = (from.trim(), to.trim());
    if from.is_empty() {
        return Some(length.saturating_sub(to.parse().ok()?)..length);
    }
    let end = if to.is_empty() { length } else { to.parse::<usize>().ok()?.saturating_add(1) };
    Some(from.parse().ok()?..end.min(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_players_send_them() {
        assert_eq!(wanted("bytes=0-", 10), Wanted::Part(0..10));
        assert_eq!(wanted("bytes=2-4", 10), Wanted::Part(2..5));
        assert_eq!(wanted("bytes=-3", 10), Wanted::Part(7..10));
        assert_eq!(wanted("bytes=8-99", 10), Wanted::Part(8..10));
        assert_eq!(wanted("bytes=10-", 10), Wanted::Outside);
        assert_eq!(wanted("lines=1-2", 10), Wanted::Whole);
        assert_eq!(wanted("bytes=0-1,4-5", 10), Wanted::Whole);
    }
}
