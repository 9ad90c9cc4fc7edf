//! Of `worker`.

pub use crate::worker::{
    backups::BackupWorker,
    context::{Ports, WorkerContext},
    inspect::judge,
    janitor::Janitor,
    keyring::Keyring,
    step::{Done, StepOutcome, settle},
    worker::{Turn, Worker},
};
