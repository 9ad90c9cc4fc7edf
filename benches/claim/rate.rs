//! How many claims with their records 20 threads make in a second at
//! `synchronous = FULL`: through the writer, in a bare group-commit loop, and with
//! a mutex around a transaction for each operation.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use reelbot::testing::{
    actions::Rules,
    clock::SystemClock,
    config::Config,
    domain::{Clock, Progress},
    store::Db,
    worker::{Done, Keyring, StepOutcome, settle},
};
use rusqlite::Connection;

use crate::common::{cpu_seconds, disk_pace, median, percentile, verdict};
use crate::depth::claim;
use crate::fill::{Fill, database};

const THREADS: usize = 20;

/// How long each of the three is measured in a round, and how many rounds there are.
const SPAN: Duration = Duration::from_secs(3);
const ROUNDS: usize = 3;

/// Tasks that are polled, over and over.
const TASKS: i64 = 3000;

/// The time between two polls of a task: short, so that there is always one due.
const INTERVAL: Duration = Duration::from_millis(1);

/// The most operations in one commit of the bare loop, as in the writer.
const BATCH: usize = 64;

/// The bare statements: the claim of one row by its partial index, and its record.
const CLAIM: &str = "update generation_jobs set fence = fence + 1, claimed_until = ?1
    where id = (select id from generation_jobs
                where step = 'poll' and claimed_until is null and key_id = 1 and due_at <= ?1
                order by due_at limit 1)
    returning id, fence, (select prompt from orders where orders.id = order_id), task_id";
const RECORD: &str = "update generation_jobs set due_at = ?2, claimed_until = null
    where id = ?1 and claimed_until is not null";

/// The goal for the 99th percentile, in milliseconds (issue 3).
const P99: f64 = 2.0;

/// Measures and prints.
pub(crate) fn measure(folder: &Path) {
    let fill = Fill { rendering: TASKS, ..Fill::default() };
    let paths = ["writer", "bare", "mutex"].map(|name| database(folder, name, fill));
    let (mut writers, mut bares, mut mutexes) = (Vec::new(), Vec::new(), Vec::new());
    let mut costs = [Vec::new(), Vec::new()];
    let mut tails = Vec::new();
    let mut disks = Vec::new();
    for _ in 0..ROUNDS {
        disks.push(disk_pace(folder));
        let cpu = cpu_seconds("self");
        let (rate, tail) = writer(&paths[0]);
        let between = cpu_seconds("self");
        writers.push(rate);
        tails.push(tail);
        bares.push(bare(&paths[1]));
        let pairs = |rates: &[f64]| rates[rates.len() - 1] * SPAN.as_secs_f64();
        costs[0].push((between - cpu) / pairs(&writers) * 1e6);
        costs[1].push((cpu_seconds("self") - between) / pairs(&bares) * 1e6);
        mutexes.push(mutex(&paths[2]));
    }
    let middle = [writers, bares, mutexes].map(median);
    let [ours, bare, mutex] = middle;
    println!(
        "rate         claim + record with {THREADS} threads at synchronous = FULL, median of {ROUNDS} \
         rounds; disk {:.0} syncs a second",
        median(disks)
    );
    let tail = median(tails) * 1e3;
    let [cost, least] = costs.map(median);
    println!(
        "  the writer              {ours:>7.0} a second, p99 {tail:.2} ms, goal {P99} ms: {}",
        verdict(tail < P99)
    );
    println!(
        "  bare group commit    {bare:>7.0} a second: the writer has {:.0} % of it, goal 70 %: {}",
        100.0 * ours / bare,
        verdict(ours >= 0.7 * bare)
    );
    println!("  processor for a pair {cost:>7.1} µs; bare {least:.1} µs");
    println!(
        "  mutex, one by one    {mutex:>7.0} a second: the writer has {:.1} × of it, goal 5 ×: {}",
        ours / mutex,
        verdict(ours >= 5.0 * mutex)
    );
}

