//! The wire between the bot and the stand-ins: it counts requests, holds answers back, and
//! rewrites them.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use serde_json::Value;
use tokio::sync::watch;

/// Rewrites an answer's JSON, by the address of its request.
type Rewrite = Arc<dyn Fn(&str, &mut Value) + Send + Sync>;

/// What passes between the bot and the stand-ins.
#[derive(Default)]
struct Traffic {
    /// The address of each request that came in.
    asked: Vec<String>,
    /// How many answers still pass before they are held.
    passes: usize,
    rewrite: Option<Rewrite>,
    /// The part of an address whose next answers are this text and then 1 GiB, and how many.
    huge: Option<(&'static str, &'static str, usize)>,
}

/// The wire of all servers of a story. Clones are the same wire.
#[derive(Clone)]
pub(crate) struct Wire {
    traffic: Arc<Mutex<Traffic>>,
    /// Counts every request and every answer.
    pub changes: watch::Sender<u64>,
    /// The part of an address whose answers are held back.
    held: watch::Sender<Option<&'static str>>,
}

impl Wire {
    pub(crate) fn new() -> Self {
        let (changes, held) = (watch::Sender::new(0), watch::Sender::new(None));
        Self { traffic: Arc::default(), changes, held }
    }

    /// Puts the wire before a server.
    pub(crate) fn layer(&self, router: Router) -> Router {
        let wire = self.clone();
        router.layer(middleware::from_fn(move |request: Request, next: Next| {
            let wire = wire.clone();
            async move { wire.pass(request, next).await }
        }))
    }

    /// How many requests to addresses that end so have come in, answered or not.
    pub(crate) fn asked(&self, end: &str) -> usize {
        let traffic = self.traffic.lock().unwrap();
        traffic.asked.iter().filter(|path| path.ends_with(end)).count()
    }

    /// How many requests and answers there have been.
    pub(crate) fn progress(&self) -> u64 {
        *self.changes.borrow()
    }

    /// Rewrites every JSON answer from now on.
    pub(crate) fn rewrites(&self, rewrite: impl Fn(&str, &mut Value) + Send + Sync + 'static) {
        self.traffic.lock().unwrap().rewrite = Some(Arc::new(rewrite));
    }

    /// Holds all answers to addresses that end so, until they are released.
    pub(crate) fn holds(&self, end: &'static str) {
        self.holds_after(end, 0);
    }

    /// The same after the next few.
    pub(crate) fn holds_after(&self, end: &'static str, passes: usize) {
        self.traffic.lock().unwrap().passes = passes;
        self.held.send_replace(Some(end));
    }

    /// The next few answers to addresses that end so are this text and then 1 GiB more.
    pub(crate) fn answers_hugely(&self, end: &'static str, text: &'static str, times: usize) {
        self.traffic.lock().unwrap().huge = Some((end, text, times));
    }

    /// Whether all of them were sent.
    pub(crate) fn has_answered_hugely(&self) -> bool {
        self.traffic.lock().unwrap().huge.is_none()
    }

    /// Lets all held answers pass.
    pub(crate) fn releases(&self) {
        self.held.send_replace(None);
    }

    async fn pass(self, request: Request, next: Next) -> Response {
        let path = request.uri().path().to_owned();
        self.note(|traffic| traffic.asked.push(path.clone()));
        let answer = next.run(request).await;
        let mut held = self.held.subscribe();
        let is_held = held.borrow().is_some_and(|end| path.ends_with(end));
        if is_held && !self.may_pass() {
            // An error means that the servers are gone: then nothing is held.
            drop(held.wait_for(|end| end.is_none_or(|end| !path.ends_with(end))).await);
        }
        let huge = self.huge(&path);
        let rewrite = self.traffic.lock().unwrap().rewrite.clone();
        let answer = match rewrite {
            _ if huge.is_some() => huge.unwrap_or_default(),
            Some(rewrite) => rewritten(answer, |json| rewrite(&path, json)).await,
            None => answer,
        };
        self.note(|_| {});
        answer
    }

    fn huge(&self, path: &str) -> Option<Response> {
        let mut traffic = self.traffic.lock().unwrap();
        let (end, text, times) = traffic.huge.filter(|(end, ..)| path.ends_with(end))?;
        traffic.huge = (times > 1).then_some((end, text, times - 1));
        let chunk = Bytes::from(vec![b'A'; 64 * 1024]);
        let rest = (0..16 * 1024).map(move |_| chunk.clone());
        let body = std::iter::once(Bytes::from_static(text.as_bytes())).chain(rest);
        let body = body.map(Ok::<_, axum::Error>);
        Some(Response::new(Body::from_stream(futures_util::stream::iter(body))))
    }

    fn may_pass(&self) -> bool {
        let mut traffic = self.traffic.lock().unwrap();
        let left = traffic.passes.checked_sub(1);
        traffic.passes = left.unwrap_or(0);
        left.is_some()
    }

    fn note(&self, note: impl FnOnce(&mut Traffic)) {
        note(&mut self.traffic.lock().unwrap());
        self.changes.send_modify(|version| *version += 1);
    }
}

/// An answer with rewritten JSON; it comes in chunks, without a length.
async fn rewritten(answer: Response, rewrite: impl FnOnce(&mut Value)) -> Response {
    let (mut parts, body) = answer.into_parts();
    let kind = parts.headers.get("content-type").and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return Response::from_parts(parts, body);
    }
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let Ok(mut json) = serde_json::from_slice(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    rewrite(&mut json);
    parts.headers.remove("content-length");
    let text = json.to_string().into_bytes();
    let chunks: Vec<_> = text.chunks(7).map(|chunk| Ok::<_, axum::Error>(chunk.to_vec())).collect();
    Response::from_parts(parts, Body::from_stream(futures_util::stream::iter(chunks)))
}
