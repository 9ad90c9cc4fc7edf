//! Restoring a backup: into the place of the database, or on trial.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::TempDir;

use crate::domain::{checkpoints::Checkpoints, time::Timestamp};
use crate::service::stop::Stop;
use crate::store::{
    back_up::{Inspected, Secrets, back_up, expect_checksum, inspect},
    backup::{
        contents::Contents,
        draft::{expect_room, open},
        folder::BackupFolder,
        manifest::Reason,
    },
    error::{StoreError, StoreErrorKind},
    file::{self, Terms},
    lock::{RunLock, create_folder},
    place::beside,
};

/// What the log and the memory of the log add to the name of a database.
const LOGS: [&str; 2] = ["-wal", "-shm"];

/// What the name of a folder for a restore begins and ends with.
const PREFIX: &str = ".restore-";
const PART: &str = ".part";

/// A copy of a backup that was found whole, in a folder that goes when it is dropped.
pub struct Candidate {
    folder: TempDir,
    /// What is in it.
    pub inspected: Inspected,
}

/// Where the database of before has gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    /// There was none.
    Nothing,
    /// Into this backup.
    BackedUp(PathBuf),
    /// It could not be read, and lies here as it was.
    MovedAside(PathBuf),
}

impl Candidate {
    /// Copies a backup into a new folder within `beside`, and looks through all of the copy. Any copy
    /// of a database will do, with the log that lies beside it.
    pub fn fetch(backup: &Path, beside: &Path, now: Timestamp) -> Result<Self, StoreError> {
        expect_checksum(backup)?;
        expect_room(beside, fs::metadata(backup)?.len())?;
        let folder = tempfile::Builder::new().prefix(PREFIX).suffix(PART).tempdir_in(beside)?;
        let copy = file_in(&folder);
        for suffix in ["", "-wal"] {
            match copy_private(&self::beside(backup, suffix), &self::beside(&copy, suffix)) {
                Err(error) if error.kind() == ErrorKind::NotFound && !suffix.is_empty() => {}
                copied => copied?,
            }
        }
        let connection = open(&copy)?;
        let inspected = inspect(&connection, now)?;
        // Folds its log in, so that the one file is all of it.
        connection.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))?;
        drop(connection);
        Ok(Self { folder, inspected })
    }

    /// The same beside the database whose run lock is held, so that it can be put there. What an
    /// earlier restore left behind goes.
    pub(crate) fn fetch_beside(
        database: &Path,
        backup: &Path,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let folder = database.parent().unwrap_or(Path::new("/"));
        for left in fs::read_dir(folder)?.filter_map(Result::ok) {
            let name = left.file_name().to_string_lossy().into_owned();
            if name.starts_with(PREFIX) && name.ends_with(PART) {
                fs::remove_dir_all(left.path())?;
            }
        }
        let fetched = Self::fetch(backup, folder, now)?;
        // One that is damaged tells nothing, and is to be replaced.
        let present = file::look(database).ok().flatten();
        if present.is_some_and(|present| present.kind != fetched.inspected.kind) {
            let text = "of a sandbox and a real bot, one is not the other's";
            return Err(StoreError::new(StoreErrorKind::Foreign, text));
        }
        Ok(fetched)
    }

    /// Opens it as a run would, brings it to the present version, and looks through it once more.
    pub fn try_out(self, now: Timestamp) -> Result<Inspected, StoreError> {
        let copy = file_in(&self.folder);
        let backups = BackupFolder::new(&copy, Path::new(""));
        file::migrate(&copy, Terms::migrating(&backups, Checkpoints::Own), now)?;
        inspect(&open(&copy)?, now)
    }

    /// Puts it in the place of the database, which is kept: as a backup, or as it is where it cannot
    /// be read. The run lock shows that nobody works on it. A crash in between leaves the one or
    /// the other, whole.
    pub fn put(
        self,
        folder: &BackupFolder,
        _lock: &RunLock,
        now: Timestamp,
    ) -> Result<Before, StoreError> {
        let database = folder.database();
        let before = keep_present(folder, now)?;
        // A log left behind would be taken for one of the new file.
        for log in LOGS.map(|suffix| beside(database, suffix)) {
            remove(&log)?;
        }
        let copy = file_in(&self.folder);
        File::open(&copy)?.sync_all()?;
        fs::rename(&copy, database)?;
        File::open(database.parent().unwrap_or(Path::new("/")))?.sync_all()?;
        Ok(before)
    }
}

/// What a database holds by now; `None` where there is none, or none that can be read.
pub(crate) fn present(database: &Path) -> Option<Contents> {
    fs::metadata(database).ok().filter(|file| file.len() > 0)?;
    Contents::of(&open(database).ok()?).ok()
}

/// Keeps the database that is there, and folds its log in: what is committed is then in its file.
fn keep_present(folder: &BackupFolder, now: Timestamp) -> Result<Before, StoreError> {
    let database = folder.database();
    if fs::metadata(database).map_or(0, |file| file.len()) == 0 {
        create_folder(database)?;
        return Ok(Before::Nothing);
    }
    let never = Stop::new(&Arc::default());
    match back_up(folder, Reason::Restore, Secrets::Kept, now, &never) {
        Ok(backup) => {
            fold(database)?;
            Ok(Before::BackedUp(backup.path))
        }
        Err(error) if matches!(error.kind, StoreErrorKind::Corrupt | StoreErrorKind::Other) => {
            tracing::warn!(%error, "the database cannot be read, and is put aside as it is");
            Ok(Before::MovedAside(move_aside(database, now)?))
        }
        Err(error) => Err(error),
    }
}

fn fold(database: &Path) -> Result<(), StoreError> {
    let connection = open(database)?;
    let is_busy: bool =
        connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
    if is_busy {
        return Err(StoreError::new(StoreErrorKind::Busy, "another program has it open"));
    }
    Ok(())
}

/// The log first: without it the file is still a whole, if an older one.
fn move_aside(database: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let time = now.to_string().replace(['-', ':'], "");
    let aside = beside(database, &format!(".damaged-{time}"));
    for suffix in ["-wal", "-shm", ""] {
        match fs::rename(beside(database, suffix), beside(&aside, suffix)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(aside)
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("reelbot.db")
}

fn copy_private(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut copy = file::create_private_new(to)?;
    io::copy(&mut source, &mut copy)?;
    copy.sync_all()
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
