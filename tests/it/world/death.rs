//! How the bot dies: at a named point, at once. The thread that came there never
//! comes back, so nothing of it runs any more: no result is settled, no error is
//! handled, nothing is dropped.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::sync::mpsc::channel;
use std::thread;
use std::thread::JoinHandle;

use crate::world::crash::Crash;

/// Where and how often the bot dies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// The point, if it dies at all.
    pub here: Option<Crash>,
    /// How often it comes by unharmed before.
    pub passes: usize,
    /// How often it dies there.
    pub times: usize,
}

/// The death of a bot, which waits at a point.
pub struct Death {
    state: Mutex<DeathState>,
    words: Sender<Word>,
    grave: Grave,
}

struct DeathState {
    plan: Plan,
    deaths: usize,
    visits: Vec<Crash>,
}

/// What is heard of a thread of the bot.
enum Word {
    Done,
    Died,
}

/// Where dead threads rest until the story is over.
#[derive(Default)]
struct Grave {
    over: Mutex<bool>,
    told: Condvar,
}

/// The threads of a bot that can die.
pub struct Life {
    /// Its death.
    pub death: Arc<Death>,
    words: Receiver<Word>,
    dead: Vec<JoinHandle<()>>,
}

impl Death {
    /// Whether the bot will die the next time it comes here.
    pub fn awaits(&self, here: Crash) -> bool {
        self.state().awaits(here)
    }

    /// The bot comes by: whether it dies.
    pub fn strikes(&self, here: Crash) -> bool {
        let mut state = self.state();
        state.visits.push(here);
        let strikes = state.awaits(here);
        if strikes {
            state.plan.times -= 1;
            state.deaths += 1;
        } else if state.plan.here == Some(here) {
            state.plan.passes = state.plan.passes.saturating_sub(1);
        }
        strikes
    }

    /// A thread of the bot comes by: if the bot dies, it stays.
    pub fn at(&self, here: Crash) {
        if self.strikes(here) {
            self.words.send(Word::Died).expect("the world waits for a word");
            self.grave.keeps();
        }
    }

    /// How often the bot has died.
    pub fn deaths(&self) -> usize {
        self.state().deaths
    }

    /// How often the bot has come by a point.
    pub fn visits(&self, here: Crash) -> usize {
        self.state().visits.iter().filter(|visit| **visit == here).count()
    }

    fn state(&self) -> MutexGuard<'_, DeathState> {
        lock(&self.state)
    }
}

impl DeathState {
    fn awaits(&self, here: Crash) -> bool {
        let plan = &self.plan;
        plan.here == Some(here) && plan.passes == 0 && plan.times > 0
    }
}

impl Grave {
    fn keeps(&self) {
        let over = lock(&self.over);
        drop(self.told.wait_while(over, |over| !*over));
        resume_unwind(Box::new("the story is over"));
    }

    fn opens(&self) {
        *lock(&self.over) = true;
        self.told.notify_all();
    }
}

impl Life {
    /// A life that ends so.
    pub fn new(plan: Plan) -> Self {
        let (words, heard) = channel();
        let state = Mutex::new(DeathState { plan, deaths: 0, visits: Vec::new() });
        let death = Arc::new(Death { state, words, grave: Grave::default() });
        Self { death, words: heard, dead: Vec::new() }
    }

    /// The bot does something on a thread of its own; `None` when it died of it.
    pub fn lives<T>(&mut self, act: impl FnOnce() -> T + Send + 'static) -> Option<T>
    where
        T: Send + 'static,
    {
        let (words, (put, result)) = (self.death.words.clone(), channel());
        let thread = thread::spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(act));
            // Who rose from the grave is not waited for.
            let _ = put.send(done);
            let _ = words.send(Word::Done);
        });
        match self.words.recv().expect("death can always tell") {
            Word::Died => {
                self.dead.push(thread);
                None
            }
            Word::Done => {
                let done = result.recv().expect("it left its result");
                Some(done.unwrap_or_else(|panic| resume_unwind(panic)))
            }
        }
    }
}

/// The story is over: the dead threads end.
impl Drop for Life {
    fn drop(&mut self) {
        self.death.grave.opens();
        for thread in self.dead.drain(..) {
            thread.join().expect("what it did was caught");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
