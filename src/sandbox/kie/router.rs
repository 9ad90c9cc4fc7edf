//! Which address leads where. KIE has a host for its API, one for uploads and
//! one for files; here all are on one port.

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::Uri;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use serde_json::json;

use crate::sandbox::kie::control;
use crate::sandbox::kie::create::create;
use crate::sandbox::kie::host;
use crate::sandbox::kie::record;
use crate::sandbox::kie::reply;
use crate::sandbox::kie::stand_in::Kie;
use crate::sandbox::kie::upload;

/// The most that an upload may hold: more than KIE takes, so that a photo
/// that is too large is refused where KIE refuses it.
const LARGEST_UPLOAD: usize = 100 * 1000 * 1000;

impl Kie {
    /// All addresses of the stand-in.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/api/v1/jobs/createTask", post(create))
            .route("/api/v1/jobs/recordInfo", get(record::record))
            .route("/api/v1/chat/credit", get(record::credit))
            .route("/api/v1/common/download-url", post(record::download_url))
            .route("/api/file-stream-upload", post(upload::stream))
            .route("/api/file-base64-upload", post(upload::base64))
            .route("/api/file-url-upload", post(upload::url))
            .route("/gpt-5-2/v1/chat/completions", post(chat))
            .route("/files/{*path}", get(host::file))
            .route("/__control/tasks", get(control::tasks))
            .route("/__control/uploads", get(control::uploads))
            .route("/__control/calls", get(control::calls))
            .route("/__control/next", post(control::next))
            .route("/__control/account", post(control::account))
            .route("/__control/model_state", post(control::model_state))
            .route("/__control/chat", post(control::chat))
            .fallback(nowhere)
            .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
            .with_state(self.clone())
    }
}

async fn chat(State(kie): State<Kie>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    kie.state(|state| state.calls.chat += 1);
    match reply::admit(&kie, &headers) {
        Ok(_) => kie.gpt().complete(uri.path(), &body).await,
        Err(answer) => *answer,
    }
}

async fn nowhere() -> Response {
    let body = json!({"code": 404, "msg": "Not Found", "data": null});
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}
