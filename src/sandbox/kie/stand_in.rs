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
use crate::sandbox::kie::facts::Facts;
use crate::sandbox::kie::facts::Mood;
use crate::sandbox::kie::outcome::Outcome;
use crate::sandbox::kie::shelf::Upload;
use crate::sandbox::kie::state::Calls;
use crate::sandbox::kie::state::Memory;
use crate::sandbox::kie::task::TaskSeen;

/// The stand-in. Its clones are the same stand-in.
#[derive(Clone)]
pub struct Kie(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    memory: Mutex<Memory>,
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
    pub fn new(clock: Arc<dyn Clock>, facts: Facts) -> Self {
        let memory = Mutex::new(Memory { facts, ..Memory::default() });
        let gpt = Gpt::new(Arc::clone(&clock));
        Self(Arc::new(Shared { clock, memory, gpt, studio: Semaphore::new(1) }))
    }

    /// Opens an account, or finds it again, to give it keys and credits.
    pub fn account(&self, name: &str) -> AccountControl {
        self.memory(|memory| memory.accounts.open(name));
        AccountControl { kie: self.clone(), name: name.to_owned() }
    }

    /// Changes how it behaves from now on.
    pub fn behave(&self, change: impl FnOnce(&mut Facts)) {
        self.memory(|memory| change(&mut memory.facts));
    }

    /// Sets how a model is doing.
    pub fn mood(&self, model: &str, mood: Mood) {
        self.memory(|memory| memory.moods.insert(model.to_owned(), mood));
    }

    /// Sets the price of a model's videos, in KIE's credits.
    pub fn price(&self, model: &str, credits: f64) {
        self.memory(|memory| memory.prices.insert(model.to_owned(), credits));
    }

    /// Says what happens to the next task that would otherwise be accepted.
    /// Calls line up; refused ones use none up.
    pub fn next(&self, outcome: Outcome) {
        self.memory(|memory| memory.queue.push_back(outcome));
    }

    /// Says what happens to the next tasks, in order.
    pub fn script(&self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.memory(|memory| memory.queue.extend(outcomes));
    }

    /// Makes a key invalid.
    pub fn revoke(&self, key: &str) {
        self.memory(|memory| memory.accounts.revoke(&Secret::new(key)));
    }

    /// Every task, in the order of creation.
    pub fn tasks(&self) -> Vec<TaskSeen> {
        let now = self.now();
        self.memory(|memory| {
            memory.settle_all(now);
            memory.order.iter().map(|id| memory.tasks[id].seen(now)).collect()
        })
    }

    /// How many tasks have not ended.
    pub fn in_flight(&self) -> usize {
        let now = self.now();
        self.memory(|memory| {
            memory.settle_all(now);
            memory.open.len()
        })
    }

    /// Every upload, in its order.
    pub fn uploads(&self) -> Vec<Upload> {
        self.memory(|memory| memory.uploads.clone())
    }

    /// How often each address was called.
    pub fn calls(&self) -> Calls {
        self.memory(|memory| memory.calls)
    }

    /// The credits left in an account, without what is held for tasks under way.
    pub fn credits(&self, account: &str) -> f64 {
        let now = self.now();
        self.memory(|memory| {
            memory.settle_all(now);
            memory.accounts.credits(account)
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

    /// Looks into its memory, or changes it.
    pub fn memory<T>(&self, look: impl FnOnce(&mut Memory) -> T) -> T {
        look(&mut self.0.memory.lock().unwrap_or_else(PoisonError::into_inner))
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
        self.kie.memory(|memory| memory.accounts.set_credits(&self.name, credits));
        self
    }

    fn add_key(&self, key: &str, cap: Option<f64>) -> &Self {
        self.kie.memory(|memory| memory.accounts.add_key(&self.name, Secret::new(key), cap));
        self
    }
}
