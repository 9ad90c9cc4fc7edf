//! The writer: the one connection that writes, behind a mutex, with group commit.
//!
//! A thread that wants to write puts its action in a queue. The first in the queue leads:
//! it takes the connection's mutex, runs all waiting actions in one `BEGIN IMMEDIATE`
//! transaction, a savepoint each, commits, passes on the results, and makes
//! the next in the queue the leader. At `synchronous = FULL` this writes many times
//! faster than a transaction for each, and nobody starves on a slow disk.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use rusqlite::Connection;

use crate::domain::ports::Clock;
use crate::service::{
    business::Event,
    notify::{Channel, Notifiers},
};
use crate::store::{
    error::{StoreError, StoreErrorKind},
    fallback::FallbackLanguage,
    health::Health,
    tx::Tx,
};

/// How many actions share a commit at most, so that the first does not wait long for the last.
const LARGEST_BATCH: usize = 64;

/// From how many pages on the write-ahead log is long: 16 MiB. A page that was written
/// often is copied once, so a longer log costs less; a shorter one is read faster.
const LONG_LOG: i64 = 4000;

/// An action with its result stored; says whether to keep what it wrote.
type Action = Box<dyn FnOnce(&Tx<'_>) -> bool + Send>;

/// One action in the queue, and how to signal its thread.
struct QueuedWrite {
    action: Action,
    signal: SyncSender<Signal>,
}

/// What the leader signals to a waiting thread.
enum Signal {
    Lead,
    Committed(Result<(), StoreError>),
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<QueuedWrite>,
    has_leader: bool,
}

/// What the actions of one transaction have come to.
#[derive(Default)]
struct Batch {
    notify: Vec<Channel>,
    events: Vec<Event>,
    has_changes: bool,
}

/// The one writer of the database.
pub(crate) struct Writer {
    connection: Mutex<Connection>,
    queue: Mutex<Queue>,
    clock: Arc<dyn Clock>,
    notifiers: Arc<Notifiers>,
    health: Arc<Health>,
    fallback: Arc<FallbackLanguage>,
}

impl Writer {
    /// A writer through this connection.
    pub(crate) fn new(
        connection: Connection,
        clock: Arc<dyn Clock>,
        notifiers: Arc<Notifiers>,
        health: Arc<Health>,
        fallback: Arc<FallbackLanguage>,
    ) -> Self {
        Self {
            connection: Mutex::new(connection),
            queue: Mutex::default(),
            clock,
            notifiers,
            health,
            fallback,
        }
    }

    /// Runs an action and returns when its commit is on disk. An action that returns
    /// an error leaves no trace.
    pub(crate) fn write<T, E>(
        &self,
        action: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let result = Arc::new(Mutex::new(None));
        let put = Arc::clone(&result);
        let action: Action = Box::new(move |tx| {
            let outcome = catch_unwind(AssertUnwindSafe(|| action(tx)));
            let keep = matches!(outcome, Ok(Ok(_)));
            *lock(&put) = Some(outcome);
            keep
        });
        // Two places: the signal to lead, and the result.
        let (signal, signals) = sync_channel(2);
        self.enqueue(QueuedWrite { action, signal });
        self.await_result(&signals)?;
        let outcome: Option<thread::Result<Result<T, E>>> = lock(&result).take();
        match outcome.expect("an action that was written has left its result") {
            Ok(outcome) => outcome,
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Runs a statement outside any transaction, such as a checkpoint.
    pub(crate) fn maintain(&self, sql: &str) -> Result<(), StoreError> {
        Ok(lock(&self.connection).execute_batch(sql)?)
    }

    /// Gives so many free pages back to the disk.
    pub(crate) fn free_pages(&self, pages: u32) -> Result<(), StoreError> {
        let connection = lock(&self.connection);
        let mut statement =
            connection.prepare_cached(&format!("pragma incremental_vacuum({pages})"))?;
        // Each page is a row of the answer: the last one frees the last page.
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    }

    fn enqueue(&self, write: QueuedWrite) {
        let mut queue = lock(&self.queue);
        if !queue.has_leader {
            queue.has_leader = true;
            signal(&write, Signal::Lead);
        }
        queue.waiting.push_back(write);
    }

    fn await_result(&self, signals: &Receiver<Signal>) -> Result<(), StoreError> {
        loop {
            match signals.recv() {
                Ok(Signal::Lead) => self.lead(),
                Ok(Signal::Committed(result)) => return result,
                Err(_) => {
                    return Err(StoreError::new(StoreErrorKind::Other, "the writer was dropped"));
                }
            }
        }
    }

    /// Writes what waits now, this thread's own action among it, then passes the lead on.
    fn lead(&self) {
        let mut connection = lock(&self.connection);
        let writes: Vec<QueuedWrite> = {
            let mut queue = lock(&self.queue);
            let size = queue.waiting.len().min(LARGEST_BATCH);
            queue.waiting.drain(..size).collect()
        };
        let (actions, signals): (Vec<Action>, Vec<SyncSender<Signal>>) =
            writes.into_iter().map(|write| (write.action, write.signal)).unzip();
        let committed = self.commit(&mut connection, actions);
        if let Err(error) = &committed {
            self.health.failed(error);
        }
        drop(connection);
        self.pass_the_lead();
        let result = committed.map(|batch| {
            for channel in batch.notify {
                self.notifiers.get(channel).notify_one();
            }
            batch.events
        });
        let (result, events) = match result {
            Ok(events) => (Ok(()), events),
            Err(error) => (Err(error), Vec::new()),
        };
        for signal in signals {
            // A thread that is gone needs no result.
            let _ = signal.try_send(Signal::Committed(result.clone()));
        }
        for event in &events {
            self.health.tell(event);
        }
    }

    fn pass_the_lead(&self) {
        let mut queue = lock(&self.queue);
        match queue.waiting.front() {
            Some(next) => signal(next, Signal::Lead),
            None => queue.has_leader = false,
        }
    }

    /// One transaction for all actions; what to notify of and to tell when it is on disk.
    fn commit(
        &self,
        connection: &mut Connection,
        actions: Vec<Action>,
    ) -> Result<Batch, StoreError> {
        connection.prepare_cached("begin immediate")?.execute([])?;
        let committed = self.run(connection, actions).and_then(|mut batch| {
            connection.prepare_cached("commit")?.execute([])?;
            if log_pages(connection) >= LONG_LOG {
                batch.notify.push(Channel::Wal);
            }
            Ok(batch)
        });
        if committed.is_err() && !connection.is_autocommit() {
            connection.execute_batch("rollback")?;
        }
        let batch = committed?;
        if batch.has_changes {
            self.health.wrote();
        }
        Ok(batch)
    }

    fn run(&self, connection: &Connection, actions: Vec<Action>) -> Result<Batch, StoreError> {
        let now = self.clock.now();
        let mut batch = Batch::default();
        for action in actions {
            connection.prepare_cached("savepoint action")?.execute([])?;
            let tx = Tx::new(connection, &self.health, self.fallback.get(), now);
            let before = connection.total_changes();
            let keep = action(&tx);
            if connection.is_autocommit() {
                // A full disk or an I/O error has undone the whole transaction.
                return Err(StoreError::new(
                    StoreErrorKind::Full,
                    "the transaction was rolled back",
                ));
            }
            if keep {
                batch.has_changes |= connection.total_changes() > before;
                let (channels, events) = tx.into_news();
                batch.notify.extend(channels);
                batch.events.extend(events);
            } else {
                connection.prepare_cached("rollback to action")?.execute([])?;
            }
            connection.prepare_cached("release action")?.execute([])?;
        }
        batch.notify.dedup();
        Ok(batch)
    }
}

/// How many pages the write-ahead log has. What was committed stays so, whatever
/// becomes of this question: no answer counts as none.
fn log_pages(connection: &Connection) -> i64 {
    let asked = connection.prepare_cached("pragma wal_checkpoint(noop)");
    asked.and_then(|mut asked| asked.query_row([], |row| row.get(1))).unwrap_or(0)
}

fn signal(write: &QueuedWrite, signal: Signal) {
    // There is room for both signals, and a thread that is gone needs none.
    let _ = write.signal.try_send(signal);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn new_writer() -> Arc<Writer> {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("create table t (n integer not null unique) strict").unwrap();
        Arc::new(Writer::new(
            connection,
            Arc::new(SystemClock),
            Arc::default(),
            Arc::default(),
            Arc::default(),
        ))
    }

    fn put(writer: &Writer, n: i64) -> Result<(), StoreError> {
        writer.write(move |tx| tx.run("insert into t values (?)", [n]).map(drop))
    }

    fn sum(writer: &Writer) -> i64 {
        lock(&writer.connection).query_row("select sum(n) from t", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn many_threads_write_each_action_once() {
        let writer = new_writer();
        thread::scope(|scope| {
            for thread in 0..20 {
                let writer = &writer;
                scope.spawn(move || (0..50).for_each(|i| put(writer, thread * 50 + i).unwrap()));
            }
        });
        assert_eq!(sum(&writer), (0..1000).sum::<i64>());
    }

    #[test]
    fn an_action_that_fails_is_undone_alone() {
        let writer = new_writer();
        put(&writer, 1).unwrap();
        let failed = writer.write::<(), StoreError>(|tx| {
            tx.run("insert into t values (5)", [])?;
            tx.run("insert into t values (1)", []).map(drop)
        });
        assert!(failed.is_err());
        assert_eq!(sum(&writer), 1);
    }

    #[test]
    fn an_action_that_panics_is_undone_and_panics_in_its_own_thread() {
        let writer = new_writer();
        let shared = Arc::clone(&writer);
        let panicked = thread::spawn(move || {
            shared.write::<(), StoreError>(|tx| {
                tx.run("insert into t values (5)", [])?;
                panic!("on purpose")
            })
        });
        assert!(panicked.join().is_err());
        put(&writer, 2).unwrap();
        assert_eq!(sum(&writer), 2);
    }

    #[test]
    fn a_failed_commit_is_everybodys_error_and_the_writer_goes_on() {
        let writer = new_writer();
        writer.maintain("pragma foreign_keys = on; create table u (t integer references t (n) deferrable initially deferred)")
            .unwrap();
        let failed =
            writer.write::<(), StoreError>(|tx| tx.run("insert into u values (9)", []).map(drop));
        assert!(failed.is_err());
        put(&writer, 3).unwrap();
        assert_eq!(sum(&writer), 3);
    }
}
