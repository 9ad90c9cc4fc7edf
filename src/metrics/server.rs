//! The little server: `/metrics`, `/healthz` and `/readyz`, and the call of a dead man's switch.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::{net::TcpListener, runtime::Handle};

use crate::chat::settings::LiveSettings;
use crate::metrics::registry::{Metrics, Surroundings};
use crate::store::{
    backup::folder::BackupFolder,
    db::Db,
    error::StoreError,
    overview::{self, Overview},
};

/// The form of the metrics.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is served.
struct Served {
    db: Arc<Db>,
    settings: Arc<LiveSettings>,
    metrics: Arc<Metrics>,
}

/// Serves the metrics of a run as long as the runtime lives. Fails when the address cannot be used.
pub(crate) fn serve(
    runtime: &Handle,
    address: SocketAddr,
    db: &Arc<Db>,
    settings: &Arc<LiveSettings>,
) -> std::io::Result<SocketAddr> {
    let metrics = Arc::new(Metrics::new());
    let counting = Arc::clone(&metrics);
    db.pulse.business.listen(move |event| counting.count(event));
    let served = Served { db: Arc::clone(db), settings: Arc::clone(settings), metrics };
    let router = Router::new()
        .route("/metrics", get(all))
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .with_state(Arc::new(served));
    let listener = runtime.block_on(TcpListener::bind(address))?;
    let address = listener.local_addr()?;
    // It ends with the runtime; an error there has no reader.
    runtime.spawn(async move { axum::serve(listener, router).await });
    tracing::info!(%address, "metrics are served at /metrics, /healthz and /readyz");
    Ok(address)
}

/// Whether a new start would help nothing.
async fn alive(State(served): State<Arc<Served>>) -> Response {
    let vitals = served.db.pulse.vitals();
    answer(!vitals.is_beyond_help(), vitals.line())
}

/// Whether people are served.
async fn ready(State(served): State<Arc<Served>>) -> Response {
    let vitals = served.db.pulse.vitals();
    let reasons: Vec<String> =
        vitals.ailments().into_iter().map(|ailment| ailment.reason).collect();
    let line = if reasons.is_empty() { vitals.line() } else { reasons.join("; ") };
    answer(reasons.is_empty(), line)
}

fn answer(is_well: bool, line: String) -> Response {
    let status = if is_well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, line + "\n").into_response()
}

async fn all(State(served): State<Arc<Served>>) -> Response {
    let read = tokio::task::spawn_blocking(move || served.read());
    match read.await {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Ok(Err(error)) => answer(false, error.to_string()),
        Err(error) => answer(false, error.to_string()),
    }
}

impl Served {
    fn read(&self) -> Result<String, StoreError> {
        let (settings, now) = (self.settings.load_full(), self.db.clock.now());
        let midnight = settings.timezone.midnight(now);
        let overview = self.db.read(|view| Overview::read(view, now, midnight))?;
        let path = self.db.path();
        let backups = BackupFolder::new(path, &settings.backup.dir).own().unwrap_or_default();
        let around = Surroundings {
            now,
            database_bytes: overview::bytes(path),
            free_bytes: overview::free_bytes(path),
            backup_at: backups.last().map(|backup| backup.manifest.made_at),
        };
        self.metrics.set(&overview, &self.db.pulse.vitals(), &around);
        Ok(self.metrics.text())
    }
}
