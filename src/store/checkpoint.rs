//! The checkpointer: moves the write-ahead log into the database beside those who write.
//!
//! SQLite would let the writer do it, in the commit that finds the log long, and
//! everybody behind that commit would wait for a thousand pages and two syncs. Here
//! a thread of its own copies the pages while the writer writes on; then it takes the
//! writer for the few that were added meanwhile, so that the log begins anew.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;

use crate::domain::checkpoints::Checkpoints;
use crate::service::{
    notify::{Channel, Notifiers},
    outage::Outage,
    pulse::Pulse,
    serve::{Next, RETRY, serve},
    stop::Stop,
};
use crate::store::{error::StoreError, place::Place, writer::Writer};

/// How long it waits for the notifier. A log that is not long can wait.
const IDLE_WAIT: Duration = Duration::from_hours(1);

/// No checkpoint lasts longer, on however slow a disk.
const LONGEST: Duration = Duration::from_mins(30);

/// A passive checkpoint waits for nobody and holds up nobody.
const PASSIVE: &str = "pragma wal_checkpoint(passive)";

/// How long the log is where nobody moves it, in bytes. Litestream's own checkpoint that holds up
/// writers comes at some 470 MiB.
const FORGOTTEN: u64 = 512 << 20;

/// The thread; it ends with its handle.
pub(crate) struct Checkpointer {
    stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread. It copies through a reader's connection.
    pub(crate) fn start(
        writer: Arc<Writer>,
        readers: Pool<SqliteConnectionManager>,
        notifiers: Arc<Notifiers>,
        place: Arc<Place>,
        pulse: Arc<Pulse>,
        checkpoints: Checkpoints,
    ) -> std::io::Result<Self> {
        let stop = Stop::new(&notifiers);
        let stopped = stop.clone();
        let thread = thread::Builder::new().name("checkpointer".to_owned()).spawn(move || {
            // Whoever opens a database, be it for one command, pays for no checkpoint.
            let mut is_first = true;
            let turns = pulse.loops.join("checkpointer", LONGEST);
            let forgotten = unless_litestream();
            serve(&turns, &stopped, Some(notifiers.get(Channel::Wal)), RETRY, || {
                let is_first = std::mem::take(&mut is_first);
                match checkpoints {
                    _ if is_first => {}
                    Checkpoints::Litestream => watch(&place, &forgotten),
                    Checkpoints::Own => {
                        let made = place.check().and_then(|()| checkpoint(&writer, &readers));
                        if let Err(error) = made {
                            tracing::warn!(%error, "the write-ahead log was not folded in; it grows");
                        }
                    }
                }
                Ok::<_, StoreError>(Next::Within(IDLE_WAIT))
            });
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.stop.set();
        if let Some(thread) = self.thread.take() {
            // It has no state that a panic could have spoilt.
            let _ = thread.join();
        }
    }
}

fn checkpoint(writer: &Writer, readers: &Pool<SqliteConnectionManager>) -> Result<(), StoreError> {
    readers.get()?.execute_batch(PASSIVE)?;
    writer.maintain(PASSIVE)
}

/// The log of a log that nobody moves.
fn unless_litestream() -> Outage {
    let outage = Outage::new(
        "the write-ahead log grows, and nobody moves it into the database",
        "the write-ahead log is moved into the database again",
    );
    outage.hint("is Litestream running? Without it, set database.checkpoints = \"own\"")
}

/// Logs where Litestream does not do its part.
fn watch(place: &Place, forgotten: &Outage) {
    let size = place.log_size();
    if size > FORGOTTEN {
        forgotten.failed(&format!("it has {} MiB", size >> 20));
    } else {
        forgotten.worked();
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::clock::SystemClock;

    /// A writer and a pool of readers on one file, and no thread.
    fn desk(folder: &std::path::Path) -> (Writer, Pool<SqliteConnectionManager>, Arc<Notifiers>) {
        let path = folder.join("log.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "pragma journal_mode = wal; pragma wal_autocheckpoint = 0;
                 create table t (b blob not null) strict",
            )
            .unwrap();
        let notifiers = Arc::<Notifiers>::default();
        let writer = Writer::new(
            connection,
            Arc::new(SystemClock),
            Arc::clone(&notifiers),
            Arc::default(),
            Arc::default(),
        );
        (writer, Pool::new(SqliteConnectionManager::file(path)).unwrap(), notifiers)
    }

    fn put(writer: &Writer, bytes: i64) {
        let written: Result<usize, StoreError> =
            writer.write(move |tx| tx.run("insert into t values (zeroblob(?))", [bytes]));
        written.unwrap();
    }

    /// The pages of the log, and how many of them are in the database too.
    fn log(readers: &Pool<SqliteConnectionManager>) -> (i64, i64) {
        let connection = readers.get().unwrap();
        let ask = "pragma wal_checkpoint(noop)";
        connection.query_row(ask, [], |row| Ok((row.get(1)?, row.get(2)?))).unwrap()
    }

    #[test]
    fn only_a_commit_that_finds_the_log_long_notifies() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, _, notifiers) = desk(folder.path());
        let ticket = notifiers.get(Channel::Wal).ticket();
        put(&writer, 100);
        assert_eq!(notifiers.get(Channel::Wal).ticket(), ticket);
        put(&writer, 20 << 20);
        assert_ne!(notifiers.get(Channel::Wal).ticket(), ticket);
    }

    #[test]
    fn after_a_checkpoint_the_log_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, readers, _) = desk(folder.path());
        put(&writer, 20 << 20);
        let (pages, _) = log(&readers);
        assert!(pages > 4000, "{pages}");
        checkpoint(&writer, &readers).unwrap();
        assert_eq!(log(&readers), (pages, pages));
        put(&writer, 100);
        assert!(log(&readers).0 < 10, "{:?}", log(&readers));
    }

    #[test]
    fn the_thread_ends_with_its_handle_however_soon() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, readers, notifiers) = desk(folder.path());
        let writer = Arc::new(writer);
        let place = Arc::new(Place::of(&folder.path().join("log.db")).unwrap());
        for _ in 0..100 {
            let (writer, notifiers, place) =
                (Arc::clone(&writer), Arc::clone(&notifiers), Arc::clone(&place));
            let pulse = Arc::default();
            let own = Checkpoints::Own;
            drop(Checkpointer::start(writer, readers.clone(), notifiers, place, pulse, own));
        }
        assert_eq!(Arc::strong_count(&writer), 1);
    }
}
