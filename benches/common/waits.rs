//! The bot's own trace of its calls to the database: which line called, and how long
//! the call took. `store::db` logs it at level trace.

use std::{
    fmt::Debug,
    sync::{Arc, Mutex, PoisonError},
};

use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    filter::Targets,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

/// Where the trace comes from.
const STORE: &str = "reelbot::store::db";

/// One call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wait {
    /// The file and line that called.
    pub from: String,
    /// Whether it wrote.
    pub wrote: bool,
    /// In milliseconds, from the call to its return.
    pub millis: f64,
}

/// All calls since they were last taken. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Waits(Arc<Mutex<Vec<Wait>>>);

impl Waits {
    /// Collects from now on; once in a process.
    pub(crate) fn collect() -> Self {
        let waits = Self::default();
        let layer =
            waits.clone().with_filter(Targets::new().with_target(STORE, tracing::Level::TRACE));
        tracing_subscriber::registry().with(layer).init();
        waits
    }

    /// Takes what was collected.
    pub(crate) fn take(&self) -> Vec<Wait> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Subscriber> Layer<S> for Waits {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut wait = Wait::default();
        event.record(&mut wait);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(wait);
    }
}

impl Visit for Wait {
    #[expect(clippy::cast_precision_loss, reason = "calls take less than centuries")]
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "micros" {
            self.millis = value as f64 / 1e3;
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "from" => self.from = format!("{value:?}"),
            "message" => self.wrote = format!("{value:?}") == "a write",
            _ => {}
        }
    }
}
