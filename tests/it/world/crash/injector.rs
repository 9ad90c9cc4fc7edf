//! How the bot crashes: at a named point, at once. A thread that reaches the point
//! never goes on, so nothing of it runs any more: no result is settled, no error is
//! handled, nothing is dropped.

use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread::{self, JoinHandle},
};

use crate::world::crash::point::Crash;

/// Where and how often the bot crashes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CrashPlan {
    /// The point, if it crashes at all.
    pub here: Option<Crash>,
    /// How often it passes the point unharmed before.
    pub passes: usize,
    /// How often it crashes there.
    pub times: usize,
}

/// Crashes the bot by its plan, and counts.
pub(crate) struct Injector {
    state: Mutex<InjectorState>,
    events: Sender<ThreadEvent>,
    parking: Parking,
}

struct InjectorState {
    plan: CrashPlan,
    crashes: usize,
    visits: Vec<Crash>,
}

/// How a thread of the bot ended.
enum ThreadEvent {
    Done,
    Crashed,
}

/// Where crashed threads are parked until the story is over.
#[derive(Default)]
struct Parking {
    over: Mutex<bool>,
    released: Condvar,
}

/// The threads of a bot that can crash.
pub(crate) struct Threads {
    /// What crashes them.
    pub injector: Arc<Injector>,
    events: Receiver<ThreadEvent>,
    parked: Vec<JoinHandle<()>>,
}

impl Injector {
    /// Whether the bot will crash the next time it reaches this point.
    pub(crate) fn is_armed_at(&self, here: Crash) -> bool {
        self.state().is_armed_at(here)
    }

    /// The bot reaches a point: whether it crashes.
    pub(crate) fn crashes_at(&self, here: Crash) -> bool {
        let mut state = self.state();
        state.visits.push(here);
        let crashes = state.is_armed_at(here);
        if crashes {
            state.plan.times -= 1;
            state.crashes += 1;
        } else if state.plan.here == Some(here) {
            state.plan.passes = state.plan.passes.saturating_sub(1);
        }
        crashes
    }

    /// A thread of the bot reaches a point: if the bot crashes, the thread is parked.
    pub(crate) fn thread_at(&self, here: Crash) {
        if self.crashes_at(here) {
            self.events.send(ThreadEvent::Crashed).expect("the world waits for an event");
            self.parking.park();
        }
    }

    /// How often the bot has crashed.
    pub(crate) fn crashes(&self) -> usize {
        self.state().crashes
    }

    /// How often the bot has reached a point.
    pub(crate) fn visits(&self, here: Crash) -> usize {
        self.state().visits.iter().filter(|visit| **visit == here).count()
    }

    fn state(&self) -> MutexGuard<'_, InjectorState> {
        lock(&self.state)
    }
}

impl InjectorState {
    fn is_armed_at(&self, here: Crash) -> bool {
        let plan = &self.plan;
        plan.here == Some(here) && plan.passes == 0 && plan.times > 0
    }
}

impl Parking {
    fn park(&self) {
        let over = lock(&self.over);
        drop(self.released.wait_while(over, |over| !*over));
        resume_unwind(Box::new("the story is over"));
    }

    fn release(&self) {
        *lock(&self.over) = true;
        self.released.notify_all();
    }
}

impl Threads {
    /// The threads of a bot that crashes by this plan.
    pub(crate) fn new(plan: CrashPlan) -> Self {
        let (sender, events) = channel();
        let state = Mutex::new(InjectorState { plan, crashes: 0, visits: Vec::new() });
        let injector = Arc::new(Injector { state, events: sender, parking: Parking::default() });
        Self { injector, events, parked: Vec::new() }
    }

    /// The bot does something on a thread of its own; `None` when it crashed meanwhile.
    pub(crate) fn run<T>(&mut self, action: impl FnOnce() -> T + Send + 'static) -> Option<T>
    where
        T: Send + 'static,
    {
        let (events, (put, result)) = (self.injector.events.clone(), channel());
        let thread = thread::spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(action));
            // Nothing waits for a thread that was parked.
            let _ = put.send(done);
            let _ = events.send(ThreadEvent::Done);
        });
        match self.events.recv().expect("the injector holds a sender") {
            ThreadEvent::Crashed => {
                self.parked.push(thread);
                None
            }
            ThreadEvent::Done => {
                let done = result.recv().expect("it left its result");
                Some(done.unwrap_or_else(|panic| resume_unwind(panic)))
            }
        }
    }
}

/// The story is over: the parked threads end.
impl Drop for Threads {
    fn drop(&mut self) {
        self.injector.parking.release();
        for thread in self.parked.drain(..) {
            thread.join().expect("its panic was caught");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
