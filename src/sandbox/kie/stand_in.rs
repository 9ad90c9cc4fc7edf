//! The stand-in itself, and how a test or the sandbox controls it.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Semaphore;

use crate::domain::{ports::Clock, secret::Secret, time::Timestamp};
use crate::sandbox::kie::{
    behaviour::{Behaviour, ModelState},
    file_store::path_of,
    models::OfferedModel,
    outcome::RenderOutcome,
    state::{CallCounts, KieState},
    task::TaskSeen,
};

/// The stand-in. Clones share their state.
#[derive(Clone)]
pub struct KieStandIn(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<KieState>,
    ffmpeg: Semaphore,
}

impl fmt::Debug for KieStandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KieStandIn").finish_non_exhaustive()
    }
}

impl KieStandIn {
    /// A stand-in without accounts, on this clock.
    pub fn new(clock: Arc<dyn Clock>, behaviour: Behaviour) -> Self {
        let state = Mutex::new(KieState { behaviour, ..KieState::default() });
        Self(Arc::new(Shared { clock, state, ffmpeg: Semaphore::new(1) }))
    }

    /// Opens an account, or finds it again, to give it keys and credits.
    pub fn account(&self, name: &str) -> AccountControl {
        self.with_state(|state| state.accounts.open(name));
        AccountControl { kie: self.clone(), name: name.to_owned() }
    }

    /// Changes how it behaves from now on.
    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        self.with_state(|state| change(&mut state.behaviour));
    }

    /// Sets how a model is doing.
    pub fn model_state(&self, model: &str, model_state: ModelState) {
        self.with_state(|state| state.model_states.insert(model.to_owned(), model_state));
    }

    /// Queues what happens to the next task that would otherwise be accepted. A refused call
    /// uses nothing up.
    pub fn next(&self, outcome: RenderOutcome) {
        self.with_state(|state| state.queue.push_back(outcome));
    }

    /// Queues what happens to the next tasks, in order.
    pub fn script(&self, outcomes: impl IntoIterator<Item = RenderOutcome>) {
        self.with_state(|state| state.queue.extend(outcomes));
    }

    /// Every task, in the order of creation.
    pub fn tasks(&self) -> Vec<TaskSeen> {
        let now = self.now();
        self.with_state(|state| {
            state.settle_all(now);
            state.order.iter().map(|id| state.tasks[id].seen(now)).collect()
        })
    }

    /// The width and the height of a task's first photo, in pixels, while it is kept.
    pub fn photo_sides(&self, task: &TaskSeen) -> Option<(usize, usize)> {
        self.sides_of_photos(task).first().copied()
    }

    /// The width and the height of each photo of a task, in pixels, while they are kept.
    pub fn sides_of_photos(&self, task: &TaskSeen) -> Vec<(usize, usize)> {
        let Some(model) = OfferedModel::find(task.model) else { return Vec::new() };
        let now = self.now();
        self.with_state(|state| {
            let sides = |url: &str| {
                let file = state.file_store.get(path_of(url)?, now)?;
                imagesize::blob_size(&file.bytes).ok().map(|size| (size.width, size.height))
            };
            model.photos(&task.input).into_iter().filter_map(sides).collect()
        })
    }

    /// How many tasks have not ended.
    pub fn in_flight(&self) -> usize {
        let now = self.now();
        self.with_state(|state| {
            state.settle_all(now);
            state.open.len()
        })
    }

    /// The SHA-256 of every uploaded photo, in their order.
    pub fn uploads(&self) -> Vec<String> {
        self.with_state(|state| state.uploads.clone())
    }

    /// How often the addresses of tasks were called.
    pub fn calls(&self) -> CallCounts {
        self.with_state(|state| state.calls)
    }

    /// The credits left in an account, without those held for tasks in progress.
    pub fn credits(&self, account: &str) -> f64 {
        let now = self.now();
        self.with_state(|state| {
            state.settle_all(now);
            state.accounts.credits(account)
        })
    }

    /// Its clock's time.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Permits one ffmpeg at a time.
    pub fn ffmpeg_permit(&self) -> &Semaphore {
        &self.0.ffmpeg
    }

    /// Reads or changes its state.
    pub fn with_state<T>(&self, look: impl FnOnce(&mut KieState) -> T) -> T {
        look(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A handle to an account, for tests.
#[derive(Clone, Debug)]
pub struct AccountControl {
    kie: KieStandIn,
    name: String,
}

impl AccountControl {
    /// Gives it a key.
    pub fn key(&self, key: &str) -> &Self {
        self.kie.with_state(|state| state.accounts.add_key(&self.name, Secret::new(key)));
        self
    }

    /// Sets its credits.
    pub fn credits(&self, credits: f64) -> &Self {
        self.kie.with_state(|state| state.accounts.set_credits(&self.name, credits));
        self
    }
}
