//! The pen: the one connection that writes, behind a mutex, with group commit.
//!
//! Who wants to write puts the deed in a line. The first in line leads: it
//! takes the pen's mutex, runs all waiting deeds in one `BEGIN IMMEDIATE`
//! transaction, a savepoint each, commits, hands out the results, and makes
//! the next in line the leader. At `synchronous = FULL` this writes many times
//! faster than a transaction for each, and nobody starves on a slow disk.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::sync_channel;
use std::thread;

use rusqlite::Connection;

use crate::domain::ports::Clock;
use crate::store::bell::Bells;
use crate::store::bell::Ring;
use crate::store::error::StoreError;
use crate::store::error::Trouble;
use crate::store::health::Health;
use crate::store::tx::Tx;

/// How many deeds share a commit at most, so that the first does not wait long for the last.
const BATCH: usize = 64;

/// From how many pages on the write-ahead log is long: 16 MiB. A page that was written
/// often is copied once, so a longer log costs less; a shorter one is read faster.
const LONG_LOG: i64 = 4000;

/// A deed with its result tucked away; says whether to keep what it wrote.
type Deed = Box<dyn FnOnce(&Tx<'_>) -> bool + Send>;

/// One deed in the line, and how to call its thread.
struct Turn {
    deed: Deed,
    call: SyncSender<Call>,
}

/// What the leader tells a thread in the line.
enum Call {
    Lead,
    Written(Result<(), StoreError>),
}

#[derive(Default)]
struct Line {
    waiting: VecDeque<Turn>,
    led: bool,
}

/// What a transaction has come to.
#[derive(Default)]
struct Written {
    rings: Vec<Ring>,
    is_something: bool,
}

/// The one writer of the database.
pub struct Pen {
    connection: Mutex<Connection>,
    line: Mutex<Line>,
    clock: Arc<dyn Clock>,
    bells: Arc<Bells>,
    health: Arc<Health>,
}

impl Pen {
    /// A pen that writes through this connection.
    pub fn new(
        connection: Connection,
        clock: Arc<dyn Clock>,
        bells: Arc<Bells>,
        health: Arc<Health>,
    ) -> Self {
        Self { connection: Mutex::new(connection), line: Mutex::default(), clock, bells, health }
    }

    /// Runs a deed and returns when its commit is on disk. A deed that returns
    /// an error leaves no trace.
    pub fn write<T, E>(
        &self,
        deed: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let result = Arc::new(Mutex::new(None));
        let put = Arc::clone(&result);
        let deed: Deed = Box::new(move |tx| {
            let outcome = catch_unwind(AssertUnwindSafe(|| deed(tx)));
            let keep = matches!(outcome, Ok(Ok(_)));
            *lock(&put) = Some(outcome);
            keep
        });
        // Two places: a call to lead, and the result.
        let (call, called) = sync_channel(2);
        self.stand_in_line(Turn { deed, call });
        self.await_result(&called)?;
        let outcome: Option<thread::Result<Result<T, E>>> = lock(&result).take();
        match outcome.expect("a deed that was written has left its result") {
            Ok(outcome) => outcome,
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Runs a statement outside any transaction, such as a checkpoint.
    pub fn maintain(&self, sql: &str) -> Result<(), StoreError> {
        Ok(lock(&self.connection).execute_batch(sql)?)
    }

    fn stand_in_line(&self, turn: Turn) {
        let mut line = lock(&self.line);
        if !line.led {
            line.led = true;
            call(&turn, Call::Lead);
        }
        line.waiting.push_back(turn);
    }

    fn await_result(&self, called: &Receiver<Call>) -> Result<(), StoreError> {
        loop {
            match called.recv() {
                Ok(Call::Lead) => self.lead(),
                Ok(Call::Written(result)) => return result,
                Err(_) => return Err(StoreError::new(Trouble::Other, "the pen was dropped")),
            }
        }
    }

    /// Writes what waits now, this thread's own deed among it, then passes the lead on.
    fn lead(&self) {
        let mut connection = lock(&self.connection);
        let batch: Vec<Turn> = {
            let mut line = lock(&self.line);
            let size = line.waiting.len().min(BATCH);
            line.waiting.drain(..size).collect()
        };
        let (deeds, calls): (Vec<Deed>, Vec<SyncSender<Call>>) =
            batch.into_iter().map(|turn| (turn.deed, turn.call)).unzip();
        let written = self.commit(&mut connection, deeds);
        if let Err(error) = &written {
            self.health.failed(error);
        }
        drop(connection);
        self.pass_the_lead();
        let result =
            written.map(|rings| rings.iter().for_each(|name| self.bells.get(*name).ring()));
        for call in calls {
            // A thread that is gone needs no result.
            let _ = call.try_send(Call::Written(result.clone()));
        }
    }

    fn pass_the_lead(&self) {
        let mut line = lock(&self.line);
        match line.waiting.front() {
            Some(next) => call(next, Call::Lead),
            None => line.led = false,
        }
    }

    /// One transaction for all deeds; the bells to ring when it is on disk.
    fn commit(
        &self,
        connection: &mut Connection,
        deeds: Vec<Deed>,
    ) -> Result<Vec<Ring>, StoreError> {
        connection.prepare_cached("begin immediate")?.execute([])?;
        let written = self.run(connection, deeds).and_then(|mut written| {
            connection.prepare_cached("commit")?.execute([])?;
            if log_pages(connection) >= LONG_LOG {
                written.rings.push(Ring::Log);
            }
            Ok(written)
        });
        if written.is_err() && !connection.is_autocommit() {
            connection.execute_batch("rollback")?;
        }
        let written = written?;
        if written.is_something {
            self.health.wrote();
        }
        Ok(written.rings)
    }

    fn run(&self, connection: &Connection, deeds: Vec<Deed>) -> Result<Written, StoreError> {
        let now = self.clock.now();
        let mut written = Written::default();
        for deed in deeds {
            connection.prepare_cached("savepoint deed")?.execute([])?;
            let (tx, before) = (Tx::new(connection, &self.health, now), connection.total_changes());
            let keep = deed(&tx);
            if connection.is_autocommit() {
                // A full disk or an I/O error has undone the whole transaction.
                return Err(StoreError::new(Trouble::Full, "the transaction was rolled back"));
            }
            if keep {
                written.is_something |= connection.total_changes() > before;
                written.rings.extend(tx.into_rings());
            } else {
                connection.prepare_cached("rollback to deed")?.execute([])?;
            }
            connection.prepare_cached("release deed")?.execute([])?;
        }
        written.rings.dedup();
        Ok(written)
    }
}

/// How many pages the write-ahead log has. What was committed stays so, whatever
/// becomes of this question: no answer counts as none.
fn log_pages(connection: &Connection) -> i64 {
    let asked = connection.prepare_cached("pragma wal_checkpoint(noop)");
    asked.and_then(|mut asked| asked.query_row([], |row| row.get(1))).unwrap_or(0)
}

fn call(turn: &Turn, call: Call) {
    // There is room for both calls, and a thread that is gone needs none.
    let _ = turn.call.try_send(call);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn pen() -> Arc<Pen> {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("create table t (n integer not null unique) strict").unwrap();
        Arc::new(Pen::new(connection, Arc::new(SystemClock), Arc::default(), Arc::default()))
    }

    fn put(pen: &Pen, n: i64) -> Result<(), StoreError> {
        pen.write(move |tx| tx.run("insert into t values (?)", [n]).map(drop))
    }

    fn sum(pen: &Pen) -> i64 {
        pen.write::<_, StoreError>(|tx| tx.one("select sum(n) from t", [], |row| row.get(0)))
            .unwrap()
    }

    #[test]
    fn many_threads_write_each_deed_once() {
        let pen = pen();
        thread::scope(|scope| {
            for thread in 0..20 {
                let pen = &pen;
                scope.spawn(move || (0..50).for_each(|i| put(pen, thread * 50 + i).unwrap()));
            }
        });
        assert_eq!(sum(&pen), (0..1000).sum::<i64>());
    }

    #[test]
    fn a_deed_that_fails_is_undone_alone() {
        let pen = pen();
        put(&pen, 1).unwrap();
        let failed = pen.write::<(), StoreError>(|tx| {
            tx.run("insert into t values (5)", [])?;
            tx.run("insert into t values (1)", []).map(drop)
        });
        assert!(failed.is_err());
        assert_eq!(sum(&pen), 1);
    }

    #[test]
    fn a_deed_that_panics_is_undone_and_panics_in_its_own_thread() {
        let pen = pen();
        let writer = Arc::clone(&pen);
        let panicked = thread::spawn(move || {
            writer.write::<(), StoreError>(|tx| {
                tx.run("insert into t values (5)", [])?;
                panic!("on purpose")
            })
        });
        assert!(panicked.join().is_err());
        put(&pen, 2).unwrap();
        assert_eq!(sum(&pen), 2);
    }

    #[test]
    fn a_failed_commit_is_everybodys_error_and_the_pen_goes_on() {
        let pen = pen();
        pen.maintain("pragma foreign_keys = on; create table u (t integer references t (n) deferrable initially deferred)")
            .unwrap();
        let failed =
            pen.write::<(), StoreError>(|tx| tx.run("insert into u values (9)", []).map(drop));
        assert!(failed.is_err());
        put(&pen, 3).unwrap();
        assert_eq!(sum(&pen), 3);
    }
}
