//! The pulse of a run in a file beside its database, for programs that look from outside.
//!
//! It is written every two seconds and believed for ten. Its times are those of the machine's steady
//! clock, so no jump of the other one makes a dead run look alive, or one that the machine slept
//! through look dead.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read},
    os::unix::fs::{FileExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clock::SystemClock;
use crate::domain::{ports::Clock, time::rough};
use crate::service::vitals::{Ailment, Vitals};
use crate::store::{
    place::{beside, canonical, is_at},
    process::Process,
};

/// How old it may be.
const FRESH: Duration = Duration::from_secs(10);

/// Its bytes come in multiples of this, so that most writes leave its length as it is.
const BLOCK: usize = 2048;

/// More than this is no pulse.
const LARGEST: u64 = 64 * 1024;

#[derive(Serialize, Deserialize)]
struct Contents {
    process: Process,
    /// The machine's steady clock, in milliseconds.
    at: u64,
    vitals: Vitals,
}

/// What was read.
#[derive(Clone, Debug)]
pub(crate) struct SeenPulse {
    /// Whose it is.
    pub process: Process,
    /// How it is doing; times count from now.
    pub vitals: Vitals,
    /// How long ago it was written; `None` when that was in another life of the machine.
    pub age: Option<Duration>,
}

/// Why there is no pulse.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPulse {
    /// No run is open.
    #[error("no bot runs on it")]
    None,
    /// It is no pulse of ours, or one that was cut.
    #[error("{} is no pulse of reelbot's", .0.display())]
    Foreign(PathBuf),
    /// It cannot be read.
    #[error("{} cannot be read: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl SeenPulse {
    /// Reads the pulse of the run on that database.
    pub(crate) fn read(database: &Path) -> Result<Self, NoPulse> {
        let path = path(database);
        // One that is being written right now is whole the next time.
        for _ in 0..3 {
            match read(&path) {
                Ok(Some(contents)) => return Ok(Self::of(contents)),
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => return Err(NoPulse::None),
                Err(error) => return Err(NoPulse::Unreadable { path, error }),
            }
        }
        Err(NoPulse::Foreign(path))
    }

    fn of(Contents { process, at, vitals }: Contents) -> Self {
        let age = steady_millis().checked_sub(at).map(Duration::from_millis);
        let vitals = vitals.later(age.unwrap_or_default());
        Self { process, vitals, age }
    }

    /// Everything that keeps the run from serving people now. The times of a run that shows no life
    /// say nothing.
    pub(crate) fn ailments(&self) -> Vec<Ailment> {
        let pid = self.process.pid;
        let silent = |reason, hint| vec![Ailment { part: "pulse", reason, hint }];
        let is_fresh = self.age.is_some_and(|age| age <= FRESH);
        if self.age.is_none() || self.process.has_ended() {
            let reason = format!("the bot has ended without closing (it was process {pid})");
            let hint = "start it again: what was under way goes on; its log may say why it ended";
            return silent(reason, hint);
        }
        if is_fresh {
            return self.vitals.ailments();
        }
        let age = rough(self.age.unwrap_or_default());
        let reason = format!("the bot (process {pid}) has shown no sign of life for {age}");
        let hint = "it was stopped or killed, it hangs, or the disk of its database does; \
                    look at its log, then restart it";
        silent(reason, hint)
    }
}

fn path(database: &Path) -> PathBuf {
    let target = canonical(database).unwrap_or_else(|_| database.to_owned());
    beside(&target, ".pulse")
}

fn read(path: &Path) -> io::Result<Option<Contents>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    let Some((sum, json)) = bytes.split_at_checked(16) else { return Ok(None) };
    if sum != checksum(json).as_bytes() {
        return Ok(None);
    }
    Ok(serde_json::from_slice(json).ok())
}

fn checksum(bytes: &[u8]) -> String {
    let mut sum = [0; 8];
    sum.copy_from_slice(&Sha256::digest(bytes)[..8]);
    format!("{:016x}", u64::from_be_bytes(sum))
}

fn steady_millis() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let millis = now.tv_sec.saturating_mul(1000).saturating_add(now.tv_nsec / 1_000_000);
    u64::try_from(millis).unwrap_or(0)
}

/// The file, as its run writes it.
pub(super) struct PulseFile {
    path: PathBuf,
    process: Process,
    file: Option<File>,
}

