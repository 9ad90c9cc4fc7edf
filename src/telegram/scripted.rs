//! A Bot API for tests: it sends scripted answers, one after the other, and records
//! the calls.
#![cfg(test)]
#![allow(clippy::missing_panics_doc)]

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::config::telegram::Telegram;
use crate::domain::secret::Secret;
use crate::telegram::bot::Bot;

/// The token of the bot under test.
pub(crate) const TOKEN: &str = "123456789:AAtheTokenOfTheTests-0123456789abcde";

/// A scripted answer.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// A status and a body.
    Body(u16, Vec<u8>),
    /// A body that breaks off before its last byte.
    Cut(Vec<u8>),
    /// This result, once so many chat actions have come.
    AfterActions(usize, Value),
    /// Nothing: the connection is closed after the request was read.
    HangUp,
}

/// A recorded call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The last part of the path.
    pub method: String,
    /// The body; what is not UTF-8 in it is replaced.
    pub body: String,
}

/// The server; it ends with the test.
pub(crate) struct Scripted {
    calls: Arc<Mutex<Vec<Call>>>,
    task: JoinHandle<()>,
}

type Script = Arc<Mutex<VecDeque<Answer>>>;

/// A server with these answers, in this order, and a bot that uses it.
/// After the last one, and to chat actions, which are not awaited, it answers
/// `{"ok": true, "result": true}`.
pub(crate) async fn scripted(answers: Vec<Answer>) -> (Scripted, Bot) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let calls = Arc::<Mutex<Vec<Call>>>::default();
    let script: Script = Arc::new(Mutex::new(answers.into()));
    let recorded = Arc::clone(&calls);
    let task = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&recorded)));
        }
    });
    (Scripted { calls, task }, bot_at(&format!("http://{address}")))
}

/// A bot of the server at this address.
pub(crate) fn bot_at(url: &str) -> Bot {
    let (token, api_url) = (Secret::new(TOKEN), url.to_owned());
    Bot::new(&Telegram { token, api_url, ..Telegram::default() }).unwrap()
}

impl Scripted {
    /// The calls so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// The methods that were called so far.
    pub(crate) fn methods(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.method).collect()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Call {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Answer {
    /// A success.
    pub(crate) fn ok(result: &Value) -> Self {
        Self::json(200, &json!({"ok": true, "result": result}))
    }

    /// An error of the Bot API.
    pub(crate) fn error(code: u16, description: &str) -> Self {
        Self::json(code, &json!({"ok": false, "error_code": code, "description": description}))
    }

    /// A 429 that asks for so many seconds.
    pub(crate) fn wait(seconds: u64) -> Self {
        let parameters = json!({"retry_after": seconds});
        let answer = json!({"ok": false, "error_code": 429, "description": "Too Many Requests",
            "parameters": parameters});
        Self::json(429, &answer)
    }

    /// An answer with this JSON.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, &body.to_string())
    }

    /// An answer with this text.
    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self::Body(status, body.as_bytes().to_vec())
    }
}

async fn serve(stream: TcpStream, script: Script, calls: Arc<Mutex<Vec<Call>>>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(call) = request(&mut stream).await? {
        let is_chat_action = call.method == "SendChatAction";
        calls.lock().unwrap().push(call);
        let scripted = if is_chat_action { None } else { script.lock().unwrap().pop_front() };
        let answer = scripted.unwrap_or_else(|| Answer::ok(&json!(true)));
        let (status, body, missing) = match answer {
            Answer::Body(status, body) => (status, body, 0),
            Answer::Cut(body) => (200, body, 1),
            Answer::AfterActions(count, result) => {
                let actions = || {
                    let calls = calls.lock().unwrap();
                    calls.iter().filter(|call| call.method == "SendChatAction").count()
                };
                while actions() < count {
                    tokio::task::yield_now().await;
                }
                (200, json!({"ok": true, "result": result}).to_string().into_bytes(), 0)
            }
            Answer::HangUp => break,
        };
        let length = body.len() + missing;
        let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&body).await?;
        stream.flush().await?;
        if missing > 0 {
            break;
        }
    }
    Ok(())
}

async fn request(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Call>> {
    let mut first = String::new();
    if stream.read_line(&mut first).await? == 0 {
        return Ok(None);
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        match line.trim_end().to_lowercase().split_once(": ") {
            Some(("content-length", number)) => length = number.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let path = first.split(' ').nth(1).unwrap_or_default();
    let method = path.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(Some(Call { method, body: String::from_utf8_lossy(&body).into_owned() }))
}
