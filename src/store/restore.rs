//! Restoring a backup: into the place of the database, or on trial.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};
use tempfile::TempDir;

use crate::domain::{checkpoints::Checkpoints, time::Timestamp};
use crate::service::stop::Stop;
use crate::store::{
    back_up::{Secrets, back_up_through, inspect},
    backup::{
        contents::Contents,
        draft::{Inspected, open},
        folder::{BackupFolder, RESTORE},
        manifest::Reason,
        source::Source,
    },
    error::{StoreError, StoreErrorKind},
    file::{self, Terms},
    lock::{RunLock, create_folder, open_private},
    place::beside,
};

/// How long commands may take to let go of a database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// What the name of a folder for a restore ends with.
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
    /// Copies a backup into a new folder within `beside`, and looks through all of the copy.
    pub fn fetch(backup: &Source, beside: &Path, now: Timestamp) -> Result<Self, StoreError> {
        backup.expect_checksum()?;
        let folder = tempfile::Builder::new().prefix(RESTORE).suffix(PART).tempdir_in(beside)?;
        let copy = file_in(&folder);
        backup.copy(&copy, file::create_private_new)?;
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
        backup: &Source,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let folder = database.parent().unwrap_or(Path::new("/"));
        for left in fs::read_dir(folder)?.filter_map(Result::ok) {
            let name = left.file_name().to_string_lossy().into_owned();
            if name.starts_with(RESTORE) && name.ends_with(PART) {
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

    /// Puts it in the place of the database, which is kept as a backup, or as it is where it cannot
    /// be read. The run lock shows that no run works on it; commands are kept out until it is done,
    /// and go on with what is there then. A crash in between leaves the one or the other.
    pub fn put(
        self,
        folder: &BackupFolder,
        _lock: &RunLock,
        now: Timestamp,
    ) -> Result<Before, StoreError> {
        let copy = file_in(&self.folder);
        match write_over(folder, &copy, now) {
            Err(error) if is_unreadable(&error) => {
                tracing::warn!(%error, "the database cannot be read, and is put aside as it is");
                replace(folder.database(), &copy, now).map(Before::MovedAside)
            }
            done => done,
        }
    }
}

/// Whether nothing can be done with a database but to put it aside.
fn is_unreadable(error: &StoreError) -> bool {
    matches!(error.kind, StoreErrorKind::Corrupt | StoreErrorKind::Other)
}

/// Backs the database up and writes the copy over it, while nobody else can look at it. That is one
/// transaction: a reader who waited sees all of it, and a writer writes to it.
fn write_over(folder: &BackupFolder, copy: &Path, now: Timestamp) -> Result<Before, StoreError> {
    let database = folder.database();
    let is_new = fs::metadata(database).map_or(0, |file| file.len()) == 0;
    create_folder(database)?;
    drop(open_private(database)?);
    let mut held = hold(database)?;
    let before = if is_new {
        Before::Nothing
    } else {
        let never = Stop::new(&Arc::default());
        let (reason, secrets) = (Reason::Restore, Secrets::Kept);
        Before::BackedUp(back_up_through(&held, folder, reason, secrets, now, &never)?.path)
    };
    let source = open(copy)?;
    let step = Backup::new(&source, &mut held)?.step(-1)?;
    if step != StepResult::Done {
        return Err(StoreError::new(StoreErrorKind::Busy, "another program has it open"));
    }
    Ok(before)
}

/// Opens a database for this connection alone, when all others have let go of it.
fn hold(database: &Path) -> Result<Connection, StoreError> {
    let connection = open(database)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update_and_check(None, "locking_mode", "exclusive", |_| Ok(()))?;
    connection.execute_batch("begin exclusive; commit")?;
    Ok(connection)
}

/// Puts the copy where a database is that cannot be read. That is kept beside it, the file and its
/// log; the file is at its place until the copy is.
fn replace(database: &Path, copy: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let time = now.to_string().replace(['-', ':'], "");
    let aside = beside(database, &format!(".damaged-{time}"));
    fs::hard_link(database, &aside)?;
    // A log left behind would be taken for one of the new file.
    for suffix in ["-wal", "-shm"] {
        match fs::rename(beside(database, suffix), beside(&aside, suffix)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    File::open(copy)?.sync_all()?;
    fs::rename(copy, database)?;
    File::open(database.parent().unwrap_or(Path::new("/")))?.sync_all()?;
    Ok(aside)
}

/// What is at the place of a database.
pub(crate) enum Present {
    /// No file, or an empty one.
    Nothing,
    /// What cannot be read.
    Unreadable,
    /// A database with so much in it.
    Holds(Contents),
}

/// Looks what is at the place of a database.
pub(crate) fn present(database: &Path) -> Present {
    if fs::metadata(database).map_or(0, |file| file.len()) == 0 {
        return Present::Nothing;
    }
    let contents = open(database).and_then(|connection| Contents::of(&connection));
    contents.map_or(Present::Unreadable, Present::Holds)
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("reelbot.db")
}
