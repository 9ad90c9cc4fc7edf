//! Of `worker`.

pub use crate::worker::{
    backups::BackupWorker,
    context::{Ports, WorkerContext},
    exporter::Exporter,
    inspect::judge,
    janitor::Janitor,
    keyring::Keyring,
    step::{Done, StepOutcome, settle},
    worker::{Turn, Worker},
};
