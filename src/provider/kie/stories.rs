//! The client against a server with scripted replies.
#![cfg(test)]

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::config::settings::Config;
use crate::domain::{
    failure::FailureKind,
    key::KeyFault,
    model::Model,
    ports::{DownloadError, PollError, Progress, RenderRequest, SubmitError, VideoMaker},
    secret::Secret,
    video::{Aspect, MAX_VIDEO_BYTES},
};
use crate::provider::{
    agent::USER_AGENT,
    kie::client::{KieClient, Patience},
    scripted::{Reply, Scripted, unused_address},
};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const PROMPT: &str = "A \"small\" cup turns slowly";
const CREATED: &str = r#"{"code":200,"msg":"success","data":{"taskId":"t 1"}}"#;

static KLING: LazyLock<Model> =
    LazyLock::new(|| Config::default().model("kling-3.0/video").unwrap().clone());

fn key() -> Secret {
    Secret::new(KEY)
}

fn config(api_url: &str, upload_url: &str) -> Config {
    let mut config = Config::default();
    api_url.clone_into(&mut config.kie.api_url);
    upload_url.clone_into(&mut config.kie.upload_url);
    config
}

fn kie(server: &Scripted) -> KieClient {
    KieClient::new(&config(&server.url(), &server.url()))
}

/// A client with short timeouts where the script never answers.
fn facing(server: &Scripted, reply: &Reply) -> KieClient {
    if matches!(reply, Reply::Stall(_)) { impatient_at(&server.url()) } else { kie(server) }
}

fn impatient_at(url: &str) -> KieClient {
    let short = Duration::from_millis(200);
    let patience = Patience { submit: short, poll: short, stall: short, ..Patience::default() };
    KieClient::with_patience(&config(url, url), patience)
}

static URLS: LazyLock<[String; 1]> = LazyLock::new(|| ["u".to_owned()]);

fn request() -> RenderRequest<'static> {
    RenderRequest {
        model: &KLING,
        prompt: PROMPT,
        image_urls: &*URLS,
        aspect: Aspect::Portrait,
        seconds: 10,
    }
}

fn submitted(reply: &Reply) -> Result<String, SubmitError> {
    let server = Scripted::new([reply.clone()]);
    facing(&server, reply).submit(&key(), &request())
}

fn mp4() -> Vec<u8> {
    let boxed = |kind: &[u8], body: &[u8]| {
        let length = u32::try_from(body.len() + 8).unwrap();
        [&length.to_be_bytes()[..], kind, body].concat()
    };
    let frames = boxed(b"mdat", &vec![7; 200_000]);
    [boxed(b"ftyp", b"isom\0\0\x02\0"), boxed(b"moov", &[7; 100]), frames].concat()
}

/// Downloads from a scripted server; there is a file if and only if there is no error.
fn downloaded(script: &[Reply]) -> Result<Vec<u8>, DownloadError> {
    let server = Scripted::new(script.to_vec());
    let home = TempDir::new().unwrap();
    let into = home.path().join("video.mp4");
    let url = format!("{}/v.mp4", server.url());
    let outcome = facing(&server, &script[0]).download(&key(), &url, MAX_VIDEO_BYTES, &into);
    assert_eq!(into.exists(), outcome.is_ok());
    outcome.map(|()| std::fs::read(into).unwrap())
}

fn photo(home: &Path) -> PathBuf {
    let path = home.join("photo");
    std::fs::write(&path, b"\xff\xd8\xffpicture").unwrap();
    path
}

#[test]
fn a_submission_says_who_asks_for_what() {
    let server = Scripted::new([Reply::json(200, CREATED)]);
    let kie =
        KieClient::new(&config(&format!("{}/prefix/", server.url()), "http://unused.invalid"));
    assert_eq!(kie.submit(&key(), &request()), Ok("t 1".to_owned()));
    let asked = &server.asked()[0];
    assert_eq!(asked.line(), "POST /prefix/api/v1/jobs/createTask HTTP/1.1");
    assert_eq!(asked.header("authorization"), Some(&*format!("Bearer {KEY}")));
    assert_eq!(asked.header("user-agent"), Some(USER_AGENT));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    let body: Value = serde_json::from_slice(&asked.body).unwrap();
    let input = json!({ "prompt": PROMPT, "image_urls": ["u"], "duration": "10",
        "sound": true, "mode": "std", "multi_shots": false });
    assert_eq!(body, json!({ "model": "kling-3.0/video", "input": input }));
}

