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
    identity::DatabaseKind,
    releases::RELEASE,
    schema::{self, Found},
};

/// What must stay free on a disk, in bytes: the bot writes on while a copy is made.
const RESERVE: u64 = 64 << 20;

/// What was found in a copy of a database that is sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// What it is for: people's, or a sandbox's.
    pub(crate) kind: DatabaseKind,
    /// The version of its schema.
    pub version: usize,
    /// What is in it.
    pub contents: Contents,
    /// What the audit found; an older version is not audited.
    pub findings: Vec<String>,
}

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

    /// Makes a backup of it, in which this was found.
    pub(crate) fn keep(
        self,
        folder: &BackupFolder,
        reason: Reason,
        inspected: Inspected,
    ) -> Result<Backup, StoreError> {
        let Inspected { version, contents, findings, .. } = inspected;
        let name = |error: io::Error| named(folder.path(), error);
        let (bytes, sha256) =
            checksum(&File::open(self.file.path()).map_err(name)?).map_err(name)?;
        let path = folder.free_name(self.made_at, reason);
        let manifest = Manifest {
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            made_at: self.made_at,
            reason,
            database: folder.database().to_owned(),
            release: RELEASE.to_owned(),
            version,
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

/// Looks through all of a copy but its books. Fails where it is damaged, or no database that this
/// reelbot knows.
pub(crate) fn inspect_file(copy: &Connection) -> Result<Inspected, StoreError> {
    let Found { kind, version, .. } = schema::expect_known(copy)?;
    expect_sound(copy)?;
    Ok(Inspected { kind, version, contents: Contents::of(copy)?, findings: Vec::new() })
}

/// Fails where a file is damaged, or a row refers to one that is not there. Reads all of it.
fn expect_sound(connection: &Connection) -> Result<(), StoreError> {
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

/// Fails where the disk of the folder has no room for a copy beside a run that writes on.
pub(crate) fn expect_room_for_copy(
    connection: &Connection,
    folder: &BackupFolder,
) -> Result<(), StoreError> {
    folder.create().map_err(|error| named(folder.path(), error))?;
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u32>(0));
    let pages = number("pragma page_count")?;
    expect_room(folder.path(), u64::from(pages) * u64::from(number("pragma page_size")?))
}

/// The length and the checksum of a file.
pub(super) fn checksum(mut file: &File) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let bytes = io::copy(&mut file, &mut hash)?;
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
