//! `POST /api/v1/jobs/createTask`.

use std::{collections::VecDeque, time::Duration};

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde_json::{Value, json};

use crate::domain::time::Timestamp;
use crate::sandbox::{
    kie::{
        account::{Limits, Refusal},
        behaviour::{Behaviour, ModelState},
        corpus::moderation,
        models::OfferedModel,
        outcome::{RecordFault, RenderOutcome},
        render,
        reply::{self, Caller},
        schema,
        stand_in::KieStandIn,
        state::KieState,
        task::{Ending, Task, TaskPhoto},
    },
    seeded::random_bits,
};

/// The handler.
pub(crate) async fn create(
    State(kie): State<KieStandIn>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    kie.with_state(|state| state.calls.create += 1);
    let caller = match reply::admit(&kie, &headers) {
        Ok(caller) => caller,
        Err(answer) => return *answer,
    };
    let base = reply::base(&headers);
    let now = kie.now();
    match kie.with_state(|state| accept(state, &caller, base, &body, now)) {
        Err(NoTask::Body(refusal)) => reply::refused(&caller.behaviour, &refusal),
        Err(NoTask::Html) => reply::html(StatusCode::BAD_GATEWAY),
        Err(NoTask::Drop) => reply::dropped(),
        Ok((id, outcome)) => {
            render::start(&kie, &id);
            answer(&caller.behaviour, &id, outcome).await
        }
    }
}

/// Why there is no task.
enum NoTask {
    Body(Refusal),
    Html,
    Drop,
}

impl From<Refusal> for NoTask {
    fn from(refusal: Refusal) -> Self {
        Self::Body(refusal)
    }
}

