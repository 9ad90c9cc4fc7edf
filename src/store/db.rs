//! The database: opened with care, read through a pool, written through the writer.

use std::{
    fs::{OpenOptions, Permissions},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    panic::Location,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};

use crate::domain::ports::Clock;
use crate::service::notify::Notifiers;
use crate::store::{
    checkpoint::Checkpointer,
    error::{StoreError, StoreErrorKind},
    health::Health,
    lock::create_folder,
    schema::{self, Migrated, VERSION},
    tx::{Tx, View},
    writer::Writer,
};

/// How long to wait for another program, such as a backup or a shell, to let go.
/// A caller that waits longer tries again by itself.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Readers: commands, screens and reports are short and few.
const READERS: u32 = 4;

/// The settings of every connection, each with the value that must be read back:
/// SQLite ignores a pragma that it does not know.
const PRAGMAS: &[(&str, &str, &str)] = &[
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

/// The database of one bot.
pub struct Db {
    // Dropped first: its thread uses the writer and a reader.
    _checkpointer: Checkpointer,
    writer: Arc<Writer>,
    readers: Pool<SqliteConnectionManager>,
    /// Notified by commits.
    pub notifiers: Arc<Notifiers>,
    /// Its health.
    pub health: Arc<Health>,
    /// The time by which actions happen.
    pub clock: Arc<dyn Clock>,
    path: PathBuf,
}

impl Db {
    /// Opens a database, creating it or bringing it up to date.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let name = |error: StoreError| {
            StoreError::new(error.kind, format!("{}: {}", path.display(), error.text))
        };
        let (writer, _) = prepare(path).map_err(name)?;
        let readers = readers(path).map_err(name)?;
        let (notifiers, health) = (Arc::<Notifiers>::default(), Arc::<Health>::default());
        let writer =
            Writer::new(writer, Arc::clone(&clock), Arc::clone(&notifiers), Arc::clone(&health));
        let writer = Arc::new(writer);
        let checkpointer =
            Checkpointer::start(Arc::clone(&writer), readers.clone(), Arc::clone(&notifiers))
                .map_err(|error| name(error.into()))?;
        let path = path.to_owned();
        Ok(Self { _checkpointer: checkpointer, writer, readers, notifiers, health, clock, path })
    }

    /// Opens a database that is up to date, or creates one: for commands, which must not change an
    /// older file under a bot that runs on it.
    pub(crate) fn open_current(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        // Where even this look fails, the attempt to open explains why.
        match version(path) {
            Ok(Some(found)) if (1..VERSION).contains(&found) => Err(StoreError::new(
                StoreErrorKind::TooOld,
                format!("it has version {found}, this reelbot needs version {VERSION}"),
            )),
            _ => Self::open(path, clock),
        }
    }

    /// Reads from one consistent view.
    #[track_caller]
    pub fn read<T>(
        &self,
        look: impl FnOnce(&View<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.try_read(look)
    }

    /// As [`Self::read`], for a look with an error of its own.
    #[track_caller]
    pub fn try_read<T, E: From<StoreError>>(
        &self,
        look: impl FnOnce(&View<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (began, from) = (Instant::now(), Location::caller());
        let seen = self.look(look);
        tracing::trace!(%from, micros = micros(began), "a read");
        seen
    }

    fn look<T, E>(&self, look: impl FnOnce(&View<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let noted = |error| {
            self.health.failed(&error);
            error
        };
        let mut connection = self.readers.get().map_err(|error| noted(error.into()))?;
        let snapshot = connection.transaction().map_err(|error| noted(error.into()))?;
        look(&View::new(&snapshot, &self.health))
    }

    /// Runs an action in one transaction; it is on disk when this returns.
    #[track_caller]
    pub fn write<T: Send + 'static>(
        &self,
        action: impl FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.try_write(action)
    }

    /// As [`Self::write`], for an action with an error of its own.
    #[track_caller]
    pub fn try_write<T, E>(
        &self,
        action: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (began, from) = (Instant::now(), Location::caller());
        let written = self.writer.write(action);
        tracing::trace!(%from, micros = micros(began), "a write");
        written
    }

    /// Looks for damage in the file, page by page: a bot must not take orders on half a
    /// database. It reads the whole file, some seconds for a million jobs.
    pub fn check(&self) -> Result<(), StoreError> {
        self.read(|view| {
            let found: String = view.one("pragma quick_check(1)", [], |row| row.get(0))?;
            if found == "ok" {
                return Ok(());
            }
            let found = found.lines().last().unwrap_or_default();
            Err(StoreError::new(StoreErrorKind::Corrupt, format!("it is damaged: {found}")))
        })
    }

    /// Moves the write-ahead log into the database, at shutdown.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        self.writer.maintain("pragma wal_checkpoint(truncate)")
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// Creates or migrates a database, and says what was done.
pub fn migrate(path: &Path) -> Result<Migrated, StoreError> {
    prepare(path).map(|(_, migrated)| migrated)
}

/// The version a database has, without touching it; `None` where there is no file.
pub fn version(path: &Path) -> Result<Option<usize>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    schema::version(&connection).map(Some)
}

fn prepare(path: &Path) -> Result<(Connection, Migrated), StoreError> {
    create_private(path)?;
    let mut connection = Connection::open(path)?;
    tune(&connection)?;
    let found = schema::version(&connection)?;
    if (1..VERSION).contains(&found) {
        copy(&connection, &copy_name(path, found))?;
    }
    let migrated = schema::migrate(&mut connection)?;
    Ok((connection, migrated))
}

/// Where the copy of a database is that was brought from this version to the present one.
pub(crate) fn copy_name(path: &Path, version: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".v{version}"));
    name.into()
}

