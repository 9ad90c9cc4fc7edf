//! A copy of a database on its way to become a backup.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::domain::time::Timestamp;
use crate::store::{
    backup::{
        contents::Contents,
        folder::{Backup, BackupFolder},
        manifest::{Manifest, Reason},
    },
    error::{StoreError, StoreErrorKind},
    releases::RELEASE,
    schema,
};

/// What must stay free on a disk, in bytes: the bot writes on while a copy is made.
const RESERVE: u64 = 64 << 20;

/// A private copy that has no name yet, and goes when it is dropped.
pub(crate) struct Draft {
    file: NamedTempFile,
    made_at: Timestamp,
    with_keys: bool,
}

impl Draft {
    /// Copies what is committed by now, beside those who read and write: through a connection of
    /// its own, whose view does not hold up a commit.
    pub(crate) fn copy(
        connection: &Connection,
        folder: &BackupFolder,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let name = |error: io::Error| named(folder.path(), error);
        folder.create().map_err(name)?;
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u32>(0));
        let pages = number("pragma page_count")?;
        let bytes = u64::from(pages) * u64::from(number("pragma page_size")?);
        expect_room(folder.path(), bytes)?;
        let file = folder.part().map_err(name)?;
        let path = text_of(file.path())?;
        connection.execute("vacuum into ?", [path])?;
        Ok(Self { file, made_at: now, with_keys: true })
    }

    /// Takes the secrets of the keys out of it, as if the keys had been removed; nothing of them is
    /// left between the rows.
    pub(crate) fn remove_keys(&mut self) -> Result<(), StoreError> {
        let connection = self.open()?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.execute(
            "update kie_keys set secret = null, removed_at = ? where secret is not null",
            [self.made_at],
        )?;
        connection.execute_batch("vacuum")?;
        self.with_keys = false;
        Ok(())
    }

    /// Opens it, to look whether it is sound.
    pub(crate) fn open(&self) -> Result<Connection, StoreError> {
        open(self.file.path())
    }

    /// Makes a backup of it.
    pub(crate) fn keep(
        self,
        folder: &BackupFolder,
        reason: Reason,
        findings: Vec<String>,
    ) -> Result<Backup, StoreError> {
        let connection = self.open()?;
        let (found, contents) = (schema::expect_known(&connection)?, Contents::of(&connection)?);
        drop(connection);
        let name = |error: io::Error| named(folder.path(), error);
        let (bytes, sha256) = checksum(self.file.path()).map_err(name)?;
        let path = folder.free_name(self.made_at, reason);
        let manifest = Manifest {
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            made_at: self.made_at,
            reason,
            database: folder.database().to_owned(),
            release: RELEASE.to_owned(),
            version: found.version,
            bytes,
            sha256,
            with_keys: self.with_keys,
            findings,
            contents,
        };
        folder.place(self.file, manifest).map_err(name)
    }
}

/// Opens a copy that nobody else has open.
pub(crate) fn open(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(file, flags)?)
}

/// Fails where a file is damaged, or a row refers to one that is not there. Reads all of it.
pub(crate) fn expect_sound(connection: &Connection) -> Result<(), StoreError> {
    let damaged = |found: &str| StoreError::new(StoreErrorKind::Corrupt, found);
    let found: String = connection.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        let found = found.lines().last().unwrap_or_default();
        return Err(damaged(&format!("it is damaged: {found}")));
    }
    let mut broken = connection.prepare("pragma foreign_key_check")?;
    match broken.query([])?.next()? {
        None => Ok(()),
        Some(row) => {
            let table: String = row.get(0)?;
            Err(damaged(&format!("a row of {table} refers to one that is not there")))
        }
    }
}

/// The length and the checksum of a file.
pub(crate) fn checksum(file: &Path) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let bytes = io::copy(&mut File::open(file)?, &mut hash)?;
    Ok((bytes, format!("{:x}", hash.finalize())))
}

/// Fails where a folder has no room for so many bytes and what else is written meanwhile.
pub(crate) fn expect_room(folder: &Path, bytes: u64) -> Result<(), StoreError> {
    let disk = rustix::fs::statvfs(folder).map_err(|error| named(folder, error.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free >= bytes.saturating_add(RESERVE) {
        return Ok(());
    }
    let (free, needed) = (free >> 20, (bytes + RESERVE) >> 20);
    let text = format!("{} has {free} MiB free, {needed} MiB are needed", folder.display());
    Err(StoreError::new(StoreErrorKind::Full, text))
}

fn text_of(path: &Path) -> Result<&str, StoreError> {
    let refused = || StoreError::new(StoreErrorKind::CannotOpen, "its path is not Unicode");
    path.to_str().ok_or_else(refused)
}

fn named(path: &Path, error: io::Error) -> StoreError {
    let path: PathBuf = path.to_owned();
    let StoreError { kind, text } = error.into();
    StoreError::new(kind, format!("{}: {text}", path.display()))
}
