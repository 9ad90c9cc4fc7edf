//! The checkpointer: moves the write-ahead log into the database beside those who write.
//!
//! SQLite would let the writer do it, in the commit that finds the log long, and
//! everybody behind that commit would wait for a thousand pages and two syncs. Here
//! a thread of its own copies the pages while the pen writes on; then it takes the
//! pen for the few that were added meanwhile, so that the log begins anew.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::thread;
use std::thread::JoinHandle;
use std::time::Duration;

use r2d2::Pool;
use r2d2_sqlite::SqliteConnectionManager;

use crate::store::bell::Bells;
use crate::store::error::StoreError;
use crate::store::pen::Pen;

/// How long it waits for the bell. A log that is not long can wait.
const IDLE_WAIT: Duration = Duration::from_hours(1);

/// A passive checkpoint waits for nobody and holds up nobody.
const PASSIVE: &str = "pragma wal_checkpoint(passive)";

/// The thread; it ends with its handle.
pub struct Checkpointer {
    stop: Arc<AtomicBool>,
    bells: Arc<Bells>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    /// Starts the thread. It copies through a reader's connection.
    pub fn start(
        pen: Arc<Pen>,
        readers: Pool<SqliteConnectionManager>,
        bells: Arc<Bells>,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, rung) = (Arc::clone(&stop), Arc::clone(&bells));
        let mut mark = bells.log.mark();
        let thread = thread::Builder::new().name("checkpointer".to_owned()).spawn(move || {
            loop {
                rung.log.wait(mark, IDLE_WAIT);
                // The mark comes before the look: a ring in between ends the next wait.
                mark = rung.log.mark();
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                if let Err(error) = checkpoint(&pen, &readers) {
                    tracing::warn!(%error, "the write-ahead log was not folded in; it grows");
                }
            }
        })?;
        Ok(Self { stop, bells, thread: Some(thread) })
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        self.bells.log.ring();
        if let Some(thread) = self.thread.take() {
            // It has no state that a panic could have spoilt.
            let _ = thread.join();
        }
    }
}

fn checkpoint(pen: &Pen, readers: &Pool<SqliteConnectionManager>) -> Result<(), StoreError> {
    readers.get()?.execute_batch(PASSIVE)?;
    pen.maintain(PASSIVE)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::clock::SystemClock;

    /// A pen and a pool of readers on one file, and no thread.
    fn desk(folder: &std::path::Path) -> (Pen, Pool<SqliteConnectionManager>, Arc<Bells>) {
        let path = folder.join("log.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "pragma journal_mode = wal; pragma wal_autocheckpoint = 0;
                 create table t (b blob not null) strict",
            )
            .unwrap();
        let bells = Arc::<Bells>::default();
        let pen = Pen::new(connection, Arc::new(SystemClock), Arc::clone(&bells), Arc::default());
        (pen, Pool::new(SqliteConnectionManager::file(path)).unwrap(), bells)
    }

    fn put(pen: &Pen, bytes: i64) {
        let written: Result<usize, StoreError> =
            pen.write(move |tx| tx.run("insert into t values (zeroblob(?))", [bytes]));
        written.unwrap();
    }

    /// The pages of the log, and how many of them are in the database too.
    fn log(readers: &Pool<SqliteConnectionManager>) -> (i64, i64) {
        let connection = readers.get().unwrap();
        let ask = "pragma wal_checkpoint(noop)";
        connection.query_row(ask, [], |row| Ok((row.get(1)?, row.get(2)?))).unwrap()
    }

    #[test]
    fn only_a_commit_that_finds_the_log_long_rings() {
        let folder = tempfile::tempdir().unwrap();
        let (pen, _, bells) = desk(folder.path());
        let mark = bells.log.mark();
        put(&pen, 100);
        assert_eq!(bells.log.mark(), mark);
        put(&pen, 20 << 20);
        assert_ne!(bells.log.mark(), mark);
    }

    #[test]
    fn after_a_checkpoint_the_log_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (pen, readers, _) = desk(folder.path());
        put(&pen, 20 << 20);
        let (pages, _) = log(&readers);
        assert!(pages > 4000, "{pages}");
        checkpoint(&pen, &readers).unwrap();
        assert_eq!(log(&readers), (pages, pages));
        put(&pen, 100);
        assert!(log(&readers).0 < 10, "{:?}", log(&readers));
    }

    #[test]
    fn the_thread_ends_with_its_handle_however_soon() {
        let folder = tempfile::tempdir().unwrap();
        let (pen, readers, bells) = desk(folder.path());
        let pen = Arc::new(pen);
        for _ in 0..100 {
            drop(Checkpointer::start(Arc::clone(&pen), readers.clone(), Arc::clone(&bells)));
        }
        assert_eq!(Arc::strong_count(&pen), 1);
    }
}