/// Copies a database before it is changed. A copy that an earlier attempt left is written anew.
fn copy(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    connection.execute("vacuum into ?", [to.to_string_lossy()])?;
    Ok(())
}

/// The file is 0600 in a folder 0700. One that others may read, such as a copy put back by hand,
/// is corrected: it holds keys.
fn create_private(path: &Path) -> Result<(), StoreError> {
    create_folder(path)?;
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
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

fn readers(path: &Path) -> Result<Pool<SqliteConnectionManager>, StoreError> {
    let manager = SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(|connection| {
            tune(connection).map_err(|error| sqlite_error(&error))?;
            connection.pragma_update(None, "query_only", "on")
        });
    let pool = Pool::builder()
        .max_size(READERS)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(BUSY_TIMEOUT)
        .build(manager)?;
    Ok(pool)
}

fn sqlite_error(error: &StoreError) -> rusqlite::Error {
    rusqlite::Error::InvalidParameterName(error.text.clone())
}

/// Applies [`PRAGMAS`] and reads each back.
fn tune(connection: &Connection) -> Result<(), StoreError> {
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

fn pragma(connection: &Connection, name: &str) -> Result<String, StoreError> {
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
    use crate::clock::SystemClock;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn every_connection_has_every_pragma() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("data/reelbot.db"), Arc::new(SystemClock)).unwrap();
        let held: Vec<_> = (0..READERS).map(|_| db.readers.get().unwrap()).collect();
        for connection in &held {
            for (name, _, expected) in PRAGMAS {
                assert_eq!(pragma(connection, name).unwrap(), *expected, "{name}");
            }
            assert_eq!(pragma(connection, "query_only").unwrap(), "1");
        }
    }

    #[test]
    fn the_database_is_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/reelbot.db");
        let _db = Db::open(&path, Arc::new(SystemClock)).unwrap();
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn a_file_that_is_no_database_is_corrupt() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reelbot.db");
        std::fs::write(&path, "this is a shopping list, not a database\n".repeat(200)).unwrap();
        let error = Db::open(&path, Arc::new(SystemClock)).err().unwrap();
        assert_eq!(error.kind, StoreErrorKind::Corrupt);
    }

    #[test]
    fn sqlite_is_past_the_wal_reset_bug() {
        assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
    }
}