async fn answer(behaviour: &Behaviour, id: &str, outcome: Option<RenderOutcome>) -> Response {
    let data = json!({"taskId": id});
    match outcome {
        Some(RenderOutcome::DropAfterAccept) => return reply::dropped(),
        Some(RenderOutcome::HtmlAfter) => return reply::html(StatusCode::BAD_GATEWAY),
        Some(RenderOutcome::BrokenAfter) => {
            return reply::truncated(
                &json!({"code": 200, "msg": "success", "data": data}).to_string(),
            );
        }
        Some(RenderOutcome::AnswerAfter { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        _ => {}
    }
    reply::ok(behaviour, &data)
}

fn accept(
    state: &mut KieState,
    caller: &Caller,
    base: String,
    body: &[u8],
    now: Timestamp,
) -> Result<(String, Option<RenderOutcome>), NoTask> {
    let body: Value =
        serde_json::from_slice(body).map_err(|_| Refusal::new(500, "Internal Server Error"))?;
    let slug = body["model"].as_str().filter(|slug| !slug.is_empty());
    let slug = slug.ok_or_else(|| Refusal::new(500, schema::REQUIRED))?;
    let model_state = state.model_states.get(slug).copied().unwrap_or_default();
    let model = model_on_offer(slug, model_state)?;
    schema::check(model, &body["input"]).map_err(|text| Refusal::new(500, &text))?;
    let outcome = next_outcome(state);
    match &outcome {
        Some(RenderOutcome::Refuse { code, msg }) => return Err(Refusal::new(*code, msg).into()),
        Some(RenderOutcome::HtmlBefore) => return Err(NoTask::Html),
        Some(RenderOutcome::DropBefore) => return Err(NoTask::Drop),
        _ => {}
    }
    let price = model.credits(&body["input"]);
    if let Err(refusal) = hold(state, caller, price, now) {
        // The outcome stays queued for a call that is accepted.
        if let Some(outcome) = outcome {
            state.queue.push_front(outcome);
        }
        return Err(refusal.into());
    }
    let prompt = body["input"]["prompt"].as_str().unwrap_or_default();
    let ending = ending(outcome.as_ref(), prompt);
    let mut task = new_task(state, caller, model, now);
    task = Task { body, ending, price, base, ..task };
    apply_outcome(&mut task, outcome.as_ref());
    let id = task.id.clone();
    state.order.push(id.clone());
    state.open.insert(id.clone());
    state.tasks.insert(id.clone(), task);
    Ok((id, outcome))
}

/// A task of which only the key and the time are known.
fn new_task(
    state: &mut KieState,
    caller: &Caller,
    model: &'static OfferedModel,
    now: Timestamp,
) -> Task {
    Task {
        id: state.fresh_id(now),
        key: caller.key.clone(),
        account: caller.account.clone(),
        model,
        body: Value::Null,
        created: now,
        render: render_time(&state.behaviour, state.serial),
        shortcut: state.behaviour.shortcut,
        ending: Ending::Succeed,
        photo: TaskPhoto::Absent,
        clip: None,
        price: 0.0,
        ended: None,
        polled_by: Vec::new(),
        poll_faults: nulls(state.behaviour.null_polls),
        file_fault: None,
        base: String::new(),
    }
}

/// The model, if it takes tasks at the moment.
fn model_on_offer(slug: &str, model_state: ModelState) -> Result<&'static OfferedModel, Refusal> {
    let unknown = || Refusal::new(422, "The page does not exist or is not published");
    let model = OfferedModel::find(slug).ok_or_else(unknown)?;
    match model_state {
        ModelState::Alive => Ok(model),
        ModelState::Paused => Err(Refusal::new(500, "This interface is temporarily paused")),
    }
}

fn next_outcome(state: &mut KieState) -> Option<RenderOutcome> {
    state.serial += 1;
    state.queue.pop_front().or_else(|| state.chaos.creation(&state.behaviour))
}

fn hold(state: &mut KieState, caller: &Caller, price: f64, now: Timestamp) -> Result<(), Refusal> {
    let limits =
        Limits { creations: state.behaviour.creations, under_way: state.behaviour.under_way };
    state.accounts.hold(&caller.key, price, now, limits).or_else(|_| {
        // Tasks that have ended meanwhile make room and release their credits.
        state.settle_all(now);
        state.accounts.hold(&caller.key, price, now, limits)
    })
}

fn ending(outcome: Option<&RenderOutcome>, prompt: &str) -> Ending {
    match outcome {
        Some(RenderOutcome::Fail(failure)) => return Ending::Fail(failure.clone()),
        Some(RenderOutcome::Stuck) => return Ending::Never,
        Some(RenderOutcome::Succeed) => return Ending::Succeed,
        _ if prompt.contains("[[stuck]]") => return Ending::Never,
        _ => {}
    }
    moderation(prompt).map_or(Ending::Succeed, Ending::Fail)
}

fn render_time(behaviour: &Behaviour, number: u64) -> Duration {
    let (least, most) = behaviour.render;
    let spread = u32::try_from(random_bits(behaviour.seed, number) >> 32).unwrap_or(u32::MAX);
    least + most.saturating_sub(least).mul_f64(f64::from(spread) / 2f64.powi(32))
}

fn nulls(count: u32) -> VecDeque<RecordFault> {
    (0..count).map(|_| RecordFault::Null).collect()
}

/// Applies an outcome's later effects to a task.
fn apply_outcome(task: &mut Task, outcome: Option<&RenderOutcome>) {
    let (fault, count) = match outcome {
        Some(RenderOutcome::LateBy { millis }) => {
            task.render += Duration::from_millis(*millis);
            return;
        }
        Some(RenderOutcome::File { fault, times }) => {
            task.file_fault = Some((*fault, *times));
            return;
        }
        Some(RenderOutcome::NullPolls { polls }) => (RecordFault::Null, *polls),
        Some(RenderOutcome::NoAddressPolls { polls }) => (RecordFault::NoAddress, *polls),
        Some(RenderOutcome::BrokenPolls { polls }) => (RecordFault::Broken, *polls),
        Some(RenderOutcome::CodePolls { code, polls }) => (RecordFault::Code(*code), *polls),
        _ => return,
    };
    task.poll_faults.extend((0..count).map(|_| fault));
}
