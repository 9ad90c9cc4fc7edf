//! The fixed pool of threads.

use std::sync::Arc;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;
use std::time::Instant;

use crate::worker::context::WorkerContext;
use crate::worker::janitor::Janitor;
use crate::worker::prompt_worker::PromptWorker;
use crate::worker::worker::Worker;

/// How many scripts are written at once. A call to GPT takes seconds, and a
/// prompt worker does nothing else meanwhile.
const PROMPT_WORKERS: usize = 16;

/// Enough for the deepest step; threads of it cost address space, not memory.
const STACK: usize = 1024 * 1024;

/// All threads that work.
pub struct Pool(Vec<JoinHandle<()>>);

impl Pool {
    /// Starts `workers` workers, the scribes and the janitor.
    pub fn start(
        workers: usize,
        context: &Arc<WorkerContext>,
        prompt_worker: &Arc<PromptWorker>,
    ) -> std::io::Result<Self> {
        let mut threads = Vec::new();
        for number in 1..=workers {
            let worker = Worker::new(Arc::clone(context));
            threads.push(spawn(format!("worker-{number}"), move || worker.work())?);
        }
        for number in 1..=PROMPT_WORKERS {
            let prompt_worker = Arc::clone(prompt_worker);
            threads.push(spawn(format!("prompt_worker-{number}"), move || prompt_worker.work())?);
        }
        let janitor = Janitor::new(Arc::clone(context));
        threads.push(spawn("janitor".to_owned(), move || janitor.work())?);
        Ok(Self(threads))
    }

    /// Waits until all threads have stopped, for `grace` at most; returns how
    /// many still work then. Their claims are given back at the next start.
    pub fn join(self, grace: Duration) -> usize {
        let end = Instant::now() + grace;
        let mut threads = self.0;
        while !threads.is_empty() && Instant::now() < end {
            threads.retain(|thread| !thread.is_finished());
            thread::sleep(Duration::from_millis(20));
        }
        threads.retain(|thread| !thread.is_finished());
        threads.len()
    }
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name).stack_size(STACK).spawn(work)
}
