//! The file of a database: created, brought to the present version, made small and private.

use std::{
    fs::{File, OpenOptions, Permissions},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use rusqlite::{Connection, OpenFlags};

use crate::domain::time::Timestamp;
use crate::store::{
    backup::{
        draft::{Draft, expect_sound},
        folder::{Backup, BackupFolder},
        manifest::Reason,
    },
    error::{StoreError, StoreErrorKind},
    lock::{create_folder, open_private},
    schema::{self, Migrated, VERSION},
};

/// The `auto_vacuum` of a file that gives back what nothing uses when it is told to.
const INCREMENTAL: &str = "2";

/// The settings of every connection, each with the value that must be read back:
/// SQLite ignores a pragma that it does not know.
pub(super) const PRAGMAS: &[(&str, &str, &str)] = &[
    ("busy_timeout", "5000", "5000"),
    ("journal_mode", "wal", "wal"),
    ("synchronous", "full", "2"),
    ("foreign_keys", "on", "1"),
    ("journal_size_limit", "67108864", "67108864"),
    ("temp_store", "memory", "2"),
    ("cache_size", "-4000", "-4000"),
    // 64 MiB: the safety net under the checkpointer, which is much earlier.
    ("wal_autocheckpoint", "16384", "16384"),
    ("trusted_schema", "off", "0"),
];

/// What becomes of a database that an older reelbot wrote.
#[derive(Clone, Copy)]
pub(super) enum Older<'a> {
    /// It stays as it is: a bot may run on it.
    Refuse,
    /// It is backed up and brought to the present version.
    Migrate(&'a BackupFolder, Timestamp),
}

/// Creates a database, or migrates it after a backup; says what was done, and where the backup is.
pub(crate) fn migrate(
    path: &Path,
    backups: &BackupFolder,
    now: Timestamp,
) -> Result<(Migrated, Option<Backup>), StoreError> {
    prepare(path, Older::Migrate(backups, now)).map(|(_, migrated, backup)| (migrated, backup))
}

/// The version a database has, without touching it; `None` where there is no file.
pub(crate) fn version(path: &Path) -> Result<Option<usize>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    schema::version(&connection).map(Some)
}

/// Opens a file for the one connection that writes.
pub(super) fn prepare(
    path: &Path,
    older: Older<'_>,
) -> Result<(Connection, Migrated, Option<Backup>), StoreError> {
    create_private(path)?;
    let mut connection = Connection::open(path)?;
    let found = schema::version(&connection)?;
    let is_older = (1..VERSION).contains(&found);
    let backup = match older {
        Older::Refuse if is_older => return Err(too_old(found)),
        Older::Migrate(backups, now) if is_older => Some(back_up(&connection, backups, now)?),
        _ => None,
    };
    // Of an empty file it is the first setting: another has it only after a `vacuum`.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    tune(&connection)?;
    let migrated = schema::migrate(&mut connection)?;
    if pragma(&connection, "auto_vacuum")? != INCREMENTAL {
        compact(&connection, path);
    }
    Ok((connection, migrated, backup))
}

fn too_old(found: usize) -> StoreError {
    let text = format!("it has version {found}, this reelbot needs version {VERSION}");
    StoreError::new(StoreErrorKind::TooOld, text)
}

/// Backs a database up before it is changed. It is of another version, so its books are not audited.
fn back_up(
    connection: &Connection,
    backups: &BackupFolder,
    now: Timestamp,
) -> Result<Backup, StoreError> {
    let draft = Draft::copy(connection, backups, now)?;
    expect_sound(&draft.open()?)?;
    draft.keep(backups, Reason::Migration, Vec::new())
}

/// Writes the whole file anew, without what nothing uses and able to shrink from now on. It can be
/// done without: where it fails, the room that it took is given back.
fn compact(connection: &Connection, path: &Path) {
    tracing::info!("the database is written anew, able to shrink; that may take a minute");
    if let Err(error) = rewrite(connection, path) {
        tracing::warn!(
            %error,
            "the database keeps its size: beside it there must be twice its room for a while; \
             the next start tries again"
        );
    }
    if let Err(error) = fold(connection) {
        tracing::warn!(%error, "the write-ahead log was not folded in");
    }
}

/// What is temporary in it lies beside the file: in memory it could be too much, and what folder
/// the system has for such files nobody knows.
fn rewrite(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    fold(connection)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).to_string_lossy();
    connection.pragma_update(None, "temp_store_directory", &folder)?;
    connection.pragma_update(None, "temp_store", "file")?;
    let written = connection.execute_batch("vacuum");
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "temp_store_directory", "")?;
    Ok(written?)
}

/// Moves the write-ahead log into the file and gives its room back.
fn fold(connection: &Connection) -> Result<(), StoreError> {
    Ok(connection.execute_batch("pragma wal_checkpoint(truncate)")?)
}

/// Creates a file for its owner alone, where none is.
pub(super) fn create_private_new(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// The file is 0600 in a folder 0700. One that others may read, such as a copy put back by hand,
/// is corrected: it holds keys.
fn create_private(path: &Path) -> Result<(), StoreError> {
    create_folder(path)?;
    let file = open_private(path)?;
    let mode = file.metadata()?.permissions().mode();
    if mode & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
        tracing::warn!(
            path = %path.display(),
            was = format!("{:o}", mode & 0o777),
            "others could read the database, which holds keys: it is private now"
        );
    }
    Ok(())
}

/// Applies [`PRAGMAS`] and reads each back.
pub(super) fn tune(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(128);
    for (name, value, expected) in PRAGMAS {
        connection.pragma_update_and_check(None, name, value, |_| Ok(())).or_else(|error| {
            match error {
                rusqlite::Error::QueryReturnedNoRows => Ok(()),
                error => Err(error),
            }
        })?;
        let found = pragma(connection, name)?;
        if found != *expected {
            let text = format!("pragma {name} is {found}, not {expected}");
            return Err(StoreError::new(StoreErrorKind::Other, text));
        }
    }
    Ok(())
}

/// The value of a pragma, as text.
pub(super) fn pragma(connection: &Connection, name: &str) -> Result<String, StoreError> {
    let value =
        connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))?;
    Ok(match value {
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        other => format!("{other:?}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/reelbot.db");
        prepare(&path, Older::Refuse).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_database_can_shrink_whether_it_is_new_or_was_old() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new.db");
        let (connection, ..) = prepare(&new, Older::Refuse).unwrap();
        assert_eq!(pragma(&connection, "auto_vacuum").unwrap(), INCREMENTAL);
        let old = folder.path().join("old.db");
        Connection::open(&old)
            .unwrap()
            .execute_batch(concat!(include_str!("steps/001.sql"), "pragma user_version = 1"))
            .unwrap();
        let refused = prepare(&old, Older::Refuse).err().map(|error| error.kind);
        assert_eq!(refused, Some(StoreErrorKind::TooOld));
        let backups = BackupFolder::new(&old, Path::new(""));
        let older = Older::Migrate(&backups, Timestamp(1_764_000_000_000));
        let (connection, migrated, backup) = prepare(&old, older).unwrap();
        assert_eq!(migrated, Migrated::From(1));
        let backup = backup.unwrap();
        assert_eq!((backup.manifest.version, backup.manifest.reason), (1, Reason::Migration));
        assert!(backup.path.ends_with("backups/old-20251124T160000Z-migration.db"));
        assert_eq!(pragma(&connection, "auto_vacuum").unwrap(), INCREMENTAL);
        assert_eq!(pragma(&connection, "temp_store").unwrap(), "2");
    }
}
