//! The file of a database: created, brought to the present version, made small and private.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use crate::domain::{checkpoints::Checkpoints, time::Timestamp};
use crate::store::{
    backup::{
        draft::{Draft, inspect_file},
        folder::{Backup, BackupFolder},
        manifest::Reason,
    },
    error::{StoreError, StoreErrorKind},
    identity::{DatabaseKind, expect_no_foreign, open_immutable},
    lock::{create_folder, open_private},
    place::{beside, canonical},
    releases,
    schema::{self, Found, Migrated, VERSION},
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
    ("trusted_schema", "off", "0"),
];

/// How much of the file the connection that writes keeps in memory: 4 MiB, as the `cache_size` that SQLite takes.
const WRITER_CACHE: &str = "-4000";

/// The same of a connection that reads: 1 MiB, since each commit makes what it holds stale.
const READER_CACHE: &str = "-1000";

/// What becomes of a database that an older reelbot wrote.
#[derive(Clone, Copy)]
pub(crate) enum Older<'a> {
    /// It stays as it is: a bot may run on it.
    Refuse,
    /// It is backed up and brought to the present version.
    Migrate(&'a BackupFolder),
}

/// How a database is opened.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a> {
    /// What becomes of an older one.
    pub older: Older<'a>,
    /// Who moves its log into it.
    pub checkpoints: Checkpoints,
}

impl<'a> Terms<'a> {
    /// As a command opens it.
    pub(crate) fn as_is(checkpoints: Checkpoints) -> Self {
        Self { older: Older::Refuse, checkpoints }
    }

    /// As a run opens it, which backs an older one up and brings it to the present version.
    pub(crate) fn migrating(backups: &'a BackupFolder, checkpoints: Checkpoints) -> Self {
        Self { older: Older::Migrate(backups), checkpoints }
    }
}

/// Creates a database, or migrates it after a backup; says what was done, and where the backup is.
pub(crate) fn migrate(
    path: &Path,
    terms: Terms<'_>,
    now: Timestamp,
) -> Result<(Migrated, Option<Backup>), StoreError> {
    let (_, migrated, backup) = prepare(path, DatabaseKind::Real, terms, now)?;
    Ok((migrated, backup))
}

/// Creates a sandbox's database, or brings one up to date. A real one is refused.
pub(crate) fn prepare_sandbox(
    path: &Path,
    backups: &BackupFolder,
    now: Timestamp,
) -> Result<(), StoreError> {
    if look(path)?.is_some_and(|found| found.kind == DatabaseKind::Real) {
        let text = "it is a real bot's; a sandbox would put false keys and credits into it";
        return Err(StoreError::new(StoreErrorKind::Foreign, text));
    }
    let terms = Terms::migrating(backups, Checkpoints::Own);
    prepare(path, DatabaseKind::Sandbox, terms, now).map(drop)
}

/// Fails for a sandbox's database. What cannot be looked at is for the attempt to open it to
/// explain.
pub(crate) fn expect_real(path: &Path) -> Result<(), StoreError> {
    match look(path) {
        Ok(Some(Found { kind: DatabaseKind::Sandbox, .. })) => {
            let text = "it is a sandbox's, whose keys and credits are worth nothing";
            Err(StoreError::new(StoreErrorKind::Foreign, text))
        }
        _ => Ok(()),
    }
}

/// What a database is, without touching it; `None` where there is no file or an empty one. Another
/// program's is an error.
pub(crate) fn look(path: &Path) -> Result<Option<Found>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    expect_no_foreign(path)?;
    schema::look(&open_to_look(path)?)
}

/// Opens a file to be read, and leaves no trace of that beside it.
pub(super) fn open_to_look(path: &Path) -> Result<Connection, StoreError> {
    let path = canonical(path)?;
    let has_log = fs::metadata(beside(&path, "-wal")).is_ok_and(|log| log.len() > 0);
    let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY;
    if has_log {
        return Ok(Connection::open_with_flags(&path, read_only)?);
    }
    // All is in the file itself.
    open_immutable(&path)
}