#[test]
fn a_model_is_up_when_it_refuses_an_empty_input_as_invalid() {
    let probed = |answer: &str| {
        let server = Scripted::new([Reply::json(200, answer)]);
        let is_up = kie(&server).probe(&key(), "kling");
        let body: Value = serde_json::from_slice(&server.asked()[0].body).unwrap();
        assert_eq!(body, json!({ "model": "kling", "input": {} }));
        is_up
    };
    assert!(probed(r#"{"code":500,"msg":"This field is required","data":null}"#));
    assert!(probed(CREATED));
    assert!(!probed(r#"{"code":500,"msg":"This interface is temporarily paused","data":null}"#));
    assert!(!probed("<html>"));
}

#[test]
fn a_submission_that_never_left_is_not_lost() {
    let away = unused_address();
    let outcome = KieClient::new(&config(&away, &away)).submit(&key(), &request());
    assert!(matches!(outcome, Err(SubmitError::NotSent(_))), "{outcome:?}");
    let no_tls = Scripted::new([Reply::Silence]);
    let secure = no_tls.url().replace("http:", "https:");
    let outcome = impatient_at(&secure).submit(&key(), &request());
    assert!(matches!(outcome, Err(SubmitError::NotSent(_))), "{outcome:?}");
    let outcome = KieClient::new(&config("not an address", "")).submit(&key(), &request());
    assert!(matches!(outcome, Err(SubmitError::NotSent(_))), "{outcome:?}");
}

#[test]
fn a_submission_without_a_usable_answer_is_lost() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"code\":200".to_vec();
    for reply in [
        Reply::Silence,
        Reply::Stall(Vec::new()),
        Reply::Stall(cut.clone()),
        Reply::Raw(cut),
        Reply::Raw(b"SSH-2.0-hello\r\n".to_vec()),
        Reply::html(502),
        Reply::html(200),
        Reply::json(200, &format!("\"{}\"", "x".repeat(3 << 20))),
    ] {
        let outcome = submitted(&reply);
        assert!(matches!(outcome, Err(SubmitError::Lost(_))), "{outcome:?}");
    }
}

#[test]
fn a_redirect_is_not_followed_with_the_key() {
    let moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_vec();
    let server = Scripted::new([Reply::Raw(moved), Reply::json(200, CREATED)]);
    let outcome = kie(&server).submit(&key(), &request());
    assert!(matches!(outcome, Err(SubmitError::Refused(_))), "{outcome:?}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn no_refusal_repeats_the_key_or_the_prompt() {
    let msg = format!("bad key {KEY} for {PROMPT}");
    let body = json!({ "code": 401, "msg": msg, "data": null }).to_string();
    let Err(SubmitError::Refused(failure)) = submitted(&Reply::json(200, &body)) else {
        panic!("not refused")
    };
    assert_eq!(failure.text, "401: bad key … for …");
    assert_eq!(failure.key_fault, Some(KeyFault::KeyDead));
}

#[test]
fn a_key_that_no_header_can_carry_is_dead_and_never_sent() {
    let server = Scripted::new([Reply::json(200, CREATED)]);
    for broken in ["two\nlines", "0123456789ж", "\"0123456789\""] {
        let broken = Secret::new(broken);
        let Err(SubmitError::Refused(failure)) = kie(&server).submit(&broken, &request()) else {
            panic!("not refused")
        };
        assert_eq!(failure.key_fault, Some(KeyFault::KeyDead));
    }
    assert!(server.asked().is_empty());
}

#[test]
fn a_poll_asks_for_one_task_whatever_its_id_looks_like() {
    let server = Scripted::new([Reply::json(200, r#"{"code":200,"data":{"state":"waiting"}}"#)]);
    assert_eq!(kie(&server).poll(&key(), "t 1&x=ü"), Ok(Progress::Running));
    let asked = &server.asked()[0];
    assert_eq!(asked.line(), "GET /api/v1/jobs/recordInfo?taskId=t%201%26x%3D%C3%BC HTTP/1.1");
    assert_eq!(asked.header("user-agent"), Some(USER_AGENT));
}

#[test]
fn polls_share_a_connection_and_submissions_do_not() {
    let waiting = r#"{"code":200,"data":{"state":"waiting"}}"#;
    let server = Scripted::new([Reply::Kept(waiting), Reply::json(200, waiting)]);
    let client = kie(&server);
    assert_eq!(client.poll(&key(), "t1"), Ok(Progress::Running));
    assert_eq!(client.poll(&key(), "t2"), Ok(Progress::Running));
    assert_eq!(server.asked()[1].connection, 1);
    let server = Scripted::new([Reply::Kept(CREATED), Reply::json(200, CREATED)]);
    let client = kie(&server);
    assert!(client.submit(&key(), &request()).is_ok());
    assert!(client.submit(&key(), &request()).is_ok());
    assert_eq!(server.asked()[1].connection, 2);
}

#[test]
fn a_poll_without_a_usable_answer_is_lost() {
    for reply in [Reply::Silence, Reply::Stall(Vec::new()), Reply::html(502)] {
        let server = Scripted::new([reply.clone()]);
        let outcome = facing(&server, &reply).poll(&key(), "t1");
        assert!(matches!(outcome, Err(PollError::Lost(_))), "{outcome:?}");
    }
}

#[test]
fn a_photo_is_uploaded_under_its_name() {
    let home = TempDir::new().unwrap();
    let answer = r#"{"success":true,"code":200,"data":{"downloadUrl":"https://h/p.jpg"}}"#;
    let server = Scripted::new([Reply::json(200, answer)]);
    let url = kie(&server).upload(&key(), &photo(home.path()), "order-7.jpg");
    assert_eq!(url, Ok("https://h/p.jpg".to_owned()));
    let asked = &server.asked()[0];
    assert_eq!(asked.line(), "POST /api/file-stream-upload HTTP/1.1");
    let text = asked.text();
    assert!(text.contains("name=\"uploadPath\"\r\n\r\nreelbot\r\n"), "{text}");
    assert!(text.contains("name=\"fileName\"\r\n\r\norder-7.jpg\r\n"), "{text}");
    assert!(text.contains("name=\"file\"; filename=\"order-7.jpg\"\r\nContent-Type: image/jpeg"));
    assert!(text.contains("picture\r\n--"), "{text}");
}

#[test]
fn an_upload_without_an_address_fails_for_what_it_is() {
    let home = TempDir::new().unwrap();
    let upload = |status, body| {
        let server = Scripted::new([Reply::json(status, body)]);
        kie(&server).upload(&key(), &photo(home.path()), "a.jpg")
    };
    let old = r#"{"code":200,"data":{"fileUrl":"http://h/p"}}"#;
    assert_eq!(upload(200, old), Ok("http://h/p".to_owned()));
    let kind =
        |outcome: Result<String, _>| outcome.map_err(|f: crate::domain::failure::Failure| f.kind);
    let script = r#"{"code":200,"data":{"downloadUrl":"javascript:alert(1)"}}"#;
    assert_eq!(kind(upload(200, script)), Err(FailureKind::Temporary));
    assert_eq!(kind(upload(401, r#"{"code":401,"msg":"no"}"#)), Err(FailureKind::Billing));
    assert_eq!(kind(upload(502, "<html>")), Err(FailureKind::Temporary));
    let server = Scripted::new([]);
    let missing = kie(&server).upload(&key(), &home.path().join("none"), "a.jpg");
    assert_eq!(kind(missing), Err(FailureKind::Temporary));
}

#[test]
fn a_balance_is_read() {
    let server = Scripted::new([Reply::json(200, r#"{"code":200,"data":812.5}"#)]);
    assert_eq!(kie(&server).balance(&key()), Ok(812.5));
    assert_eq!(server.asked()[0].line(), "GET /api/v1/chat/credit HTTP/1.1");
}

#[test]
fn a_video_is_downloaded_without_the_key() {
    let home = TempDir::new().unwrap();
    let into = home.path().join("video.mp4");
    let moved = b"HTTP/1.1 302 Found\r\nLocation: /w.mp4\r\nContent-Length: 0\r\n\r\n".to_vec();
    let server = Scripted::new([Reply::Raw(moved), Reply::Whole(200, "video/mp4", mp4())]);
    let url = format!("{}/v.mp4", server.url());
    assert_eq!(kie(&server).download(&key(), &url, MAX_VIDEO_BYTES, &into), Ok(()));
    assert_eq!(std::fs::read(into).unwrap(), mp4());
    assert_eq!(server.asked().len(), 2);
    for asked in server.asked() {
        assert_eq!(asked.header("authorization"), None);
        assert_eq!(asked.header("user-agent"), Some(USER_AGENT));
    }
}

fn moved(to: &str) -> Reply {
    let head = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nConnection: close\r\n");
    Reply::Raw(format!("{head}Content-Length: 0\r\n\r\n").into_bytes())
}

#[test]
fn a_redirect_to_an_address_with_spaces_leads_to_the_video() {
    let server = Scripted::new([
        moved("/my video.mp4?a=b c"),
        moved("next one.mp4"),
        Reply::Whole(200, "video/mp4", mp4()),
    ]);
    let home = TempDir::new().unwrap();
    let into = home.path().join("video.mp4");
    let url = format!("{}/x/v.mp4", server.url());
    assert_eq!(kie(&server).download(&key(), &url, MAX_VIDEO_BYTES, &into), Ok(()));
    let lines: Vec<String> = server.asked().iter().map(|asked| asked.line().to_owned()).collect();
    assert_eq!(
        lines,
        [
            "GET /x/v.mp4 HTTP/1.1",
            "GET /my%20video.mp4?a=b%20c HTTP/1.1",
            "GET /next%20one.mp4 HTTP/1.1",
        ]
    );
    let absolute = Scripted::new([Reply::Whole(200, "video/mp4", mp4())]);
    let to = format!("{}/a b.mp4", absolute.url());
    assert_eq!(downloaded(&[moved(&to)]), Ok(mp4()));
    assert_eq!(absolute.asked()[0].line(), "GET /a%20b.mp4 HTTP/1.1");
}

#[test]
fn a_circle_of_redirects_is_left_and_so_is_one_that_leads_nowhere() {
    for replies in [vec![moved("/v.mp4"); 8], vec![moved("file:///etc/passwd")]] {
        let outcome = downloaded(&replies);
        let words = "redirected in vain".to_owned();
        assert_eq!(outcome, Err(DownloadError::BadFile(words)));
    }
}

#[test]
fn an_expired_link_is_asked_for_anew_once() {
    let server = Scripted::new([Reply::Whole(200, "video/mp4", mp4())]);
    let fresh = json!({ "code": 200, "data": format!("{}/fresh", server.url()) }).to_string();
    assert_eq!(downloaded(&[Reply::html(403), Reply::json(200, &fresh)]), Ok(mp4()));
    assert_eq!(server.asked()[0].line(), "GET /fresh HTTP/1.1");
    let refused = Reply::json(200, r#"{"code":422,"msg":"not ours","data":null}"#);
    let gone = downloaded(&[Reply::html(404), refused]);
    assert!(matches!(gone, Err(DownloadError::Gone(_))), "{gone:?}");
    let still =
        json!({ "code": 200, "data": { "downloadUrl": format!("{}/x", unused_address()) } });
    let away = downloaded(&[Reply::html(410), Reply::json(200, &still.to_string())]);
    assert!(matches!(away, Err(DownloadError::Temporary(_))), "{away:?}");
}

#[test]
fn a_video_that_comes_in_part_or_not_at_all_is_tried_again() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n".to_vec();
    let part = [head, mp4()].concat();
    for reply in [Reply::Stall(Vec::new()), Reply::Silence, Reply::html(503)] {
        let outcome = downloaded(&[reply]);
        assert!(matches!(outcome, Err(DownloadError::Temporary(_))), "{outcome:?}");
    }
    let unsized_head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    let cut_off = [unsized_head, mp4()[..150_000].to_vec()].concat();
    let packed = |bytes: &[u8]| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
        Reply::Raw([&head[..], bytes].concat())
    };
    for reply in [
        Reply::Raw(part.clone()),
        Reply::Stall(part),
        Reply::Raw(cut_off),
        Reply::Whole(200, "video/mp4", mp4()[..150_000].to_vec()),
        Reply::Whole(206, "video/mp4", mp4()[..150_000].to_vec()),
        packed(&gzip(&mp4()[..150_000])),
        packed(&gzip(&mp4())[..200]),
    ] {
        let outcome = downloaded(&[reply]);
        assert!(matches!(outcome, Err(DownloadError::Incomplete(_))), "{outcome:?}");
    }
}

#[test]
fn a_whole_video_is_taken_however_it_is_sent() {
    let unsized_head = "HTTP/1.1 200 OK\r\nConnection: close\r\n";
    let raw = |head: &str, body: &[u8]| Reply::Raw([head.as_bytes(), body].concat());
    for reply in [
        raw(&format!("{unsized_head}\r\n"), &mp4()),
        raw(&format!("{unsized_head}Content-Encoding: gzip\r\n\r\n"), &gzip(&mp4())),
        raw(&format!("{unsized_head}Content-Encoding: binary\r\n\r\n"), &mp4()),
        Reply::Whole(206, "video/mp4", mp4()),
        Reply::Whole(203, "text/plain", mp4()),
    ] {
        assert_eq!(downloaded(&[reply]), Ok(mp4()));
    }
}

#[test]
fn what_is_no_video_is_not_taken_for_one() {
    for reply in [
        Reply::html(200),
        Reply::json(200, r#"{"code":422,"msg":"expired","data":null}"#),
        Reply::Whole(200, "video/mp4", Vec::new()),
        Reply::Whole(204, "video/mp4", Vec::new()),
    ] {
        let outcome = downloaded(&[reply]);
        assert!(matches!(outcome, Err(DownloadError::BadFile(_))), "{outcome:?}");
    }
    let picture = b"\xFF\xD8\xFF\xE0\0\x10JFIF and more".to_vec();
    let outcome = downloaded(&[Reply::Whole(200, "video/mp4", picture)]);
    assert!(matches!(outcome, Err(DownloadError::BadFile(_))), "{outcome:?}");
    for status in [300, 304, 400, 416] {
        let outcome = downloaded(&[Reply::Whole(status, "video/mp4", mp4())]);
        assert!(matches!(outcome, Err(DownloadError::BadFile(_))), "{status}: {outcome:?}");
    }
    let server = Scripted::new([]);
    let outcome =
        kie(&server).download(&key(), "file:///etc/passwd", MAX_VIDEO_BYTES, Path::new("unused"));
    assert!(matches!(outcome, Err(DownloadError::BadFile(_))), "{outcome:?}");
}

#[test]
fn a_disk_that_refuses_is_not_the_networks_fault() {
    let home = TempDir::new().unwrap();
    let server = Scripted::new([Reply::Whole(200, "video/mp4", mp4())]);
    let outcome =
        kie(&server).download(&key(), &server.url(), MAX_VIDEO_BYTES, &home.path().join("no/dir"));
    assert!(matches!(outcome, Err(DownloadError::Disk(_))), "{outcome:?}");
}

#[test]
fn a_video_that_nobody_could_send_is_not_fetched_to_its_end() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n";
    let told = format!("{head}Content-Length: {}\r\n\r\n", 1 << 30).into_bytes();
    let untold = [format!("{head}\r\n").into_bytes(), mp4()].concat();
    let compressed = [b"\0\0\0\x18ftypisom".as_slice(), &vec![0; 60 << 20]].concat();
    let bomb = [format!("{head}Content-Encoding: gzip\r\n\r\n").into_bytes(), gzip(&compressed)];
    for reply in [Reply::Raw(told), Reply::Endless(untold), Reply::Raw(bomb.concat())] {
        assert_eq!(downloaded(&[reply]), Err(DownloadError::TooLarge));
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_video_that_only_trickles_is_given_up() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n".to_vec();
    let server = Scripted::new([Reply::Trickle([head, mp4()].concat())]);
    let patience = Patience { download: Duration::from_millis(200), ..Patience::default() };
    let home = TempDir::new().unwrap();
    let into = home.path().join("video.mp4");
    let url = server.url();
    let outcome = KieClient::with_patience(&config(&url, &url), patience).download(
        &key(),
        &url,
        MAX_VIDEO_BYTES,
        &into,
    );
    assert_eq!(outcome, Err(DownloadError::Incomplete("no answer in time".to_owned())));
    assert!(!into.exists());
}

#[test]
fn an_answer_without_end_is_lost_and_not_kept_in_memory() {
    let json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let endless = || Reply::Endless(format!("{json}\r\n{{\"code\":200,\"data\":\"").into_bytes());
    let bomb = || {
        let body = gzip(&vec![b' '; 60 << 20]);
        Reply::Raw([format!("{json}Content-Encoding: gzip\r\n\r\n").into_bytes(), body].concat())
    };
    let long = "the answer is over 262144 bytes";
    for reply in [endless(), bomb()] {
        assert_eq!(submitted(&reply), Err(SubmitError::Lost(long.to_owned())));
        let server = Scripted::new([reply.clone(), reply.clone(), reply]);
        let kie = kie(&server);
        assert_eq!(kie.poll(&key(), "t"), Err(PollError::Lost(long.to_owned())));
        assert_eq!(kie.balance(&key()).unwrap_err().text, long);
        let home = TempDir::new().unwrap();
        let failure = kie.upload(&key(), &photo(home.path()), "a.jpg").unwrap_err();
        assert_eq!((failure.kind, failure.text.as_str()), (FailureKind::Temporary, long));
    }
}

#[test]
fn the_usual_grace_of_a_shutdown_is_longer_than_a_submission_can_take() {
    assert!(Config::default().workers.shutdown_grace > Patience::default().submit);
}
