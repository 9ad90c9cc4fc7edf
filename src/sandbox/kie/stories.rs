//! Tests of tasks, over HTTP.
#![cfg(test)]

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::sandbox::kie::{
    behaviour::{Blanks, ModelState},
    outcome::RenderOutcome,
    task::TaskState,
    trial::{KEY, RENDER, SLUG, Trial},
};

#[tokio::test]
async fn a_task_waits_queues_renders_and_succeeds_by_the_clock() {
    let trial = Trial::begin().await;
    let task = trial.task("a cup").await;
    assert_eq!(task.len(), 32);
    for (seconds, state) in
        [(1, "waiting"), (15, "queuing"), (30, "generating"), (153, "generating")]
    {
        trial.clock.advance(Duration::from_secs(seconds));
        let answer = trial.poll(&task).await.unwrap();
        assert_eq!(answer["data"]["state"], state);
        assert_eq!(answer["data"]["resultJson"], "");
    }
    trial.clock.advance(Duration::from_secs(1));
    let answer = trial.poll(&task).await.unwrap();
    assert_eq!(answer["data"]["state"], "success");
    assert_eq!(answer["data"]["progress"], 100);
    let param: Value = serde_json::from_str(answer["data"]["param"].as_str().unwrap()).unwrap();
    assert_eq!(param["model"], SLUG);
    let seen = &trial.kie.tasks()[0];
    assert_eq!(seen.state, TaskState::Success);
    assert_eq!(seen.photo.as_ref(), Some(&trial.kie.uploads()[0]));
}

#[tokio::test]
async fn credits_are_held_then_settled_or_given_back() {
    let trial = Trial::begin().await;
    let fails = "a cup [[copyright500]]";
    let task = trial.task(fails).await;
    assert_eq!(trial.credits(), 80);
    trial.clock.advance(RENDER);
    let data = trial.poll(&task).await.unwrap()["data"].clone();
    assert_eq!((data["state"].as_str(), data["failCode"].as_str()), (Some("fail"), Some("500")));
    assert_eq!(data["failMsg"], "the output video may be related to copyright restrictions");
    assert_eq!(data["creditsConsumed"], 0.0);
    assert_eq!(trial.credits(), 100);
    assert_eq!(trial.finished("a cup").await["creditsConsumed"], 20.0);
    assert_eq!(trial.credits(), 80);
    trial.kie.account("main").credits(19.0);
    let answer = trial.create("a cup").await.unwrap();
    assert_eq!(answer["code"], 402);
    assert_eq!(answer["msg"], "The current credits are insufficient. Please top up.");
    assert_eq!(answer["data"], Value::Null);
}

#[tokio::test]
async fn a_dropped_connection_may_leave_a_task_or_none() {
    let trial = Trial::begin().await;
    trial.kie.script([
        RenderOutcome::DropAfterAccept,
        RenderOutcome::BrokenAfter,
        RenderOutcome::HtmlAfter,
    ]);
    for tasks in 1..=3 {
        assert!(trial.create("a cup").await.is_err());
        assert_eq!(trial.kie.tasks().len(), tasks);
    }
    trial.kie.script([RenderOutcome::DropBefore, RenderOutcome::HtmlBefore]);
    assert!(trial.create("a cup").await.is_err());
    assert!(trial.create("a cup").await.is_err());
    assert_eq!(trial.kie.tasks().len(), 3);
    assert_eq!(trial.credits(), 40);
}

#[tokio::test]
async fn a_refused_creation_costs_nothing_and_says_why() {
    let trial = Trial::begin().await;
    let wrong = trial.post(&json!({"prompt": "a cup"})).await.unwrap();
    assert_eq!(wrong, json!({"code": 500, "msg": "This field is required", "data": null}));
    trial.kie.model_state(SLUG, ModelState::Paused);
    let paused = trial.create("a cup").await.unwrap();
    assert_eq!(paused["msg"], "This interface is temporarily paused");
    assert_eq!(trial.credits(), 100);
}

#[tokio::test]
async fn polls_can_be_null_broken_or_refused_while_the_task_runs() {
    let trial = Trial::begin().await;
    trial.kie.script([
        RenderOutcome::NullPolls { polls: 1 },
        RenderOutcome::BrokenPolls { polls: 1 },
        RenderOutcome::CodePolls { code: 455, polls: 9 },
        RenderOutcome::Stuck,
    ]);
    let task = trial.task("a cup").await;
    assert_eq!(trial.poll(&task).await.unwrap()["msg"], "recordInfo is null");
    assert_eq!(trial.poll(&task).await.unwrap()["code"], 200);
    let task = trial.task("a cup").await;
    assert!(trial.poll(&task).await.is_err());
    assert!(trial.poll(&task).await.is_ok());
    let (task, stuck) = (trial.task("a cup").await, trial.task("a cup").await);
    assert_eq!(trial.poll(&task).await.unwrap()["code"], 455);
    trial.clock.advance(20 * RENDER);
    assert_eq!(trial.poll(&task).await.unwrap()["data"]["state"], "success");
    assert_eq!(trial.poll(&stuck).await.unwrap()["data"]["state"], "waiting");
}

