//! A server on loopback that stops when its handle is dropped.

use std::net::{Ipv4Addr, SocketAddr};

use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, sync::watch};

/// A running server. Dropping it stops it: the port closes, and a request that
/// still waits (a long poll) is answered with 503.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    /// Its receivers notice when it is dropped.
    _alive: watch::Sender<()>,
}

impl Server {
    /// For example `http://127.0.0.1:40001`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }
}

/// Serves `router` on 127.0.0.1, on a free port when `port` is 0, on the
/// current tokio runtime. Fails when the port is taken.
pub async fn serve(router: Router, port: u16) -> std::io::Result<Server> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let addr = listener.local_addr()?;
    let (alive, watcher) = watch::channel(());
    let for_requests = watcher.clone();
    let router = router.layer(middleware::from_fn(move |request: Request, next: Next| {
        answer_while_alive(for_requests.clone(), request, next)
    }));
    tokio::spawn(async move {
        // It ends with the watcher or with the runtime; an error there has no reader.
        let _ = axum::serve(listener, router).with_graceful_shutdown(end(watcher)).await;
    });
    Ok(Server { addr, _alive: alive })
}

async fn answer_while_alive(
    watcher: watch::Receiver<()>,
    request: Request,
    next: Next,
) -> Response {
    tokio::select! {
        response = next.run(request) => response,
        () = end(watcher) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn end(mut watcher: watch::Receiver<()>) {
    while watcher.changed().await.is_ok() {}
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;

    #[tokio::test]
    async fn a_dropped_server_answers_who_still_waits_and_closes_its_port() {
        let router = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/wait", get(std::future::pending::<()>));
        let server = serve(router, 0).await.unwrap();
        let url = server.url();
        assert_eq!(reqwest::get(&url).await.unwrap().text().await.unwrap(), "here");
        let waiting = tokio::spawn(reqwest::get(format!("{url}/wait")));
        tokio::task::yield_now().await;
        drop(server);
        let gone = waiting.await.unwrap().map_or(StatusCode::SERVICE_UNAVAILABLE, |r| r.status());
        assert_eq!(gone, StatusCode::SERVICE_UNAVAILABLE);
        while reqwest::get(&url).await.is_ok_and(|response| response.status().is_success()) {}
    }
}
