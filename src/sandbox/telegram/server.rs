//! The HTTP side of the Bot API.

use std::time::Duration;

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::json;

use crate::domain::id::UserId;
use crate::sandbox::telegram::{
    calls::{ApiCall, LostAnswer},
    decode::decode,
    error::{ApiError, MethodResult},
    fault::Fault,
    methods::call::call,
    params::Params,
    stand_in::TelegramStandIn,
    stream,
};

impl TelegramStandIn {
    /// The Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/{bot}/{method}", any(method))
            .route("/file/{bot}/{*path}", get(download))
            .fallback(|| async { respond(Err(ApiError::not_found())) })
            .layer(DefaultBodyLimit::disable())
            .with_state(self.clone())
    }

    /// Checks the token in a path.
    fn check_token(&self, bot: &str) -> Result<(), ApiError> {
        match bot.strip_prefix("bot") {
            Some(token) if self.knows(token) => Ok(()),
            Some(_) => Err(ApiError::new(401, "Unauthorized")),
            None => Err(ApiError::not_found()),
        }
    }

    async fn execute(&self, method: &str, params: &Params) -> MethodResult {
        if method == "getupdates" {
            return self.get_updates(params).await;
        }
        let now = self.now();
        self.change(|state| call(state, method, params, now))
    }

    /// Notes a lost answer, except to getUpdates: the next call returns the same updates.
    fn log_lost_answer(&self, method: &str, params: &Params) {
        if method != "getupdates" {
            let (method, chat) = (method.to_owned(), params.int("chat_id").map(UserId));
            self.change_quietly(|state| state.lost.push(LostAnswer { method, chat }));
        }
    }

    fn log_call(&self, method: &str, params: &Params, answer: &MethodResult) {
        let call = ApiCall {
            method: method.to_owned(),
            chat: params.int("chat_id").map(UserId),
            params: params.to_log(),
            at: self.now(),
            status: answer.as_ref().map_or_else(|error| error.code, |_| 200),
        };
        self.change_quietly(|state| state.calls.add(call));
    }
}

async fn method(
    State(telegram): State<TelegramStandIn>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    if let Err(error) = telegram.check_token(&bot) {
        return respond(Err(error));
    }
    let method = method.to_ascii_lowercase();
    let params = match decode(request, telegram.dir()).await {
        Ok(params) => params,
        Err(error) => {
            let answer = Err(error);
            telegram.log_call(&method, &Params::default(), &answer);
            return respond(answer);
        }
    };
    let fault = telegram.change_quietly(|state| state.faults.take(&method));
    let answer = match fault {
        Some(Fault::TooManyRequests { retry_after }) => {
            Err(ApiError::too_many_requests(retry_after))
        }
        Some(Fault::ServerError) => Err(ApiError::new(500, "Internal Server Error: restart")),
        Some(Fault::HtmlBadGateway | Fault::Unheard) => Err(ApiError::new(502, "Bad Gateway")),
        Some(Fault::Forbidden) => Err(ApiError::blocked()),
        Some(Fault::Timeout | Fault::Dropped | Fault::LateBadGateway | Fault::Slow { .. })
        | None => telegram.execute(&method, &params).await,
    };
    telegram.log_call(&method, &params, &answer);
    if fault.is_some_and(Fault::loses_the_answer) && answer.is_ok() {
        telegram.log_lost_answer(&method, &params);
    }
    respond_through(fault, answer).await
}

