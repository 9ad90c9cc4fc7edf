//! Tells the creator of a task that it has ended, where it gave a `callBackUrl`.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;
use tokio::task::spawn_blocking;

use crate::sandbox::kie::behaviour::Callbacks;
use crate::sandbox::kie::fetch;
use crate::sandbox::kie::stand_in::Kie;

/// How often a task with a callback is looked at, at most, in real time.
const LOOK: Duration = Duration::from_millis(50);
/// How often a callback that is not answered with 200 is sent.
const TRIES: u32 = 3;
/// How many looks a task gets: an hour of them, so that a stuck one is given up.
const LOOKS: u32 = 72_000;

/// Watches a task that wants a callback.
pub fn start(kie: &Kie, id: &str) {
    let url = kie.state(|state| state.tasks[id].body["callBackUrl"].as_str().map(str::to_owned));
    let Some(url) = url else { return };
    let (kie, id) = (kie.clone(), id.to_owned());
    tokio::spawn(async move {
        for _ in 0..LOOKS {
            if let Some(body) = ended(&kie, &id) {
                return send(&kie, &id, url, body).await;
            }
            tokio::time::sleep(LOOK).await;
        }
    });
}

/// The body of the callback, once the task has ended.
fn ended(kie: &Kie, id: &str) -> Option<Value> {
    let now = kie.now();
    kie.state(|state| {
        state.settle(id, now);
        let task = &state.tasks[id];
        if state.behaviour.callbacks == Callbacks::Thin && task.ended.is_some() {
            let data = json!({"task_id": id, "callbackType": "task_completed"});
            return Some(json!({"taskId": id, "code": 200, "msg": "Success", "data": data}));
        }
        let (code, text) = match &task.ended.as_ref()?.fault {
            None => (200, "Playground task completed successfully."),
            Some(_) => (501, "Playground task failed."),
        };
        Some(json!({"code": code, "msg": text, "data": task.record(now, state.behaviour.blanks)}))
    })
}

async fn send(kie: &Kie, id: &str, url: String, body: Value) {
    let headers = signature(kie, id);
    let body = body.to_string();
    let copies = match kie.state(|state| state.behaviour.callbacks) {
        Callbacks::Lost => 0,
        Callbacks::Once | Callbacks::Thin => 1,
        Callbacks::Twice => 2,
    };
    let sent = spawn_blocking(move || {
        let post = |_| fetch::post(&url, &headers, body.as_bytes()).is_ok_and(|code| code == 200);
        (0..copies).all(|_| (0..TRIES).any(post))
    });
    // Best effort, as KIE's is: after the last try nobody is told.
    let _ = sent.await;
}

/// `base64(HMAC_SHA256(key, "<task id>.<unix seconds>"))`, where there is a key.
fn signature(kie: &Kie, id: &str) -> String {
    let seconds = kie.now().0 / 1000;
    let Some(key) = kie.state(|state| state.behaviour.webhook_key.clone()) else {
        return String::new();
    };
    let mac = hmac_sha256(key.expose().as_bytes(), format!("{id}.{seconds}").as_bytes());
    let mac = STANDARD.encode(mac);
    format!("X-Webhook-Timestamp: {seconds}\r\nX-Webhook-Signature: {mac}\r\n")
}

/// HMAC by RFC 2104.
fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message);
    let outer = Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c));
    outer.chain_update(inner.finalize()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mac_is_that_of_the_second_test_case_of_rfc_4231() {
        let mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(STANDARD.encode(mac), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }
}
