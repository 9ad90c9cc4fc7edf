//! KIE's answers on the wire.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};

use crate::domain::secret::Secret;
use crate::sandbox::kie::{account::Refusal, behaviour::Behaviour, stand_in::KieStandIn};

/// Success, with this data.
pub(crate) fn ok(behaviour: &Behaviour, data: &Value) -> Response {
    envelope(behaviour, 200, "success", data)
}

/// A refusal; its data is null.
pub(crate) fn refused(behaviour: &Behaviour, refusal: &Refusal) -> Response {
    envelope(behaviour, refusal.code, &refusal.msg, &Value::Null)
}

fn envelope(behaviour: &Behaviour, code: u16, text: &str, data: &Value) -> Response {
    let status = if behaviour.real_statuses { code } else { 200 };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let name = if behaviour.message { "message" } else { "msg" };
    (status, axum::Json(json!({"code": code, name: text, "data": data}))).into_response()
}

/// What Cloudflare answers to a request without a User-Agent.
pub(crate) fn cloudflare() -> Response {
    (StatusCode::FORBIDDEN, "error code: 1010").into_response()
}

/// A gateway's HTML page.
pub(crate) fn html(status: StatusCode) -> Response {
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n\
         <center><h1>{status}</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>"
    );
    (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// Truncated JSON.
pub(crate) fn truncated(text: &str) -> Response {
    let half: String = text.chars().take(text.chars().count() * 3 / 5).collect();
    ([(header::CONTENT_TYPE, "application/json")], half).into_response()
}

/// No answer: the connection ends.
pub(crate) fn dropped() -> Response {
    broken_off(Bytes::new(), 1000, Duration::ZERO)
}

/// `part` of a body of the announced `length`; after a pause in real time the connection ends.
pub(crate) fn broken_off(part: Bytes, length: usize, pause: Duration) -> Response {
    let end = async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        Err(io::Error::other("dropped on purpose"))
    };
    let first = stream::iter((!part.is_empty()).then_some(Ok(part)));
    let body = Body::from_stream(stream::StreamExt::chain(first, stream::once(end)));
    ([(header::CONTENT_LENGTH, length.to_string())], body).into_response()
}

/// Whether a request has a User-Agent.
pub(crate) fn has_user_agent(headers: &HeaderMap) -> bool {
    headers.get(header::USER_AGENT).is_some_and(|agent| !agent.is_empty())
}

/// The key of a request; empty without one.
fn bearer(headers: &HeaderMap) -> Secret {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    Secret::new(header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default())
}

/// The base address by which this request reached us.
pub(crate) fn base(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.map(|host| format!("http://{host}")).unwrap_or_default()
}

/// The sender of a request, and how it shall be treated.
pub(crate) struct Caller {
    /// The key it came with.
    pub key: Secret,
    /// The account of that key.
    pub account: String,
    /// The behaviour at this moment.
    pub behaviour: Behaviour,
}

/// Checks the key of a request; else returns the refusal.
pub(crate) fn admit(kie: &KieStandIn, headers: &HeaderMap) -> Result<Caller, Box<Response>> {
    let key = bearer(headers);
    let (behaviour, account) =
        kie.with_state(|state| (state.behaviour.clone(), state.accounts.account_of(&key)));
    match account {
        Ok(account) => Ok(Caller { key, account, behaviour }),
        Err(refusal) => Err(Box::new(refused(&behaviour, &refusal))),
    }
}
