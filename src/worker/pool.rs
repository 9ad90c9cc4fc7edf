//! The fixed pool of threads.

use std::{
    convert::Infallible,
    sync::{
        Arc, Weak,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use crate::worker::{
    backups::BackupWorker,
    context::WorkerContext,
    doctor::PhotoDoctor,
    exporter::{EXPORTERS, Exporter},
    guard::watch,
    janitor::Janitor,
    prompt_worker::PromptWorker,
    reload::Reloader,
    voice_worker::VoiceWorker,
    worker::Worker,
};

/// How many scripts are written at once. A call to GPT takes seconds, and a
/// prompt worker does nothing else meanwhile.
const PROMPT_WORKERS: usize = 16;

/// How many photos are looked at at once: each is decoded in memory.
const DOCTORS: usize = 2;

/// How many voice messages are listened to at once: the service takes seconds for each.
const VOICE_WORKERS: usize = 2;

/// Enough for the deepest step; threads of it cost address space, not memory.
const STACK: usize = 1024 * 1024;

/// All threads of the workers, the janitor and the guard.
pub(crate) struct Pool {
    /// Each thread keeps it until it ends.
    alive: Weak<Sender<Infallible>>,
    all_ended: Receiver<Infallible>,
}

impl Pool {
    /// Starts `workers` workers, the prompt workers, the photo doctor, the voice workers, the exporters, the
    /// janitor and the guard, which has the
    /// config read again where there is a `reloader`.
    pub(crate) fn start(
        workers: usize,
        context: &Arc<WorkerContext>,
        prompt_worker: &Arc<PromptWorker>,
        doctor: &Arc<PhotoDoctor>,
        voice_worker: &Arc<VoiceWorker>,
        reloader: Option<&Arc<Reloader>>,
    ) -> std::io::Result<Self> {
        let (alive, all_ended) = channel();
        let alive = Arc::new(alive);
        for number in 1..=workers {
            let worker = Worker::new(Arc::clone(context));
            spawn(format!("worker-{number}"), &alive, move || worker.work())?;
        }
        for number in 1..=PROMPT_WORKERS {
            let prompt_worker = Arc::clone(prompt_worker);
            spawn(format!("prompt-worker-{number}"), &alive, move || prompt_worker.work())?;
        }
        for number in 1..=DOCTORS {
            let doctor = Arc::clone(doctor);
            spawn(format!("photo-doctor-{number}"), &alive, move || doctor.work())?;
        }
        for number in 1..=VOICE_WORKERS {
            let voice_worker = Arc::clone(voice_worker);
            spawn(format!("voice-worker-{number}"), &alive, move || voice_worker.work())?;
        }
        let exporter = Arc::new(Exporter::new(Arc::clone(context)));
        for number in 1..=EXPORTERS {
            let exporter = Arc::clone(&exporter);
            spawn(format!("exporter-{number}"), &alive, move || exporter.work())?;
        }
        let janitor = Janitor::new(Arc::clone(context));
        spawn("janitor".to_owned(), &alive, move || janitor.work())?;
        let backups = BackupWorker::new(Arc::clone(context));
        spawn("backup-worker".to_owned(), &alive, move || backups.work())?;
        let (context, reloader) = (Arc::clone(context), reloader.cloned());
        spawn("guard".to_owned(), &alive, move || watch(&context, reloader.as_deref()))?;
        Ok(Self { alive: Arc::downgrade(&alive), all_ended })
    }

    /// Waits until all threads have stopped, for `grace` at most; returns how
    /// many still run then. Their claims are given back at the next start.
    pub(crate) fn join(self, grace: Duration) -> usize {
        // Nothing is sent: the wait ends when the last thread has dropped the sender.
        let _ = self.all_ended.recv_timeout(grace);
        self.alive.strong_count()
    }
}

fn spawn(
    name: String,
    alive: &Arc<Sender<Infallible>>,
    work: impl FnOnce() + Send + 'static,
) -> std::io::Result<()> {
    let alive = Arc::clone(alive);
    let body = move || {
        work();
        drop(alive);
    };
    thread::Builder::new().name(name).stack_size(STACK).spawn(body).map(drop)
}
