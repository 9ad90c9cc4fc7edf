//! `GET /api/v1/jobs/recordInfo`, the credit balance and download links.

use axum::{
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::time::Timestamp;
use crate::sandbox::kie::{
    account::Refusal,
    file_store::path_of,
    outcome::RecordFault,
    reply::{self, Caller},
    stand_in::KieStandIn,
    state::KieState,
};

/// The query: which task.
#[derive(Deserialize)]
pub(crate) struct RecordQuery {
    #[serde(rename = "taskId", default)]
    task: String,
}

/// The state of a task.
pub(crate) async fn record(
    State(kie): State<KieStandIn>,
    Query(asked): Query<RecordQuery>,
    headers: HeaderMap,
) -> Response {
    kie.with_state(|state| state.calls.record += 1);
    let caller = match reply::admit(&kie, &headers) {
        Ok(caller) => caller,
        Err(answer) => return *answer,
    };
    let now = kie.now();
    match kie.with_state(|state| look_up(state, &caller, &asked.task, now)) {
        Ok((data, None)) => reply::ok(&caller.behaviour, &data),
        Ok((mut data, Some(RecordFault::NoAddress))) => {
            data["resultJson"] = json!("");
            reply::ok(&caller.behaviour, &data)
        }
        Ok((_, Some(RecordFault::Html))) => reply::html(StatusCode::BAD_GATEWAY),
        Ok((_, Some(RecordFault::Dropped))) => reply::dropped(),
        Ok((data, Some(_))) => {
            reply::truncated(&json!({"code": 200, "msg": "success", "data": data}).to_string())
        }
        Err(refusal) => reply::refused(&caller.behaviour, &refusal),
    }
}

/// The record, and the fault with which it shall be answered.
fn look_up(
    state: &mut KieState,
    caller: &Caller,
    id: &str,
    now: Timestamp,
) -> Result<(Value, Option<RecordFault>), Refusal> {
    if !state.accounts.poll(&caller.key, now, state.behaviour.polls) {
        state.calls.limited += 1;
        return Err(Refusal::new(429, "Rate limit exceeded"));
    }
    if id.is_empty() {
        return Err(Refusal::new(400, "taskId parameter is required"));
    }
    state.settle(id, now);
    let unknown = || Refusal::new(422, "recordInfo is null");
    let task = state.tasks.get_mut(id).ok_or_else(unknown)?;
    if !task.polled_by.contains(&caller.key) {
        task.polled_by.push(caller.key.clone());
    }
    // Whether another account may read a task is not documented.
    if task.account != caller.account {
        return Err(unknown());
    }
    // KIE's own answers about an ended task were always valid, apart from "null" at the beginning.
    let of_gateway = [RecordFault::Null, RecordFault::Html, RecordFault::Dropped];
    let due = |fault: &RecordFault| match fault {
        RecordFault::NoAddress => task.ended.is_some(),
        fault => task.ended.is_none() || of_gateway.contains(fault),
    };
    let fault = task.poll_faults.front().copied().filter(due);
    if fault.is_some() {
        task.poll_faults.pop_front();
    }
    let chaos = state.chaos.poll(&state.behaviour).filter(due);
    match fault.or(chaos) {
        Some(RecordFault::Null) => Err(unknown()),
        Some(RecordFault::Code(code)) => Err(Refusal::new(code, error_text(code))),
        fault => Ok((task.record(now, caller.behaviour.blanks), fault)),
    }
}

fn error_text(code: u16) -> &'static str {
    match code {
        429 => "Rate limit exceeded",
        455 => "System is currently undergoing maintenance",
        _ => "Internal Server Error",
    }
}

/// The credits of the key's account.
pub(crate) async fn credit(State(kie): State<KieStandIn>, headers: HeaderMap) -> Response {
    match reply::admit(&kie, &headers) {
        Ok(caller) => reply::ok(&caller.behaviour, &json!(kie.credits(&caller.account))),
        Err(answer) => *answer,
    }
}

/// A fresh link to one of our own files, for 20 minutes.
pub(crate) async fn download_url(
    State(kie): State<KieStandIn>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let caller = match reply::admit(&kie, &headers) {
        Ok(caller) => caller,
        Err(answer) => return *answer,
    };
    let now = kie.now();
    let base = reply::base(&headers);
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let path = body["url"].as_str().and_then(path_of);
    let link = path.and_then(|path| kie.with_state(|state| state.file_store.new_link(path, now)));
    match link {
        Some(link) => reply::ok(&caller.behaviour, &json!(format!("{base}{link}"))),
        None => reply::refused(&caller.behaviour, &Refusal::new(422, "The url is invalid")),
    }
}
