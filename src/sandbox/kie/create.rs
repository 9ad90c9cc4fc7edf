//! `POST /api/v1/jobs/createTask`.

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::domain::time::Timestamp;
use crate::sandbox::dice::throw;
use crate::sandbox::kie::account::Limits;
use crate::sandbox::kie::account::Refusal;
use crate::sandbox::kie::callback;
use crate::sandbox::kie::corpus::INTERNAL;
use crate::sandbox::kie::corpus::Line;
use crate::sandbox::kie::corpus::moderation;
use crate::sandbox::kie::facts::Facts;
use crate::sandbox::kie::facts::Mood;
use crate::sandbox::kie::models::Model;
use crate::sandbox::kie::outcome::Outcome;
use crate::sandbox::kie::outcome::PollFault;
use crate::sandbox::kie::render;
use crate::sandbox::kie::reply;
use crate::sandbox::kie::reply::Guest;
use crate::sandbox::kie::schema;
use crate::sandbox::kie::stand_in::Kie;
use crate::sandbox::kie::state::Memory;
use crate::sandbox::kie::task::Ending;
use crate::sandbox::kie::task::Photo;
use crate::sandbox::kie::task::Task;

/// The handler.
pub async fn create(State(kie): State<Kie>, headers: HeaderMap, body: Bytes) -> Response {
    kie.memory(|memory| memory.calls.create += 1);
    let guest = match reply::admit(&kie, &headers) {
        Ok(guest) => guest,
        Err(answer) => return *answer,
    };
    let base = reply::base(&guest.facts, &headers);
    let now = kie.now();
    match kie.memory(|memory| accept(memory, &guest, base, &body, now)) {
        Err(Refused::Body(refusal)) => reply::refused(&guest.facts, &refusal),
        Err(Refused::Html) => reply::html(StatusCode::BAD_GATEWAY),
        Err(Refused::Drop) => reply::dropped(),
        Ok((id, outcome)) => {
            render::start(&kie, &id);
            callback::start(&kie, &id);
            answer(&guest.facts, &id, outcome).await
        }
    }
}

/// Why there is no task.
enum Refused {
    Body(Refusal),
    Html,
    Drop,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::Body(refusal)
    }
}

