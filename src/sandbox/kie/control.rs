//! The control endpoints, for tests in another process. They want no key.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::domain::secret::Secret;
use crate::sandbox::gpt::Reply;
use crate::sandbox::kie::behaviour::ModelState;
use crate::sandbox::kie::file_store::Upload;
use crate::sandbox::kie::outcome::RenderOutcome;
use crate::sandbox::kie::stand_in::Kie;
use crate::sandbox::kie::state::Calls;
use crate::sandbox::kie::task::TaskSeen;

/// `GET /__control/tasks`: every task, in the order of creation.
pub async fn tasks(State(kie): State<Kie>) -> Json<Vec<TaskSeen>> {
    Json(kie.tasks())
}

/// `GET /__control/uploads`: every upload, in its order.
pub async fn uploads(State(kie): State<Kie>) -> Json<Vec<Upload>> {
    Json(kie.uploads())
}

/// `GET /__control/calls`: how often each address was called.
pub async fn calls(State(kie): State<Kie>) -> Json<Calls> {
    Json(kie.calls())
}

/// One outcome or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum RenderOutcomes {
    /// One.
    One(RenderOutcome),
    /// Several, in order.
    Many(Vec<RenderOutcome>),
}

/// `POST /__control/next`: what happens to the next tasks.
pub async fn next(State(kie): State<Kie>, Json(outcomes): Json<RenderOutcomes>) -> StatusCode {
    match outcomes {
        RenderOutcomes::One(outcome) => kie.next(outcome),
        RenderOutcomes::Many(outcomes) => kie.script(outcomes),
    }
    StatusCode::NO_CONTENT
}

/// An account, and what to change about it.
#[derive(Deserialize)]
pub struct AccountChange {
    account: String,
    key: Option<Secret>,
    daily_cap: Option<f64>,
    credits: Option<f64>,
}

/// `POST /__control/account`: opens an account, adds a key, sets its credits.
pub async fn account(State(kie): State<Kie>, Json(change): Json<AccountChange>) -> StatusCode {
    let account = kie.account(&change.account);
    if let Some(key) = change.key {
        match change.daily_cap {
            Some(cap) => account.capped_key(key.expose(), cap),
            None => account.key(key.expose()),
        };
    }
    if let Some(credits) = change.credits {
        account.credits(credits);
    }
    StatusCode::NO_CONTENT
}

/// A model, and how it is doing.
#[derive(Deserialize)]
pub struct MoodChange {
    model: String,
    model_state: ModelState,
}

/// `POST /__control/model_state`: pauses a model, revives it, …
pub async fn model_state(State(kie): State<Kie>, Json(change): Json<MoodChange>) -> StatusCode {
    kie.model_state(&change.model, change.model_state);
    StatusCode::NO_CONTENT
}

/// `POST /__control/chat`: how the chat endpoint answers its next call.
pub async fn chat(State(kie): State<Kie>, Json(reply): Json<Reply>) -> StatusCode {
    kie.gpt().next(reply);
    StatusCode::NO_CONTENT
}
