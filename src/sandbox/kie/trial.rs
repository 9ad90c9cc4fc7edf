//! For the tests beside: the stand-in on a port of its own, with an account, a clock moved
//! by hand and a client.
#![cfg(test)]

use std::{sync::Arc, time::Duration};

use reqwest::{
    Client,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::clock::ManualClock;
use crate::domain::time::Timestamp;
use crate::sandbox::kie::{behaviour::Behaviour, stand_in::KieStandIn};

pub(super) const KEY: &str = "0123456789abcdef0123456789abcdef";
pub(super) const SLUG: &str = "sora-2-image-to-video";
pub(super) const RENDER: Duration = Duration::from_secs(200);
pub(super) const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

pub(super) struct Trial {
    pub kie: KieStandIn,
    pub clock: Arc<ManualClock>,
    pub base: String,
    pub client: Client,
}

impl Trial {
    pub(super) async fn begin() -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp(1_764_000_000_000)));
        let kie = KieStandIn::new(clock.clone(), Behaviour::steady(RENDER));
        kie.account("main").key(KEY).credits(100.0);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = kie.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = Client::builder().user_agent("trial").build().unwrap();
        Self { kie, clock, base, client }
    }

    pub(super) async fn upload(&self, bytes: &'static [u8]) -> Value {
        let file = Part::bytes(bytes).file_name("photo.jpg");
        let form =
            Form::new().part("file", file).text("uploadPath", "jobs").text("fileName", "1.jpg");
        let url = format!("{}/api/file-stream-upload", self.base);
        let answer = self.client.post(url).bearer_auth(KEY).multipart(form).send().await;
        answer.unwrap().json().await.unwrap()
    }

    pub(super) async fn photo(&self) -> Value {
        self.upload(JPEG).await["data"]["downloadUrl"].clone()
    }

    pub(super) async fn post(&self, input: &Value) -> reqwest::Result<Value> {
        let url = format!("{}/api/v1/jobs/createTask", self.base);
        let body = json!({"model": SLUG, "input": input});
        self.client.post(url).bearer_auth(KEY).json(&body).send().await?.json().await
    }

    pub(super) async fn create(&self, prompt: &str) -> reqwest::Result<Value> {
        let photo = self.photo().await;
        let input = json!({"prompt": prompt, "image_urls": [photo], "remove_watermark": true});
        self.post(&input).await
    }

    pub(super) async fn task(&self, prompt: &str) -> String {
        let answer = self.create(prompt).await.unwrap();
        answer["data"]["taskId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    pub(super) async fn poll(&self, task: &str) -> reqwest::Result<Value> {
        let url = format!("{}/api/v1/jobs/recordInfo?taskId={task}", self.base);
        self.client.get(url).bearer_auth(KEY).send().await?.json().await
    }

    pub(super) async fn finished(&self, prompt: &str) -> Value {
        let task = self.task(prompt).await;
        self.clock.advance(2 * RENDER);
        self.poll(&task).await.unwrap()["data"].clone()
    }

    pub(super) async fn video(&self) -> String {
        let data = self.finished("a cup").await;
        let result: Value = serde_json::from_str(data["resultJson"].as_str().unwrap()).unwrap();
        assert!(result["resultWaterMarkUrls"][0].is_string());
        result["resultUrls"][0].as_str().unwrap().to_owned()
    }

    pub(super) fn credits(&self) -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "a small whole number")]
        let whole = self.kie.credits("main") as i64;
        whole
    }
}
