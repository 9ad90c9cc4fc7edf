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
            .route("/__control/mood", post(control::mood))
            .fallback(nowhere)
            .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
            .with_state(self.clone())
    }
}

async fn chat(State(kie): State<Kie>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    kie.memory(|memory| memory.calls.chat += 1);
    match reply::admit(&kie, &headers) {
        Ok(_) => kie.gpt().complete(uri.path(), &body).await,
        Err(answer) => *answer,
    }
}

async fn nowhere() -> Response {
    let body = json!({"code": 404, "msg": "Not Found", "data": null});
    (StatusCode::NOT_FOUND, axum::Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use reqwest::Client;
    use reqwest::multipart::Form;
    use reqwest::multipart::Part;
    use serde_json::Value;

    use super::*;
    use crate::clock::HandClock;
    use crate::domain::time::Timestamp;
    use crate::sandbox::kie::corpus::Line;
    use crate::sandbox::kie::facts::Facts;
    use crate::sandbox::kie::facts::Mood;
    use crate::sandbox::kie::outcome::FileFault;
    use crate::sandbox::kie::outcome::Outcome;
    use crate::sandbox::kie::task::State;

    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const SLUG: &str = "sora-2-image-to-video";
    const RENDER: Duration = Duration::from_secs(200);
    const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

    struct Trial {
        kie: Kie,
        clock: Arc<HandClock>,
        base: String,
        client: Client,
    }

    impl Trial {
        async fn begin() -> Self {
            let clock = Arc::new(HandClock::at(Timestamp(1_764_000_000_000)));
            let kie = Kie::new(clock.clone(), Facts::steady(RENDER));
            kie.account("main").key(KEY).credits(100.0);
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let base = format!("http://{}", listener.local_addr().unwrap());
            let router = kie.router();
            tokio::spawn(async move { axum::serve(listener, router).await });
            let client = Client::builder().user_agent("trial").build().unwrap();
            Self { kie, clock, base, client }
        }

        async fn upload(&self, bytes: &'static [u8]) -> Value {
            let file = Part::bytes(bytes).file_name("photo.jpg");
            let form =
                Form::new().part("file", file).text("uploadPath", "jobs").text("fileName", "1.jpg");
            let url = format!("{}/api/file-stream-upload", self.base);
            let answer = self.client.post(url).bearer_auth(KEY).multipart(form).send().await;
            answer.unwrap().json().await.unwrap()
        }

        async fn photo(&self) -> Value {
            self.upload(JPEG).await["data"]["downloadUrl"].clone()
        }

        async fn post(&self, input: &Value) -> reqwest::Result<Value> {
            let url = format!("{}/api/v1/jobs/createTask", self.base);
            let body = json!({"model": SLUG, "input": input});
            self.client.post(url).bearer_auth(KEY).json(&body).send().await?.json().await
        }

        async fn create(&self, prompt: &str) -> reqwest::Result<Value> {
            let photo = self.photo().await;
            let input = json!({"prompt": prompt, "image_urls": [photo], "remove_watermark": true});
            self.post(&input).await
        }

        async fn task(&self, prompt: &str) -> String {
            let answer = self.create(prompt).await.unwrap();
            answer["data"]["taskId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
        }

        async fn poll(&self, task: &str) -> reqwest::Result<Value> {
            let url = format!("{}/api/v1/jobs/recordInfo?taskId={task}", self.base);
            self.client.get(url).bearer_auth(KEY).send().await?.json().await
        }

        async fn finished(&self, prompt: &str) -> Value {
            let task = self.task(prompt).await;
            self.clock.advance(2 * RENDER);
            self.poll(&task).await.unwrap()["data"].clone()
        }

        async fn video(&self) -> String {
            let data = self.finished("a cup").await;
            let result: Value = serde_json::from_str(data["resultJson"].as_str().unwrap()).unwrap();
            assert!(result["resultWaterMarkUrls"][0].is_string());
            result["resultUrls"][0].as_str().unwrap().to_owned()
        }

        fn credits(&self) -> i64 {
            #[expect(clippy::cast_possible_truncation, reason = "a small whole number")]
            let whole = self.kie.credits("main") as i64;
            whole
        }
    }

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
        assert_eq!((seen.state, seen.polls), (State::Success, 5));
        assert_eq!(seen.photo.as_ref(), Some(&trial.kie.uploads()[0].hash));
    }

    #[tokio::test]
    async fn credits_are_held_then_settled_or_given_back() {
        let trial = Trial::begin().await;
        let fails = "a cup [[copyright500]]";
        let task = trial.task(fails).await;
        assert_eq!(trial.credits(), 80);
        trial.clock.advance(RENDER);
        let data = trial.poll(&task).await.unwrap()["data"].clone();
        assert_eq!(
            (data["state"].as_str(), data["failCode"].as_str()),
            (Some("fail"), Some("500"))
        );
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
        trial.kie.script([Outcome::DropAfterAccept, Outcome::BrokenAfter, Outcome::HtmlAfter]);
        for tasks in 1..=3 {
            assert!(trial.create("a cup").await.is_err());
            assert_eq!(trial.kie.tasks().len(), tasks);
        }
        trial.kie.script([Outcome::DropBefore, Outcome::HtmlBefore]);
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
        trial.kie.mood(SLUG, Mood::Paused);
        let paused = trial.create("a cup").await.unwrap();
        assert_eq!(paused["msg"], "This interface is temporarily paused");
        trial.kie.mood(SLUG, Mood::Unpublished);
        assert_eq!(trial.create("a cup").await.unwrap()["code"], 422);
        trial.kie.mood(SLUG, Mood::AcceptsThenFails);
        let data = trial.finished("a cup").await;
        assert_eq!(data["failMsg"], "Internal Error, Please try again later.");
        trial.kie.revoke(KEY);
        let answer = trial.post(&Value::Null).await.unwrap();
        assert_eq!((answer["code"].as_u64(), trial.credits()), (Some(401), 100));
    }

    #[tokio::test]
    async fn polls_can_be_null_broken_or_refused_while_the_task_runs() {
        let trial = Trial::begin().await;
        trial.kie.script([
            Outcome::NullPolls { polls: 1 },
            Outcome::BrokenPolls { polls: 1 },
            Outcome::CodePolls { code: 455, polls: 9 },
            Outcome::Stuck,
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
    async fn the_photo_must_be_there_and_be_a_photo() {
        let trial = Trial::begin().await;
        for (photo, text) in [
            (json!(format!("{}/files/none.jpg", trial.base)), "Image fetch failed"),
            (
                trial.upload(b"%PDF-1.7").await["data"]["downloadUrl"].clone(),
                "We couldn't process the provided image file (code=invalid_image_format)",
            ),
        ] {
            let answer = trial.post(&json!({"prompt": "x", "image_urls": [photo]})).await.unwrap();
            trial.clock.advance(RENDER);
            let task = answer["data"]["taskId"].as_str().unwrap();
            assert_eq!(trial.poll(task).await.unwrap()["data"]["failMsg"], text);
        }
    }

    #[tokio::test]
    async fn a_video_is_an_mp4_in_whole_and_in_part_until_it_expires() {
        let trial = Trial::begin().await;
        let url = trial.video().await;
        let whole = trial.client.get(&url).send().await.unwrap();
        assert_eq!(whole.headers()["content-type"], "video/mp4");
        let whole = whole.bytes().await.unwrap();
        assert_eq!(&whole[4..8], b"ftyp");
        let part = trial.client.get(&url).header("Range", "bytes=4-7").send().await.unwrap();
        assert_eq!(part.status(), 206);
        assert_eq!(part.headers()["content-range"], format!("bytes 4-7/{}", whole.len()));
        assert_eq!(part.bytes().await.unwrap(), "ftyp");
        let anonymous = Client::new().get(&url).send().await.unwrap();
        assert_eq!(anonymous.status(), 403);
        assert_eq!(anonymous.text().await.unwrap(), "error code: 1010");
        trial.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(trial.client.get(&url).send().await.unwrap().status(), 404);
        let link = format!("{}/api/v1/common/download-url", trial.base);
        let link = trial.client.post(link).bearer_auth(KEY).json(&json!({"url": url}));
        let link: Value = link.send().await.unwrap().json().await.unwrap();
        let fresh = trial.client.get(link["data"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(fresh.bytes().await.unwrap(), whole);
    }

    #[tokio::test]
    async fn a_spoiled_download_is_spoiled_only_as_often_as_said() {
        let trial = Trial::begin().await;
        trial.kie.next(Outcome::File { fault: FileFault::Truncated, times: 1 });
        let url = trial.video().await;
        let cut = trial.client.get(&url).send().await;
        assert!(cut.is_err() || cut.unwrap().bytes().await.is_err());
        assert!(trial.client.get(&url).send().await.unwrap().bytes().await.is_ok());
    }

    #[tokio::test]
    async fn another_process_can_script_it() {
        let trial = Trial::begin().await;
        let next = format!("{}/__control/next", trial.base);
        let fail = Outcome::Fail(Line::new("501", "Generation Failed"));
        let sent = trial.client.post(next).json(&[fail]).send().await.unwrap();
        assert_eq!(sent.status(), 204);
        assert_eq!(trial.finished("a cup").await["failMsg"], "Generation Failed");
        let tasks = trial.client.get(format!("{}/__control/tasks", trial.base)).send().await;
        let tasks: Value = tasks.unwrap().json().await.unwrap();
        assert_eq!(tasks[0]["state"], "fail");
        assert_eq!(tasks[0]["key"], "…cdef");
    }
}
