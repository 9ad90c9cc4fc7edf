//! Tests of photos and videos, over HTTP.
#![cfg(test)]

use std::time::Duration;

use reqwest::{
    Client,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::sandbox::{
    clip,
    kie::{
        behaviour::Clips,
        outcome::{FileFault, RenderOutcome},
        trial::{JPEG, KEY, RENDER, Trial},
    },
};

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
    assert_eq!(clip::task_of(&whole), Some(trial.kie.tasks()[0].task_id.clone()));
    let part = trial.client.get(&url).header("Range", "bytes=4-7").send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], format!("bytes 4-7/{}", whole.len()));
    assert_eq!(part.bytes().await.unwrap(), "ftyp");
    let anonymous = Client::new().get(&url).send().await.unwrap();
    assert_eq!(anonymous.status(), 403);
    assert_eq!(anonymous.text().await.unwrap(), "error code: 1010");
    trial.clock.advance(Duration::from_hours(24));
    assert_eq!(trial.client.get(&url).send().await.unwrap().status(), 404);
    let link = format!("{}/api/v1/common/download-url", trial.base);
    let link = trial.client.post(link).bearer_auth(KEY).json(&json!({"url": url}));
    let link: Value = link.send().await.unwrap().json().await.unwrap();
    let fresh = trial.client.get(link["data"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(fresh.bytes().await.unwrap(), whole);
}

#[tokio::test]
async fn a_download_has_its_fault_only_as_often_as_said() {
    let trial = Trial::begin().await;
    trial.kie.next(RenderOutcome::File { fault: FileFault::Truncated, times: 1 });
    let url = trial.video().await;
    let truncated = trial.client.get(&url).send().await;
    assert!(truncated.is_err() || truncated.unwrap().bytes().await.is_err());
    assert!(trial.client.get(&url).send().await.unwrap().bytes().await.is_ok());
}

/// Repeats a call until its answer is good, and counts the bad ones.
async fn at_last<T>(poor: &mut usize, call: impl AsyncFn() -> Option<T>) -> T {
    loop {
        match call().await {
            Some(answer) => return answer,
            None => *poor += 1,
        }
    }
}

#[tokio::test]
async fn chaos_hits_every_kind_of_call_and_each_succeeds_in_the_end() {
    let trial = Trial::begin().await;
    trial.kie.account("main").credits(10_000.0);
    trial.kie.behave(|behaviour| {
        (behaviour.chaos, behaviour.polls, behaviour.creations) = (0.9, None, None);
        behaviour.stall = Duration::ZERO;
    });
    let good = |answer: Value| Some(answer["data"].clone()).filter(|_| answer["code"] == 200);
    let mut poor = [0; 4];
    let upload = at_last(&mut poor[0], async || good(send_photo(&trial).await?)).await;
    assert!(trial.kie.uploads().len() <= poor[0]);
    let input = json!({"prompt": "a cup", "image_urls": [upload["downloadUrl"]]});
    // A failed task counts as a bad answer.
    let (task, url) = at_last(&mut poor[1], async || {
        let task = good(trial.post(&input).await.ok()?)?["taskId"].as_str()?.to_owned();
        trial.clock.advance(4 * RENDER);
        let mut unheard = 0;
        let poll = async || good(trial.poll(&task).await.ok()?);
        let record = at_last(&mut unheard, poll).await;
        let result: Value = serde_json::from_str(record["resultJson"].as_str()?).ok()?;
        Some((task, result["resultUrls"][0].as_str()?.to_owned()))
    })
    .await;
    for _ in 0..20 {
        at_last(&mut poor[2], async || good(trial.poll(&task).await.ok()?)).await;
    }
    let whole = at_last(&mut poor[3], async || {
        let answer = trial.client.get(&url).send().await.ok()?;
        answer.bytes().await.ok().filter(|bytes| clip::task_of(bytes).is_some())
    });
    assert_eq!(clip::task_of(&whole.await), Some(task));
    assert!(poor.iter().all(|poor| *poor > 0), "{poor:?}");
}

async fn send_photo(trial: &Trial) -> Option<Value> {
    let file = Part::bytes(JPEG).file_name("photo.jpg");
    let form = Form::new().part("file", file).text("uploadPath", "jobs");
    let url = format!("{}/api/file-stream-upload", trial.base);
    let sent = trial.client.post(url).bearer_auth(KEY).multipart(form).send().await;
    sent.ok()?.json().await.ok()
}

#[tokio::test]
async fn a_task_renders_on_until_its_clip_is_made() {
    let trial = Trial::begin().await;
    trial.kie.behave(|behaviour| {
        behaviour.clips = Clips::OfPhoto;
        behaviour.polls = None;
    });
    let permit = trial.kie.ffmpeg_permit().acquire().await.unwrap();
    let task = trial.task("a cup").await;
    trial.clock.advance(2 * RENDER);
    assert_eq!(trial.poll(&task).await.unwrap()["data"]["state"], "generating");
    drop(permit);
    while trial.poll(&task).await.unwrap()["data"]["state"] == "generating" {}
    assert_eq!(trial.poll(&task).await.unwrap()["data"]["state"], "success");
}

#[tokio::test]
async fn a_photo_is_uploaded_under_its_name_into_a_folder() {
    let trial = Trial::begin().await;
    let first = trial.upload(JPEG).await;
    assert_eq!(first["data"]["fileName"], "1.jpg");
    assert_eq!(first["data"]["mimeType"], "image/jpeg");
    let file = Part::bytes(JPEG).file_name("photo.jpg");
    let form = Form::new().part("file", file).text("uploadPath", "/jobs");
    let url = format!("{}/api/file-stream-upload", trial.base);
    let refused = trial.client.post(url).bearer_auth(KEY).multipart(form).send().await.unwrap();
    let refused: Value = refused.json().await.unwrap();
    assert_eq!((refused["success"].as_bool(), refused["code"].as_u64()), (Some(false), Some(400)));
    assert_eq!(trial.kie.uploads().len(), 1);
}