async fn answer(facts: &Facts, id: &str, outcome: Option<Outcome>) -> Response {
    let data = json!({"taskId": id});
    match outcome {
        Some(Outcome::DropAfterAccept) => return reply::dropped(),
        Some(Outcome::HtmlAfter) => return reply::html(StatusCode::BAD_GATEWAY),
        Some(Outcome::BrokenAfter) => {
            return reply::cut(&json!({"code": 200, "msg": "success", "data": data}).to_string());
        }
        Some(Outcome::AnswerAfter { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        _ => {}
    }
    reply::ok(facts, &data)
}

fn accept(
    memory: &mut Memory,
    guest: &Guest,
    base: String,
    body: &[u8],
    now: Timestamp,
) -> Result<(String, Option<Outcome>), Refused> {
    let body: Value =
        serde_json::from_slice(body).map_err(|_| Refusal::new(500, "Internal Server Error"))?;
    let slug = body["model"].as_str().filter(|slug| !slug.is_empty());
    let slug = slug.ok_or_else(|| Refusal::new(500, schema::REQUIRED))?;
    let mood = memory.moods.get(slug).copied().unwrap_or_default();
    let model = offered(slug, mood)?;
    schema::check(model, &body["input"]).map_err(|text| Refusal::new(500, &text))?;
    let outcome = next_outcome(memory);
    match &outcome {
        Some(Outcome::Refuse { code, msg }) => return Err(Refusal::new(*code, msg).into()),
        Some(Outcome::HtmlBefore) => return Err(Refused::Html),
        Some(Outcome::DropBefore) => return Err(Refused::Drop),
        _ => {}
    }
    let price = memory.price(model, &body["input"]);
    if let Err(refusal) = hold(memory, guest, price, now) {
        // What was in store stays in store for a call that is accepted.
        if let Some(outcome) = outcome {
            memory.queue.push_front(outcome);
        }
        return Err(refusal.into());
    }
    let prompt = body["input"]["prompt"].as_str().unwrap_or_default();
    let ending = ending(outcome.as_ref(), prompt, mood);
    let mut task = new_task(memory, guest, model, now);
    task = Task { body, ending, price, base, ..task };
    burden(&mut task, outcome.as_ref());
    let id = task.id.clone();
    memory.order.push(id.clone());
    memory.open.insert(id.clone());
    memory.tasks.insert(id.clone(), task);
    Ok((id, outcome))
}

/// A task of which nothing is known but who created it, and when.
fn new_task(memory: &mut Memory, guest: &Guest, model: &'static Model, now: Timestamp) -> Task {
    Task {
        id: memory.fresh_id(now),
        key: guest.key.clone(),
        account: guest.account.clone(),
        model,
        body: Value::Null,
        created: now,
        render: render_time(&memory.facts, memory.serial),
        shortcut: memory.facts.shortcut,
        ending: Ending::Succeed,
        photo: Photo::Absent,
        clip: None,
        price: 0.0,
        ended: None,
        polls: 0,
        polled_by: Vec::new(),
        poll_faults: nulls(memory.facts.null_polls),
        file_fault: None,
        base: String::new(),
    }
}

/// The model, if it takes tasks today.
fn offered(slug: &str, mood: Mood) -> Result<&'static Model, Refusal> {
    let refused = |code, text| Err(Refusal::new(code, text));
    let unknown = "The page does not exist or is not published";
    match (mood, Model::find(slug)) {
        (Mood::Unpublished, _) | (_, None) => refused(422, unknown),
        (Mood::Paused, _) => refused(500, "This interface is temporarily paused"),
        (Mood::Busy, _) => refused(500, "the server is busy"),
        (Mood::Disabled, _) => refused(505, "This feature is currently disabled"),
        (Mood::Maintenance, _) => refused(455, "System is currently undergoing maintenance"),
        (Mood::Alive | Mood::AcceptsThenFails, Some(model)) => Ok(model),
    }
}

fn next_outcome(memory: &mut Memory) -> Option<Outcome> {
    memory.serial += 1;
    memory.queue.pop_front().or_else(|| memory.chaos.creation(&memory.facts))
}

fn hold(memory: &mut Memory, guest: &Guest, price: f64, now: Timestamp) -> Result<(), Refusal> {
    let limits = Limits { creations: memory.facts.creations, under_way: memory.facts.under_way };
    memory.accounts.hold(&guest.key, price, now, limits).or_else(|_| {
        // Tasks that have ended meanwhile free their place and give back their hold.
        memory.settle_all(now);
        memory.accounts.hold(&guest.key, price, now, limits)
    })
}

fn ending(outcome: Option<&Outcome>, prompt: &str, mood: Mood) -> Ending {
    match outcome {
        Some(Outcome::Fail(line)) => return Ending::Fail(line.clone()),
        Some(Outcome::Stuck) => return Ending::Never,
        Some(Outcome::Succeed) => return Ending::Succeed,
        _ if prompt.contains("[[stuck]]") => return Ending::Never,
        _ => {}
    }
    match moderation(prompt) {
        Some(line) => Ending::Fail(line),
        None if mood == Mood::AcceptsThenFails => Ending::Fail(Line::new(INTERNAL.0, INTERNAL.1)),
        None => Ending::Succeed,
    }
}

fn render_time(facts: &Facts, number: u64) -> Duration {
    let (least, most) = facts.render;
    let spread = u32::try_from(throw(facts.seed, number) >> 32).unwrap_or(u32::MAX);
    least + most.saturating_sub(least).mul_f64(f64::from(spread) / 2f64.powi(32))
}

fn nulls(count: u32) -> VecDeque<PollFault> {
    (0..count).map(|_| PollFault::Null).collect()
}

/// Lays an outcome's later effects on a task.
fn burden(task: &mut Task, outcome: Option<&Outcome>) {
    let (fault, count) = match outcome {
        Some(Outcome::LateBy { millis }) => {
            task.render += Duration::from_millis(*millis);
            return;
        }
        Some(Outcome::File { fault, times }) => {
            task.file_fault = Some((*fault, *times));
            return;
        }
        Some(Outcome::NullPolls { polls }) => (PollFault::Null, *polls),
        Some(Outcome::BrokenPolls { polls }) => (PollFault::Broken, *polls),
        Some(Outcome::CodePolls { code, polls }) => (PollFault::Code(*code), *polls),
        _ => return,
    };
    task.poll_faults.extend((0..count).map(|_| fault));
}
