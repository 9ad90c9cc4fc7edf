//! The database: opened with care, read through a pool, written through the writer.

use std::{
    panic::Location,
    path::{Path, PathBuf},
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::domain::{checkpoints::Checkpoints, ports::Clock, user::Language};
use crate::service::{notify::Notifiers, pulse::Pulse, stop::Stop};
use crate::store::{
    checkpoint::Checkpointer,
    error::{StoreError, StoreErrorKind},
    fallback::FallbackLanguage,
    file::{Terms, prepare, tune_reader},
    health::Health,
    identity::DatabaseKind,
    lock::RunLock,
    place::Place,
    runs::{self, Run},
    tx::{Tx, View},
    writer::Writer,
};

/// How long to wait for another program, such as a backup or a shell, to let go.
/// A caller that waits longer tries again by itself.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Readers: commands, screens and reports are short and few.
const READERS: u32 = 4;

/// How many steps of SQLite's machine go by between two looks for a stop: some milliseconds.
const STOP_LOOK: i32 = 10_000;

/// Free pages that stay in the file, 4 MiB: a day's rows come and go.
const SPARE_PAGES: u32 = 1024;

/// How many are given back in one write, 1 MiB.
const FREED_PAGES: u32 = 256;

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
    /// When the run on it last did what it is there for.
    pub(crate) pulse: Arc<Pulse>,
    fallback: Arc<FallbackLanguage>,
    /// The time by which actions happen.
    pub clock: Arc<dyn Clock>,
    /// The run of this process, if it is one.
    pub(crate) run: Run,
    path: PathBuf,
    place: Arc<Place>,
    checkpoints: Checkpoints,
    lock: Weak<RunLock>,
}