impl PulseFile {
    /// Of this process, on that database. Nothing is written yet.
    pub(super) fn of(database: &Path) -> Self {
        let process = Process::own(SystemClock.now());
        Self { path: path(database), process, file: None }
    }

    /// Writes it in place: that takes no room on a disk that is full. A reader knows by the checksum
    /// whether it has all of one writing.
    pub(super) fn write(&mut self, vitals: Vitals) -> io::Result<()> {
        let contents = Contents { process: self.process.clone(), at: steady_millis(), vitals };
        let mut json = serde_json::to_vec(&contents)?;
        let length = (16 + json.len() + 1).next_multiple_of(BLOCK);
        json.resize(length - 17, b' ');
        json.push(b'\n');
        let bytes = [checksum(&json).as_bytes(), &json].concat();
        let is_there = |file: &File| is_at(file, &self.path).unwrap_or(false);
        if let Some(file) = self.file.as_ref().filter(|file| is_there(file)) {
            file.write_all_at(&bytes, 0)?;
            return file.set_len(length as u64);
        }
        self.file = Some(self.create(&bytes)?);
        Ok(())
    }

    /// Puts a new one in the place of whatever is there.
    fn create(&self, bytes: &[u8]) -> io::Result<File> {
        let part = beside(&self.path, ".part");
        match fs::remove_file(&part) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        file.write_all_at(bytes, 0)?;
        fs::rename(&part, &self.path)?;
        Ok(file)
    }

    /// Takes it away, if it is still this one.
    pub(super) fn remove(&self) {
        if self.file.as_ref().is_some_and(|file| is_at(file, &self.path).unwrap_or(false)) {
            // What stays behind is not believed for long.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::vitals::tests::well;

    type Change = fn(&mut Contents);

    fn written(change: Change) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("r.db");
        let process = Process::own(SystemClock.now());
        let mut contents = Contents { process, at: steady_millis(), vitals: well() };
        change(&mut contents);
        let mut json = serde_json::to_vec(&contents).unwrap();
        json.push(b'\n');
        fs::write(path(&database), [checksum(&json).as_bytes(), &json].concat()).unwrap();
        (folder, database)
    }

    fn parts(database: &Path) -> Vec<&'static str> {
        let seen = SeenPulse::read(database).unwrap();
        seen.ailments().iter().map(|ailment| ailment.part).collect()
    }

    #[test]
    fn only_a_fresh_pulse_of_a_process_that_lives_is_believed() {
        let table: [(&str, Change, &[&str]); 8] = [
            ("just now", |_| {}, &[]),
            ("of another machine", |it| it.process.namespace = None, &[]),
            ("nine seconds ago", |it| it.at -= 9_000, &[]),
            ("eleven seconds ago", |it| it.at -= 11_000, &["pulse"]),
            ("of another life of the machine", |it| it.at += 3_600_000, &["pulse"]),
            ("of a process that has ended", |it| it.process.pid = u32::MAX, &["pulse"]),
            ("of one whose number is another's now", |it| it.process.ticks = Some(1), &["pulse"]),
            (
                "deaf since it was written",
                |it| {
                    (it.at, it.vitals.polled_ms_ago) = (it.at - 5_000, Some(86_000));
                },
                &["telegram"],
            ),
        ];
        for (what, change, expected) in table {
            let (_folder, database) = written(change);
            assert_eq!(parts(&database), expected, "{what}");
        }
    }

    #[test]
    fn what_is_torn_or_foreign_is_no_pulse() {
        let (_folder, database) = written(|_| {});
        let whole = fs::read(path(&database)).unwrap();
        let mut mixed = whole.clone();
        mixed[40] ^= 1;
        let torn: [&[u8]; 6] = [&[], &whole[..10], &whole[..200], &mixed, b"{}", &[b'x'; 4096]];
        for bytes in torn {
            fs::write(path(&database), bytes).unwrap();
            let read = SeenPulse::read(&database);
            assert!(matches!(read, Err(NoPulse::Foreign(_))), "{read:?}");
        }
        fs::remove_file(path(&database)).unwrap();
        assert!(matches!(SeenPulse::read(&database), Err(NoPulse::None)));
        fs::create_dir(path(&database)).unwrap();
        assert!(matches!(SeenPulse::read(&database), Err(NoPulse::Unreadable { .. })));
    }
}