/// The bot's own way. Returns pairs a second and the 99th percentile in seconds.
fn writer(path: &Path) -> (f64, f64) {
    let db = Db::open(path, Arc::new(SystemClock)).expect("the database opens");
    let mut config = Config::default();
    config.kie.polls_per_second = 1_000_000.0;
    config.kie.poll_interval = INTERVAL;
    let (rules, keyring) = (Arc::new(Rules::new(&config)), Arc::new(Keyring::new(&[])));
    let times = Mutex::new(Vec::new());
    let rate = threads(|stop| {
        let (mut done, mut own) = (None, Vec::new());
        while !stop.load(Ordering::Relaxed) {
            let began = Instant::now();
            let (rules, keyring) = (Arc::clone(&rules), Arc::clone(&keyring));
            let work = db.write(move |tx| {
                if let Some(done) = &done {
                    settle(tx, &rules, &keyring, done)?;
                }
                claim(tx, &rules, &keyring)
            });
            let work = work.expect("the database works").expect("there is work");
            done = Some(Done { step: work, outcome: StepOutcome::Poll(Ok(Progress::Running)) });
            own.push(began.elapsed().as_secs_f64());
        }
        let count = own.len();
        times.lock().expect("nobody panicked").extend(own);
        count
    });
    (rate, percentile(times.into_inner().expect("nobody panicked"), 99))
}

/// A writer thread that drains a channel and commits what it found.
fn bare(path: &Path) -> f64 {
    let connection = open(path);
    let (requests, queue) = sync_channel::<(Option<i64>, SyncSender<i64>)>(THREADS);
    let writer = thread::spawn(move || write(&connection, &queue));
    let rate = threads(|stop| {
        let (reply, replies) = sync_channel(1);
        let (mut held, mut count) = (None, 0);
        while !stop.load(Ordering::Relaxed) {
            requests.send((held, reply.clone())).expect("the writer listens");
            held = Some(replies.recv().expect("the writer answers"));
            count += 1;
        }
        count
    });
    drop(requests);
    writer.join().expect("the writer ends");
    rate
}

fn write(connection: &Connection, queue: &Receiver<(Option<i64>, SyncSender<i64>)>) {
    while let Ok(first) = queue.recv() {
        let batch: Vec<_> =
            std::iter::once(first).chain(queue.try_iter().take(BATCH - 1)).collect();
        run(connection, "begin immediate");
        let now = SystemClock.now().0;
        let held: Vec<i64> = batch
            .iter()
            .map(|(held, _)| {
                if let Some(id) = held {
                    record(connection, *id, now);
                }
                bare_claim(connection, now)
            })
            .collect();
        run(connection, "commit");
        for ((_, reply), id) in batch.iter().zip(held) {
            // A thread whose time is over has dropped its receiver.
            let _ = reply.send(id);
        }
    }
}

/// A mutex around a connection; the claim and the record are a transaction each.
fn mutex(path: &Path) -> f64 {
    let connection = Mutex::new(open(path));
    threads(|stop| {
        let mut count = 0;
        while !stop.load(Ordering::Relaxed) {
            let id = alone(&connection, bare_claim);
            alone(&connection, |connection, now| record(connection, id, now));
            count += 1;
        }
        count
    })
}

fn alone<T>(connection: &Mutex<Connection>, action: impl FnOnce(&Connection, i64) -> T) -> T {
    let connection = connection.lock().expect("nobody panicked");
    run(&connection, "begin immediate");
    let result = action(&connection, SystemClock.now().0);
    run(&connection, "commit");
    result
}

fn bare_claim(connection: &Connection, now: i64) -> i64 {
    let mut statement = connection.prepare_cached(CLAIM).expect("SQL");
    let row = statement.query_row([now], |row| {
        let (_prompt, _task): (String, String) = (row.get(2)?, row.get(3)?);
        row.get(0)
    });
    row.expect("there is work")
}

fn record(connection: &Connection, id: i64, now: i64) {
    let mut statement = connection.prepare_cached(RECORD).expect("SQL");
    statement.execute((id, now + 1)).expect("the database works");
}

fn run(connection: &Connection, sql: &str) {
    connection.prepare_cached(sql).expect("SQL").execute([]).expect("the database works");
}

fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("the database opens");
    let pragmas = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
                   pragma cache_size = -4000";
    connection.execute_batch(pragmas).expect("pragmas");
    connection
}

/// Runs a loop in all threads for [`SPAN`]; returns what they did in a second.
fn threads(work: impl Fn(&AtomicBool) -> usize + Sync) -> f64 {
    let stop = AtomicBool::new(false);
    let began = Instant::now();
    let count: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| work(&stop))).collect();
        thread::sleep(SPAN);
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().expect("a thread works")).sum()
    });
    count as f64 / began.elapsed().as_secs_f64()
}