/// Opens a file for the one connection that writes; one that is created is of the kind `new`. One
/// that is refused stays as it is.
pub(super) fn prepare(
    path: &Path,
    new: DatabaseKind,
    Terms { older, checkpoints }: Terms<'_>,
    now: Timestamp,
) -> Result<(Connection, Migrated, Option<Backup>), StoreError> {
    let found = look(path)?;
    found.as_ref().map_or(Ok(()), Found::expect_known)?;
    let old = found.map(|found| found.version).filter(|version| *version < VERSION);
    if let (Some(old), Older::Refuse) = (old, older) {
        return Err(too_old(old));
    }
    create_folder(path)?;
    drop(open_private(path)?);
    make_private(path)?;
    let mut connection = Connection::open(path)?;
    // Of an empty file it is the first setting: another has it only after a `vacuum`.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    tune(&connection, checkpoints, WRITER_CACHE)?;
    let backup = match older {
        Older::Migrate(backups) if old.is_some() => Some(back_up(&connection, backups, now)?),
        _ => None,
    };
    let migrated = schema::migrate(&mut connection, new)?;
    if migrated != Migrated::Already {
        releases::note_on(&connection, now)?;
    }
    // That would move the log too.
    let may_compact = checkpoints == Checkpoints::Own;
    if may_compact && pragma(&connection, "auto_vacuum")? != INCREMENTAL {
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
    let inspected = inspect_file(&draft.open()?)?;
    draft.keep(backups, Reason::Migration, inspected)
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
fn make_private(path: &Path) -> Result<(), StoreError> {
    let mode = fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        fs::set_permissions(path, Permissions::from_mode(0o600))?;
        tracing::warn!(
            path = %path.display(),
            was = format!("{:o}", mode & 0o777),
            "others could read the database, which holds keys: it is private now"
        );
    }
    Ok(())
}

/// After how many pages SQLite itself moves the log into the file, 64 MiB: the safety net under the
/// checkpointer, which is much earlier.
fn autocheckpoint(checkpoints: Checkpoints) -> &'static str {
    match checkpoints {
        Checkpoints::Own => "16384",
        Checkpoints::Litestream => "0",
    }
}

/// Makes a connection one that only reads.
pub(super) fn tune_reader(
    connection: &Connection,
    checkpoints: Checkpoints,
) -> Result<(), StoreError> {
    tune(connection, checkpoints, READER_CACHE)?;
    Ok(connection.pragma_update(None, "query_only", "on")?)
}

/// Applies [`PRAGMAS`], who moves the log and how much is kept in memory, and reads each back.
fn tune(connection: &Connection, checkpoints: Checkpoints, cache: &str) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(128);
    if checkpoints == Checkpoints::Litestream {
        // Whoever closes the file last would move the log otherwise.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    }
    let pages = autocheckpoint(checkpoints);
    let own = [("wal_autocheckpoint", pages, pages), ("cache_size", cache, cache)];
    for (name, value, expected) in PRAGMAS.iter().chain(&own) {
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
    use DatabaseKind::Real;

    use super::*;

    const NOW: Timestamp = Timestamp(1_764_000_000_000);

    #[test]
    fn a_database_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/reelbot.db");
        prepare(&path, Real, Terms::as_is(Checkpoints::Own), NOW).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_database_can_shrink_whether_it_is_new_or_was_old() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new.db");
        let (connection, ..) = prepare(&new, Real, Terms::as_is(Checkpoints::Own), NOW).unwrap();
        assert_eq!(pragma(&connection, "auto_vacuum").unwrap(), INCREMENTAL);
        let old = folder.path().join("old.db");
        Connection::open(&old)
            .unwrap()
            .execute_batch(concat!(
                include_str!("steps/001.sql"),
                "pragma user_version = 1; pragma application_id = 0x7265656C"
            ))
            .unwrap();
        let refused =
            prepare(&old, Real, Terms::as_is(Checkpoints::Own), NOW).err().map(|error| error.kind);
        assert_eq!(refused, Some(StoreErrorKind::TooOld));
        let backups = BackupFolder::new(&old, Path::new(""));
        let older = Terms::migrating(&backups, Checkpoints::Own);
        let (connection, migrated, backup) = prepare(&old, Real, older, NOW).unwrap();
        assert_eq!(migrated, Migrated::From(1));
        let backup = backup.unwrap();
        assert_eq!((backup.manifest.version, backup.manifest.reason), (1, Reason::Migration));
        assert!(backup.path.ends_with("backups/old-20251124T160000Z-migration.db"));
        assert_eq!(pragma(&connection, "auto_vacuum").unwrap(), INCREMENTAL);
        assert_eq!(pragma(&connection, "temp_store").unwrap(), "2");
    }
}