/// Sends an answer, or what the fault makes of it.
async fn respond_through(fault: Option<Fault>, answer: MethodResult) -> Response {
    match fault {
        Some(Fault::HtmlBadGateway | Fault::LateBadGateway) => bad_gateway(),
        Some(Fault::Timeout) => std::future::pending().await,
        Some(Fault::Dropped | Fault::Unheard) => broken_connection(),
        Some(Fault::Slow { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            respond(answer)
        }
        _ => respond(answer),
    }
}

async fn download(
    State(telegram): State<TelegramStandIn>,
    Path((bot, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = telegram.check_token(&bot) {
        return respond(Err(error));
    }
    // A download has those of the random faults that need no JSON.
    match telegram.change_quietly(|state| state.faults.random_fault()) {
        Some(Fault::Unheard | Fault::Dropped) => return broken_connection(),
        Some(fault) if !matches!(fault, Fault::Slow { .. }) => return bad_gateway(),
        _ => {}
    }
    match telegram.read(|state| state.files.by_remote(&path).cloned()) {
        Some(file) => stream::answer(&file, &headers).await,
        None => respond(Err(ApiError::not_found())),
    }
}

fn respond(answer: MethodResult) -> Response {
    let error = match answer {
        Ok(result) => return Json(json!({"ok": true, "result": result})).into_response(),
        Err(error) => error,
    };
    let status = StatusCode::from_u16(error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(error.body())).into_response();
    if let Some(seconds) = error.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// What the gateway in front of Telegram sends when the servers behind it do not answer.
fn bad_gateway() -> Response {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], page).into_response()
}

/// The connection ends in the middle of the answer.
fn broken_connection() -> Response {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let stream = futures_util::stream::iter([Err::<Bytes, _>(broken)]);
    Response::new(Body::from_stream(stream))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use reqwest::multipart::{Form, Part};
    use serde_json::Value;

    use super::*;
    use crate::clock::SystemClock;
    use crate::sandbox::{
        clip,
        serve::{Server, serve},
        telegram::fault::PlannedFault,
    };

    const MP4: &[u8] = b"\0\0\0\x18ftypisom and so on";

    async fn telegram() -> (TelegramStandIn, Server, String) {
        let telegram = TelegramStandIn::new(Arc::new(SystemClock), "1:t").unwrap();
        let server = serve(telegram.router(), 0).await.unwrap();
        let api = format!("{}/bot1:t", server.url());
        (telegram, server, api)
    }

    async fn post(url: String, params: Value) -> (u16, Value) {
        let sent = reqwest::Client::new().post(url).json(&params).send().await.unwrap();
        (sent.status().as_u16(), sent.json().await.unwrap())
    }

    #[tokio::test]
    async fn json_a_form_and_the_query_mean_the_same() {
        let (telegram, _server, api) = telegram().await;
        let ann = telegram.person("Ann", "en");
        ann.sends_text("/start");
        let chat = ann.id();
        let json = json!({"chat_id": chat, "text": "a&b"});
        assert_eq!(post(format!("{api}/SendMessage"), json).await.0, 200);
        let query = format!("{api}/sendmessage?chat_id={chat}&text=a%26b");
        assert!(reqwest::get(query).await.unwrap().status().is_success());
        let form = reqwest::Client::new().post(format!("{api}/sendMessage"));
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        let sent = form.body(format!("chat_id={chat}&text=a%26b")).send().await.unwrap();
        assert!(sent.status().is_success());
        let bots = ann.chat().into_iter().filter(|message| message.from_bot);
        assert_eq!(bots.map(|message| message.text).collect::<Vec<_>>(), ["a&b"; 3]);
    }

    #[tokio::test]
    async fn a_video_arrives_as_teloxide_sends_it_and_goes_again_by_its_id() {
        let (telegram, server, api) = telegram().await;
        let ann = telegram.person("Ann", "en");
        ann.sends_text("/start");
        let file = Part::bytes(MP4).file_name("v.mp4");
        let form = Form::new().text("chat_id", ann.id().to_string()).text("width", "720");
        let form = form.text("video", "attach://0123abcd").part("0123abcd", file);
        let sent = reqwest::Client::new().post(format!("{api}/SendVideo")).multipart(form);
        let sent: Value = sent.send().await.unwrap().json().await.unwrap();
        let video = &sent["result"]["video"];
        assert_eq!((&video["width"], &video["mime_type"]), (&json!(720), &json!("video/mp4")));
        let again = json!({"chat_id": ann.id(), "video": video["file_id"]});
        assert_eq!(post(format!("{api}/sendVideo"), again).await.0, 200);
        assert_eq!(ann.videos().len(), 2);
        let (_, file) = post(format!("{api}/getFile"), json!({"file_id": video["file_id"]})).await;
        let path = file["result"]["file_path"].as_str().unwrap().replace('/', "%2F");
        let url = format!("{}/file/bot1:t/{path}", server.url());
        let part = reqwest::Client::new().get(url).header("range", "bytes=4-7");
        let part = part.send().await.unwrap();
        assert_eq!(part.status(), 206);
        assert_eq!(part.headers()["content-range"], format!("bytes 4-7/{}", MP4.len()));
        assert_eq!(part.text().await.unwrap(), "ftyp");
    }

    #[tokio::test]
    async fn an_upload_over_50_mb_is_refused_and_leaves_nothing_behind() {
        let (telegram, _server, api) = telegram().await;
        let file = Part::bytes(vec![0; (50 << 20) + 1]).file_name("v.mp4");
        let form = Form::new().text("chat_id", "1").part("video", file);
        let sent = reqwest::Client::new().post(format!("{api}/sendVideo")).multipart(form);
        assert_eq!(sent.send().await.unwrap().status(), 413);
        assert_eq!(std::fs::read_dir(telegram.dir()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn wrong_calls_are_refused_as_telegram_refuses_them() {
        let (_telegram, server, api) = telegram().await;
        let unknown = post(format!("{api}/sendDice"), json!({})).await;
        let body = json!({"ok": false, "error_code": 404, "description": "Not Found"});
        assert_eq!(unknown, (404, body));
        let (status, body) = post(format!("{}/bot1:x/getMe", server.url()), json!({})).await;
        assert_eq!((status, &body["description"]), (401, &json!("Unauthorized")));
    }

    #[tokio::test]
    async fn planned_faults_happen_as_often_as_planned() {
        let (telegram, _server, api) = telegram().await;
        let ann = telegram.person("Ann", "en");
        ann.sends_text("/start");
        telegram.next(Fault::TooManyRequests { retry_after: 7 });
        telegram.plan(PlannedFault::new(Fault::HtmlBadGateway).on("sendMessage"));
        telegram.plan(PlannedFault::new(Fault::Dropped).on("sendMessage"));
        let client = reqwest::Client::new();
        let hello = json!({"chat_id": ann.id(), "text": "hello"});
        let send = || client.post(format!("{api}/sendMessage")).json(&hello).send();
        let limited = send().await.unwrap();
        assert_eq!(limited.headers()["retry-after"], "7");
        let body: Value = limited.json().await.unwrap();
        assert_eq!(body["parameters"]["retry_after"], 7);
        assert!(send().await.unwrap().text().await.unwrap().contains("502 Bad Gateway"));
        assert!(ann.last().is_none());
        let lost = match send().await {
            Ok(answer) => answer.bytes().await.map(|_| ()),
            Err(error) => Err(error),
        };
        assert!(lost.is_err());
        assert_eq!(ann.last().unwrap().text, "hello");
        assert!(telegram.planned_faults_are_over());
        let statuses =
            telegram.calls_of("sendMessage").iter().map(|c| c.status).collect::<Vec<_>>();
        assert_eq!(statuses, [429, 502, 200]);
    }

    #[tokio::test]
    async fn of_random_faults_it_is_known_which_calls_were_done_and_not_answered() {
        let (telegram, _server, api) = telegram().await;
        let ann = telegram.person("Ann", "en");
        ann.sends_text("/start");
        telegram.chaos(1.0, 4);
        let client = reqwest::Client::new();
        let hello = json!({"chat_id": ann.id(), "text": "hello"});
        let mut answered = 0;
        for _ in 0..40 {
            let sent = client.post(format!("{api}/sendMessage")).json(&hello).send().await;
            let Ok(answer) = sent else { continue };
            answered +=
                usize::from(answer.json::<Value>().await.is_ok_and(|json| json["ok"] == true));
        }
        let done = ann.chat().iter().filter(|message| message.from_bot).count();
        let lost = telegram.lost_answers();
        assert!(answered > 0 && !lost.is_empty() && done < 40);
        assert_eq!(lost.len(), done - answered);
        assert_eq!((lost[0].method.as_str(), lost[0].chat), ("sendmessage", Some(ann.id())));
    }

    #[tokio::test]
    async fn a_video_says_of_which_task_it_is_even_when_it_is_not_kept() {
        let (telegram, server, api) = telegram().await;
        let ann = telegram.person("Ann", "en");
        ann.sends_text("/start");
        let send = async |bytes: Vec<u8>| {
            let video = Part::bytes(bytes).file_name("v.mp4");
            let form = Form::new().text("chat_id", ann.id().to_string()).part("video", video);
            let url = format!("{api}/sendVideo");
            let sent = reqwest::Client::new().post(url).multipart(form).send().await.unwrap();
            sent.json::<Value>().await.unwrap()["result"]["video"]["file_id"].clone()
        };
        let clip = |task| [clip::EMBEDDED, &clip::label(task)].concat();
        send(clip("0a")).await;
        telegram.forget_uploads();
        let forgotten = send(clip("0b")).await;
        send(clip("0c")[..1000].to_vec()).await;
        let again = json!({"chat_id": ann.id(), "video": forgotten});
        assert_eq!(post(format!("{api}/sendVideo"), again).await.0, 200);
        let tasks = ann.videos().into_iter().map(|video| video.media.unwrap().task);
        let tasks: Vec<_> = tasks.map(Option::unwrap_or_default).collect();
        assert_eq!(tasks, ["0a", "0b", "", "0b"]);
        assert_eq!(std::fs::read_dir(telegram.dir()).unwrap().count(), 1);
        let (_, file) = post(format!("{api}/getFile"), json!({"file_id": forgotten})).await;
        let path = file["result"]["file_path"].as_str().unwrap();
        let gone = reqwest::get(format!("{}/file/bot1:t/{path}", server.url())).await.unwrap();
        assert_eq!(gone.status(), 404);
    }

    #[tokio::test]
    async fn a_call_that_times_out_is_executed_and_never_answered() {
        let (telegram, server, api) = telegram().await;
        let ann = telegram.person("Ann", "en");
        ann.sends_text("/start");
        telegram.next(Fault::Timeout);
        let mut changes = telegram.changes();
        let hello = json!({"chat_id": ann.id(), "text": "hello"});
        let client = reqwest::Client::new().post(format!("{api}/sendMessage")).json(&hello);
        let waiting = tokio::spawn(client.send());
        changes.wait_for(|_| ann.last().is_some()).await.unwrap();
        assert!(!waiting.is_finished());
        drop(server);
        assert!(waiting.await.unwrap().is_ok_and(|answer| answer.status() == 503));
    }
}
