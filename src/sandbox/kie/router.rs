//! The routes. KIE has a host for its API, one for uploads and one for files; here all are
//! on one port.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use crate::sandbox::kie::{create::create, host, record, stand_in::KieStandIn, upload};

/// The largest upload, in bytes. It is more than KIE takes, so that a photo that is too
/// large is refused where KIE refuses it.
const LARGEST_UPLOAD: usize = 100 * 1000 * 1000;

impl KieStandIn {
    /// All routes of the stand-in.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/api/v1/jobs/createTask", post(create))
            .route("/api/v1/jobs/recordInfo", get(record::record))
            .route("/api/v1/chat/credit", get(record::credit))
            .route("/api/v1/common/download-url", post(record::download_url))
            .route("/api/file-stream-upload", post(upload::stream))
            .route("/files/{*path}", get(host::file))
            .fallback(nowhere)
            .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
            .with_state(self.clone())
    }
}

async fn nowhere() -> Response {
    let body = json!({"code": 404, "msg": "Not Found", "data": null});
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}