impl Db {
    /// Opens a database that is up to date, or creates one. An older one is refused: commands must
    /// not change it under a bot that runs on it.
    pub fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Self::open_with(path, clock, Arc::default(), Terms::as_is(Checkpoints::Own))
    }

    /// Opens a database on other terms, for a run with this pulse.
    pub(crate) fn open_with(
        path: &Path,
        clock: Arc<dyn Clock>,
        pulse: Arc<Pulse>,
        terms: Terms<'_>,
    ) -> Result<Self, StoreError> {
        let name = |error: StoreError| {
            StoreError::new(error.kind, format!("{}: {}", path.display(), error.text))
        };
        let (writer, ..) = prepare(path, DatabaseKind::Real, terms, clock.now()).map_err(name)?;
        let readers = readers(path, terms.checkpoints).map_err(name)?;
        let notifiers = Arc::<Notifiers>::default();
        let health = Arc::new(Health::shown_by(Arc::clone(&pulse)));
        let fallback = Arc::<FallbackLanguage>::default();
        let writer = Writer::new(
            writer,
            Arc::clone(&clock),
            Arc::clone(&notifiers),
            Arc::clone(&health),
            Arc::clone(&fallback),
        );
        let writer = Arc::new(writer);
        let place = Arc::new(Place::of(path).map_err(|error| name(error.into()))?);
        let checkpointer = Checkpointer::start(
            Arc::clone(&writer),
            readers.clone(),
            Arc::clone(&notifiers),
            Arc::clone(&place),
            Arc::clone(&pulse),
            terms.checkpoints,
        );
        Ok(Self {
            _checkpointer: checkpointer.map_err(|error| name(error.into()))?,
            writer,
            readers,
            notifiers,
            health,
            pulse,
            fallback,
            clock,
            run: Run::default(),
            path: path.to_owned(),
            place,
            checkpoints: terms.checkpoints,
            lock: Weak::new(),
        })
    }

    /// The same, for the run that holds this lock.
    pub(crate) fn locked_by(self, lock: &Arc<RunLock>) -> Self {
        Self { lock: Arc::downgrade(lock), ..self }
    }

    /// Names the place where each action asks in which language people are answered whose app tells
    /// none.
    pub(crate) fn answer_in(&self, fallback: impl Fn() -> Language + Send + Sync + 'static) {
        self.fallback.ask(fallback);
    }

    /// Looks whether this run must end: the files that it writes are no longer those at their path,
    /// or another run has begun on them.
    pub(crate) fn check_ownership(&self) -> Result<(), StoreError> {
        self.place.check()?;
        if let Some(lock) = self.lock.upgrade() {
            lock.renew();
        }
        self.read(|view| self.expect_ownership(view))
    }

    /// Fails when this run may begin nothing more: the database is lost to it, or another run has
    /// begun on it.
    pub(crate) fn expect_ownership(&self, view: &View<'_>) -> Result<(), StoreError> {
        self.health.expect_no_loss()?;
        self.run.number().map_or(Ok(()), |number| runs::expect_newest(view, number))
    }

    /// Leaves the files at its path as they are when the process ends: they are another's by now,
    /// and SQLite would delete the log beside them.
    pub(crate) fn abandon(self: &Arc<Self>) {
        std::mem::forget(Arc::clone(self));
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
        look(&View::new(&snapshot, &self.health, self.fallback.get()))
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

    /// Looks for damage in the file, page by page, beside those who read and write: a bot must
    /// not take orders on half a database. It reads the whole file, a minute for some gigabytes on
    /// a slow disk; `false` when it was stopped before its end.
    pub(crate) fn check(&self, stop: &Stop) -> Result<bool, StoreError> {
        let connection = self.readers.get()?;
        stop_when_set(&connection, stop)?;
        let found: Result<String, rusqlite::Error> =
            connection.query_row("pragma quick_check(1)", [], |row| row.get(0));
        connection.progress_handler(0, None::<fn() -> bool>)?;
        match found {
            Ok(found) if found == "ok" => Ok(true),
            Ok(found) => {
                let found = found.lines().last().unwrap_or_default();
                Err(StoreError::new(StoreErrorKind::Corrupt, format!("it is damaged: {found}")))
            }
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Gives back to the disk what nothing uses, but for what will soon be used again; in
    /// pieces, so that others write in between.
    pub(crate) fn shrink(&self, stop: &Stop) -> Result<(), StoreError> {
        let free: u32 =
            self.read(|view| view.one("pragma freelist_count", [], |row| row.get(0)))?;
        for _ in 0..free.saturating_sub(SPARE_PAGES) / FREED_PAGES {
            if stop.is_set() {
                break;
            }
            self.writer.free_pages(FREED_PAGES)?;
        }
        Ok(())
    }

    /// Moves the write-ahead log into the database, at shutdown, unless another does.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        match self.checkpoints {
            Checkpoints::Own => self.writer.maintain("pragma wal_checkpoint(truncate)"),
            Checkpoints::Litestream => Ok(()),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Lets a stop interrupt what a connection does, however long that takes.
pub(super) fn stop_when_set(connection: &Connection, stop: &Stop) -> rusqlite::Result<()> {
    let stop = stop.clone();
    connection.progress_handler(STOP_LOOK, Some(move || stop.is_set()))
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn readers(
    path: &Path,
    checkpoints: Checkpoints,
) -> Result<Pool<SqliteConnectionManager>, StoreError> {
    let manager = SqliteConnectionManager::file(path)
        .with_flags(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .with_init(move |connection| {
            tune_reader(connection, checkpoints).map_err(|error| sqlite_error(&error))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, SystemClock};
    use crate::domain::time::Timestamp;
    use crate::store::{
        file::{PRAGMAS, pragma},
        releases::RELEASE,
    };

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
            assert_eq!(pragma(connection, "cache_size").unwrap(), "-1000");
        }
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
    fn of_two_runs_on_one_file_the_newer_goes_on_whatever_their_clocks_say() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reelbot.db");
        let at = |time| Db::open(&path, Arc::new(ManualClock::at(Timestamp(time)))).unwrap();
        let begins = |db: &Db| {
            let number = db.write(runs::begin).unwrap();
            db.run.open(number, Vec::new(), db.clock.now());
            number
        };
        let ends = |db: &Db, number| db.write(move |tx| runs::close(tx, number)).unwrap();
        let goes_on = |db: &Db| db.check_ownership().map_err(|error| error.kind);
        let (older, newer, command) = (at(5000), at(4000), at(6000));
        let first = begins(&older);
        assert_eq!((goes_on(&older), goes_on(&command)), (Ok(()), Ok(())));
        let second = begins(&newer);
        assert!(second > first);
        assert_eq!((goes_on(&older), goes_on(&newer)), (Err(StoreErrorKind::Locked), Ok(())));
        ends(&older, first);
        newer.write(runs::mark_checked).unwrap();
        ends(&older, first);
        assert_eq!((goes_on(&newer), goes_on(&command)), (Ok(()), Ok(())));
        ends(&newer, second);
        assert_eq!(goes_on(&older), Err(StoreErrorKind::Locked));
    }

    #[test]
    fn a_run_notes_its_release_where_another_was_the_last_to_write() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("reelbot.db"), Arc::new(SystemClock)).unwrap();
        let releases = || {
            let sql = "select version from releases order by id";
            db.read(|view| view.all(sql, [], |row| row.get::<_, String>(0))).unwrap()
        };
        db.write(runs::begin).unwrap();
        assert_eq!(releases(), [RELEASE], "whoever creates it has noted it");
        let newer = "insert into releases (version, since) values ('99.0.0', 1)";
        db.write(move |tx| tx.run(newer, [])).unwrap();
        db.write(runs::begin).unwrap();
        db.write(runs::begin).unwrap();
        assert_eq!(releases(), [RELEASE, "99.0.0", RELEASE]);
    }

    #[test]
    fn sqlite_is_past_the_wal_reset_bug() {
        assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
    }
}
