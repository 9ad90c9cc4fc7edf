//! The file host: photos as they were uploaded, videos as they were made.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, StreamExt, stream};
use serde_json::json;

use crate::sandbox::{
    kie::{file_store::HostedFile, outcome::FileFault, reply, stand_in::KieStandIn},
    range::{RequestedRange, requested_range},
};

/// The number of pieces of a slow download.
const PIECES: usize = 20;
/// The time between them, in real time.
const PAUSE: Duration = Duration::from_millis(100);
/// A picture.
const PICTURE: &[u8] = include_bytes!("../coffee.jpg");
/// A `WebM`: its head, and a segment of eleven bytes.
const WEBM: &[u8] = b"\x1A\x45\xDF\xA3\x87\x42\x82\x84webm\x18\x53\x80\x67\x8Bsome frames";

/// Serves a file, whole or in part.
pub(crate) async fn file(State(kie): State<KieStandIn>, uri: Uri, headers: HeaderMap) -> Response {
    let now = kie.now();
    let (stall, file) = kie.with_state(|state| {
        let chaos = state.chaos.download(&state.behaviour);
        let file = state.file_store.get(uri.path(), now).map(take_fault);
        let file = file.map(|(file, fault)| (file, fault.or(chaos)));
        (state.behaviour.stall, file)
    });
    if !reply::has_user_agent(&headers) {
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
        Some(FileFault::Truncated) => reply::broken_off(half, length, Duration::ZERO),
        Some(FileFault::Stalling) => reply::broken_off(half, length, stall),
        Some(FileFault::Slow) => slowly(whole, file.mime),
        Some(FileFault::Json) => expired(),
        Some(FileFault::Empty) => Bytes::new().into_response(),
        Some(FileFault::CutOff) => Body::from_stream(once(half)).into_response(),
        Some(FileFault::AllAsPart) => {
            let range = format!("bytes 0-{}/{length}", length - 1);
            let headers = [(header::CONTENT_RANGE, range)];
            (StatusCode::PARTIAL_CONTENT, headers, whole).into_response()
        }
        Some(FileFault::WebM) => Bytes::from_static(WEBM).into_response(),
        Some(FileFault::QuickTime) => {
            let brand = b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ";
            [&brand[..], &whole].concat().into_response()
        }
        Some(FileFault::Picture) => Bytes::from_static(PICTURE).into_response(),
    }
}

/// The file, and the fault of this download if one is left.
fn take_fault(file: &mut HostedFile) -> (HostedFile, Option<FileFault>) {
    let fault = match &mut file.fault {
        Some((fault, times)) if *times > 0 => {
            *times -= 1;
            Some(*fault)
        }
        _ => None,
    };
    (file.clone(), fault)
}

/// One piece, of a length that nobody is told.
fn once(bytes: Bytes) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    stream::iter([Ok(bytes)])
}

fn expired() -> Response {
    axum::Json(json!({"code": 422, "msg": "The file has expired", "data": null})).into_response()
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
    match requested_range(headers, length as u64) {
        RequestedRange::Whole => (kind, bytes).into_response(),
        RequestedRange::Unsatisfiable => {
            let none = [(header::CONTENT_RANGE, format!("bytes */{length}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, none).into_response()
        }
        RequestedRange::Part(first, last) => {
            let place = [(header::CONTENT_RANGE, format!("bytes {first}-{last}/{length}"))];
            let index = |at| usize::try_from(at).unwrap_or(length);
            let part = bytes.slice(index(first)..=index(last));
            (StatusCode::PARTIAL_CONTENT, kind, place, part).into_response()
        }
    }
}
