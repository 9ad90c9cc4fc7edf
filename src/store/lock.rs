//! One `run` for each database: a lock file beside it, held while the process lives.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use crate::domain::time::Timestamp;
use crate::store::error::{StoreError, StoreErrorKind};

/// Creates the folder of a database, for its owner alone: keys and people's
/// texts are in it. A folder that is already there keeps its mode.
pub(crate) fn create_folder(database: &Path) -> std::io::Result<()> {
    match database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

/// A file beside a database: its name, with this at its end.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The right to run on a database. The system takes it back when the process
/// ends, however it ends.
#[derive(Debug)]
pub(crate) struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock, or says which process holds it.
    pub(crate) fn take(database: &Path, now: Timestamp) -> Result<Self, StoreError> {
        let path = beside(database, ".lock");
        create_folder(database).map_err(|error| named(&path, error))?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|error| named(&path, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&mut file, database)),
            Err(TryLockError::Error(error)) => return Err(named(&path, error)),
        }
        let holder = format!("process {} since {now}", std::process::id());
        let wrote = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(holder.as_bytes()));
        wrote.map_err(|error| named(&path, error))?;
        Ok(Self { _file: file })
    }
}

fn held(file: &mut File, database: &Path) -> StoreError {
    let mut holder = String::new();
    // Whoever holds it may not have written its name yet.
    let _ = file.take(200).read_to_string(&mut holder);
    let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
    let text = format!("{} is in use: {holder} runs on it", database.display());
    StoreError::new(StoreErrorKind::Locked, text)
}

fn named(path: &Path, error: std::io::Error) -> StoreError {
    let plain = StoreError::from(error);
    StoreError::new(plain.kind, format!("{}: {}", path.display(), plain.text))
}
