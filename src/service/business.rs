//! What a run does for people: a log line for each order and each job that ends, and how many there
//! were. Texts, photos and secrets are no part of it.

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::domain::{
    credits::Credits,
    failure::FailureKind,
    id::{JobId, OrderId, UserId},
};

/// What was committed and is worth a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A person has ordered.
    Ordered {
        /// The order.
        order: OrderId,
        /// Whose it is.
        user: UserId,
        /// How many videos.
        videos: u32,
        /// What they cost.
        credits: Credits,
    },
    /// A job has ended.
    Ended(EndedJob),
}

/// A job that has ended, and how long it was where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndedJob {
    /// The job.
    pub job: JobId,
    /// Its order.
    pub order: OrderId,
    /// Whose it is.
    pub user: UserId,
    /// The model that made it, or was to.
    pub model: String,
    /// The label of its key, where it had one.
    pub key: Option<String>,
    /// How it ended.
    pub result: JobResult,
    /// From the order to the task.
    pub waited: Option<Duration>,
    /// From the task to the video.
    pub rendered: Option<Duration>,
    /// From the video to its person.
    pub delivered: Option<Duration>,
}

/// How a job has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobResult {
    /// The person has the video.
    Delivered,
    /// It came late, after its credit had gone back.
    Gift,
    /// There is none, and its credit is back.
    Failed(FailureKind),
}

impl JobResult {
    /// For the log and for metrics.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Gift => "gift",
            Self::Failed(kind) => kind.word(),
        }
    }
}

/// How much was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Orders.
    pub orders: u32,
    /// Videos that arrived, late ones too.
    pub delivered: u32,
    /// Jobs that failed.
    pub failed: u32,
    /// Jobs that were called off.
    pub cancelled: u32,
}

/// Hears of each event.
type Listener = Box<dyn Fn(&Event) + Send>;

/// What the run has done since it began.
#[derive(Default)]
pub(crate) struct Business(Mutex<(Tally, Vec<Listener>)>);

impl Business {
    /// It has happened, and is on disk.
    pub(crate) fn happened(&self, event: &Event) {
        log(event);
        let mut state = self.state();
        let (tally, listeners) = &mut *state;
        match event {
            Event::Ordered { .. } => tally.orders += 1,
            Event::Ended(EndedJob {
                result: JobResult::Failed(FailureKind::Cancelled), ..
            }) => {
                tally.cancelled += 1;
            }
            Event::Ended(EndedJob { result: JobResult::Failed(_), .. }) => tally.failed += 1,
            Event::Ended(_) => tally.delivered += 1,
        }
        for listener in listeners {
            listener(event);
        }
    }

    /// How much was done.
    pub(crate) fn tally(&self) -> Tally {
        self.state().0
    }

    /// Has this called for each event from now on.
    pub(crate) fn listen(&self, listener: impl Fn(&Event) + Send + 'static) {
        self.state().1.push(Box::new(listener));
    }

    fn state(&self) -> MutexGuard<'_, (Tally, Vec<Listener>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Business {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Business").field(&self.tally()).finish()
    }
}

fn log(event: &Event) {
    match event {
        Event::Ordered { order, user, videos, credits } => tracing::info!(
            order.id = order.0,
            user.id = user.0,
            videos,
            credits = credits.0,
            "an order was placed"
        ),
        Event::Ended(job) => tracing::info!(
            job.id = job.job.0,
            order.id = job.order.0,
            user.id = job.user.0,
            outcome = job.result.word(),
            waited = job.waited.map(|time| time.as_secs()),
            rendered = job.rendered.map(|time| time.as_secs()),
            delivered = job.delivered.map(|time| time.as_secs()),
            model = job.model,
            key = job.key,
            "a job has ended"
        ),
    }
}