#[tokio::test]
async fn the_eleventh_poll_in_a_second_is_refused() {
    let trial = Trial::begin().await;
    let task = trial.task("a cup").await;
    for _ in 0..10 {
        assert_eq!(trial.poll(&task).await.unwrap()["code"], 200);
    }
    assert_eq!(trial.poll(&task).await.unwrap()["code"], 429);
    trial.clock.advance(Duration::from_secs(1));
    assert_eq!(trial.poll(&task).await.unwrap()["code"], 200);
}

#[tokio::test]
async fn what_is_not_there_is_null_or_absent() {
    let trial = Trial::begin().await;
    let task = trial.task("a cup").await;
    for (blanks, shown) in [(Blanks::Null, Some(Value::Null)), (Blanks::Absent, None)] {
        trial.kie.behave(|behaviour| behaviour.blanks = blanks);
        let answer = trial.poll(&task).await.unwrap();
        assert_eq!(answer["data"].get("failCode"), shown.as_ref());
    }
}

#[tokio::test]
async fn errors_come_with_their_status_and_message_where_asked() {
    let trial = Trial::begin().await;
    trial.kie.behave(|behaviour| {
        behaviour.real_statuses = true;
        behaviour.message = true;
    });
    let url = format!("{}/api/v1/chat/credit", trial.base);
    let answer = trial.client.get(&url).bearer_auth("wrong").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["message"], "You do not have access permissions");
    let answer = trial.client.get(&url).bearer_auth(KEY).send().await.unwrap();
    assert_eq!(answer.json::<Value>().await.unwrap()["data"], 100.0);
}

#[tokio::test]
async fn a_dropped_connection_carries_not_even_a_status() {
    let trial = Trial::begin().await;
    trial.kie.next(RenderOutcome::DropAfterAccept);
    let input = json!({"prompt": "a cup", "image_urls": [trial.photo().await]});
    let body = json!({"model": SLUG, "input": input}).to_string();
    let request = format!(
        "POST /api/v1/jobs/createTask HTTP/1.0\r\nAuthorization: Bearer {KEY}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let addr = trial.base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(addr).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert_eq!(answer, b"");
    assert_eq!(trial.kie.tasks().len(), 1);
}

#[tokio::test]
async fn whatever_goes_wrong_the_credits_add_up() {
    let trial = Trial::begin().await;
    trial.kie.account("main").credits(1000.0);
    let input = json!({"prompt": "a cup", "image_urls": [trial.photo().await]});
    trial.kie.behave(|behaviour| behaviour.chaos = 0.7);
    for _ in 0..30 {
        let _ = trial.post(&input).await;
        trial.clock.advance(Duration::from_secs(1));
    }
    let held = trial.kie.tasks();
    assert!((10..30).contains(&held.len()));
    trial.clock.advance(4 * RENDER);
    let tasks = trial.kie.tasks();
    assert!(tasks.iter().any(|task| task.state == TaskState::Fail));
    let charged: f64 = tasks.iter().map(|task| task.charged).sum();
    assert!((1000.0 - charged - trial.kie.credits("main")).abs() < 1e-6);
}

#[tokio::test]
async fn a_late_task_is_late_and_a_range_of_times_is_kept() {
    let trial = Trial::begin().await;
    trial.kie.next(RenderOutcome::LateBy { millis: 1000 });
    let task = trial.task("a cup").await;
    trial.clock.advance(RENDER);
    assert_eq!(trial.poll(&task).await.unwrap()["data"]["state"], "generating");
    trial.clock.advance(Duration::from_secs(1));
    assert_eq!(trial.poll(&task).await.unwrap()["data"]["costTime"], 201_000);
    let range = (Duration::from_secs(10), Duration::from_secs(20));
    trial.kie.behave(|behaviour| behaviour.render = range);
    let tasks = [trial.task("a cup").await, trial.task("a cup").await];
    trial.clock.advance(range.1);
    let mut times = Vec::new();
    for task in tasks {
        times.push(trial.poll(&task).await.unwrap()["data"]["costTime"].as_u64().unwrap());
    }
    assert!(times[0] != times[1] && times.iter().all(|time| (10_000..=20_000).contains(time)));
}

#[tokio::test]
async fn a_call_that_is_refused_uses_up_nothing_of_the_script() {
    let trial = Trial::begin().await;
    trial.kie.script([RenderOutcome::Stuck, RenderOutcome::Succeed]);
    trial.kie.account("main").credits(0.0);
    assert_eq!(trial.create("a cup").await.unwrap()["code"], 402);
    trial.kie.account("main").credits(100.0);
    assert_eq!(trial.finished("a cup").await["state"], "waiting");
    assert_eq!(trial.finished("[[people]]").await["state"], "success");
}
