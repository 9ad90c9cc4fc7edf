//! The thread of a run that writes its pulse.

use std::{
    io,
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::service::{
    notify::Notifiers, outage::Outage, pulse::Pulse, stop::Stop, vitals::RunState,
};
use crate::store::pulse_file::PulseFile;

/// The time between two writes.
const INTERVAL: Duration = Duration::from_secs(2);

/// What the thread does.
struct Writing {
    file: PulseFile,
    pulse: Arc<Pulse>,
    outage: Outage,
}

impl Writing {
    fn write(&mut self) {
        match self.file.write(self.pulse.vitals()) {
            Ok(()) => self.outage.worked(),
            Err(error) => self.outage.failed(&error),
        }
    }

    fn work(mut self, stop: &Stop) {
        loop {
            let ticket = stop.notifier().ticket();
            if stop.is_set() {
                return self.file.remove();
            }
            self.write();
            stop.notifier().wait(ticket, INTERVAL);
        }
    }
}

/// The thread that writes the file, from the start of a run to its end.
pub(crate) struct Heart {
    pulse: Arc<Pulse>,
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Heart {
    /// Starts it, for the run that holds the lock of that database. A pulse that cannot be written is
    /// logged, and hinders no run.
    pub(crate) fn start(database: &Path, pulse: &Arc<Pulse>) -> io::Result<Self> {
        let file = PulseFile::of(database);
        let outage = Outage::new("the pulse cannot be written", "the pulse is written again").hint(
            "`reelbot health` cannot see the bot; look at the disk and the owner of its folder",
        );
        let mut writing = Writing { file, pulse: Arc::clone(pulse), outage };
        writing.write();
        let stop = Stop::new(&Arc::<Notifiers>::default());
        let stopped = stop.clone();
        let thread = thread::Builder::new().name("pulse".to_owned());
        let thread = thread.spawn(move || writing.work(&stopped))?;
        Ok(Self { pulse: Arc::clone(pulse), stop, thread: Some(thread) })
    }

    /// Shows at once that the run does something else from now on.
    pub(crate) fn enter(&self, state: RunState) {
        self.pulse.enter(state);
        self.stop.notifier().notify_all();
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.stop.set();
        if let Some(thread) = self.thread.take() {
            // It has no state that a panic could have spoilt.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::MetadataExt};

    use super::*;
    use crate::store::{place::beside, pulse_file::SeenPulse};

    #[test]
    fn a_run_has_a_private_pulse_from_its_start_to_its_end_whatever_lay_there() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("r.db");
        let file = beside(&folder.path().canonicalize().unwrap().join("r.db"), ".pulse");
        fs::write(&file, "left behind").unwrap();
        let pulse = Arc::<Pulse>::default();
        let heart = Heart::start(&database, &pulse).unwrap();
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o600);
        let seen = SeenPulse::read(&database).unwrap();
        assert_eq!((seen.process.pid, seen.vitals.state), (std::process::id(), RunState::Starting));
        assert!(!seen.process.is_of_replaced_program());
        heart.enter(RunState::Running);
        while SeenPulse::read(&database).unwrap().vitals.state != RunState::Running {
            thread::yield_now();
        }
        // Somebody removes it: the next writing makes it anew.
        fs::remove_file(&file).unwrap();
        heart.enter(RunState::Closing);
        while !file.exists() {
            thread::yield_now();
        }
        drop(heart);
        assert!(!file.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
