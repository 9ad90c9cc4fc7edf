//! The stand-in itself, and how a test or the sandbox controls it.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use tokio::sync::Semaphore;

use crate::domain::ports::Clock;
use crate::domain::secret::Secret;
use crate::domain::time::Timestamp;
use crate::sandbox::gpt::Gpt;
use crate::sandbox::kie::behaviour::Behaviour;
use crate::sandbox::kie::behaviour::ModelState;
use crate::sandbox::kie::file_store::Upload;
use crate::sandbox::kie::outcome::RenderOutcome;
use crate::sandbox::kie::state::Calls;
use crate::sandbox::kie::state::KieState;
use crate::sandbox::kie::task::TaskSeen;

/// The stand-in. Its clones are the same stand-in.
#[derive(Clone)]
pub struct Kie(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    state: Mutex<KieState>,
    gpt: Gpt,
    studio: Semaphore,
}

impl fmt::Debug for Kie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kie").finish_non_exhaustive()
    }
}

impl Kie {
    /// A stand-in without accounts. All its times are this clock's.
    pub fn new(clock: Arc<dyn Clock>, behaviour: Behaviour) -> Self {
        let state = Mutex::new(KieState { behaviour, ..KieState::default() });
        let gpt = Gpt::new(Arc::clone(&clock));
        Self(Arc::new(Shared { clock, state, gpt, studio: Semaphore::new(1) }))
    }

    /// Opens an account, or finds it again, to give it keys and credits.
    pub fn account(&self, name: &str) -> AccountControl {
        self.state(|state| state.accounts.open(name));
        AccountControl { kie: self.clone(), name: name.to_owned() }
    }

    /// Changes how it behaves from now on.
    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        self.state(|state| change(&mut state.behaviour));
    }

    /// Sets how a model is doing.
    pub fn model_state(&self, model: &str, model_state: ModelState) {
        self.state(|state| state.model_states.insert(model.to_owned(), model_state));
    }

    /// Sets the price of a model's videos, in KIE's credits.
    pub fn price(&self, model: &str, credits: f64) {
        self.state(|state| state.prices.insert(model.to_owned(), credits));
    }

    /// Says what happens to the next task that would otherwise be accepted.
    /// Calls line up; refused ones use none up.
    pub fn next(&self, outcome: RenderOutcome) {
        self.state(|state| state.queue.push_back(outcome));
    }

    /// Says what happens to the next tasks, in order.
    pub fn script(&self, outcomes: impl IntoIterator<Item = RenderOutcome>) {
        self.state(|state| state.queue.extend(outcomes));
    }

    /// Makes a key invalid.
    pub fn revoke(&self, key: &str) {
        self.state(|state| state.accounts.revoke(&Secret::new(key)));
    }

    /// Every task, in the order of creation.
    pub fn tasks(&self) -> Vec<TaskSeen> {
        let now = self.now();
        self.state(|state| {
            state.settle_all(now);
            state.order.iter().map(|id| state.tasks[id].seen(now)).collect()
        })
    }

    /// How many tasks have not ended.
    pub fn in_flight(&self) -> usize {
        let now = self.now();
        self.state(|state| {
            state.settle_all(now);
            state.open.len()
        })
    }

    /// Every upload, in its order.
    pub fn uploads(&self) -> Vec<Upload> {
        self.state(|state| state.uploads.clone())
    }

    /// How often each address was called.
    pub fn calls(&self) -> Calls {
        self.state(|state| state.calls)
    }

    /// The credits left in an account, without what is held for tasks under way.
    pub fn credits(&self, account: &str) -> f64 {
        let now = self.now();
        self.state(|state| {
            state.settle_all(now);
            state.accounts.credits(account)
        })
    }

    /// The chat endpoint at `/gpt-5-2/v1/chat/completions`, which takes KIE keys only.
    pub fn gpt(&self) -> &Gpt {
        &self.0.gpt
    }

    /// Its clock's time.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// Its clock.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// Room for one ffmpeg at a time.
    pub fn studio(&self) -> &Semaphore {
        &self.0.studio
    }

    /// Looks into its state, or changes it.
    pub fn state<T>(&self, look: impl FnOnce(&mut KieState) -> T) -> T {
        look(&mut self.0.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An account under control.
#[derive(Clone, Debug)]
pub struct AccountControl {
    kie: Kie,
    name: String,
}

impl AccountControl {
    /// Gives it a key.
    pub fn key(&self, key: &str) -> &Self {
        self.add_key(key, None)
    }

    /// Gives it a key that may spend so many credits a day.
    pub fn capped_key(&self, key: &str, credits_a_day: f64) -> &Self {
        self.add_key(key, Some(credits_a_day))
    }

    /// Sets its credits.
    pub fn credits(&self, credits: f64) -> &Self {
        self.kie.state(|state| state.accounts.set_credits(&self.name, credits));
        self
    }

    fn add_key(&self, key: &str, cap: Option<f64>) -> &Self {
        self.kie.state(|state| state.accounts.add_key(&self.name, Secret::new(key), cap));
        self
    }
}
