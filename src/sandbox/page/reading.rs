//! What the page loads: its own files, the changes, and the files of the chats.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::sandbox::{
    page::view::{Changes, Page},
    telegram::stream,
};

/// How long a request for changes waits at most.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// The page loads nothing from other hosts and has no inline scripts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data: blob:; media-src 'self' blob:; base-uri 'none'; form-action 'none'";

/// A file of the page.
pub(crate) fn asset(mime: &'static str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}

/// A script of the page.
pub(crate) fn script(text: &'static str) -> Response {
    asset("text/javascript", text)
}

/// A file of a chat. It may be anything that a person sent, so the browser must never run it as a page.
pub(crate) async fn media(
    State(page): State<Page>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(file) = page.telegram.read(|state| state.files.by_id(&id).cloned()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = stream::answer(&file, &headers).await;
    let seen = file.mime.starts_with("image/") || file.mime.starts_with("video/");
    let disposition = if seen { "inline" } else { "attachment" };
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, disposition),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The version that the page knows.
#[derive(Deserialize)]
pub(crate) struct ChangesQuery {
    #[serde(default)]
    since: u64,
}

/// Waits until there is something newer than `since`, and returns it.
pub(crate) async fn changes(
    State(page): State<Page>,
    Query(asked): Query<ChangesQuery>,
) -> Json<Value> {
    let mut versions = page.telegram.changes();
    // After the timeout the answer is sent with or without changes.
    let newer = versions.wait_for(|version| *version != asked.since);
    let _ = tokio::time::timeout(LONGEST_WAIT, newer).await;
    let changes = Changes::of(&page.telegram, asked.since);
    Json(json!({"epoch": page.epoch, "info": page.info, "changes": changes}))
}
