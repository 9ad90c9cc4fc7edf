//! A claim with its record, with nothing else in the database, with a million
//! finished jobs and with a hundred thousand waiting ones; in turn, in one run.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use reelbot::testing::{
    actions::{Delivery, Rules, Submission},
    clock::ManualClock,
    config::Config,
    domain::{Progress, Step, Timestamp},
    store::{Claimed, ClaimedStep, Db, StoreError, Tx, queue},
    worker::{Done, Keyring, StepOutcome, settle},
};

use crate::common::{median, verdict};
use crate::fill::{Fill, START, database};

/// Rounds that count, after one that only warms the caches.
const ROUNDS: usize = 31;

/// Jobs that are carried from submission to delivery in a round: few, so that
/// the databases take turns quickly and a busy moment of the machine meets all.
const JOBS: usize = 50;

/// How much more a claim may cost in a full database (issue 2).
const GOAL: f64 = 1.2;

/// Measures and prints.
pub(crate) fn measure(folder: &Path) {
    let few = i64::try_from((ROUNDS + 2) * JOBS).expect("small");
    let begun = Instant::now();
    let mut sides = [
        Side::new(folder, "empty", Fill { waiting: few, ..Fill::default() }),
        Side::new(
            folder,
            "finished",
            Fill { waiting: few, finished_orders: 200_000, rendering: 0 },
        ),
        Side::new(folder, "waiting", Fill { waiting: 100_000, ..Fill::default() }),
    ];
    println!(
        "filled       1,000,000 finished and 100,000 waiting jobs in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    for round in 0..=ROUNDS {
        for side in &mut sides {
            let cpu = cpu_of_thread();
            let timed = side.round();
            if round > 0 {
                side.cpu.push((cpu_of_thread() - cpu) / timed.len() as f64);
                side.actions.push(median(timed.iter().map(|time| time.0)));
                side.writes.push(median(timed.iter().map(|time| time.1)));
            }
        }
    }
    println!(
        "claim        with the record before it: median of {ROUNDS} rounds of {} each, in turn",
        3 * JOBS
    );
    let figures = sides.map(|side| [side.actions, side.cpu, side.writes].map(median));
    for (name, own) in
        ["nothing else", "1,000,000 finished", "100,000 waiting"].into_iter().zip(figures)
    {
        let times = |n: usize| own[n] / figures[0][n];
        println!(
            "  {name:<20} {:>6.1} µs ({:.2} ×) in the transaction; processor {:>6.1} µs ({:.2} ×) and \
             time {:>7.1} µs ({:.2} ×) with the commit: {}",
            own[0] * 1e6,
            times(0),
            own[1] * 1e6,
            times(1),
            own[2] * 1e6,
            times(2),
            verdict(times(0) <= GOAL),
        );
    }
}

/// Seconds that this thread was on a processor, as the scheduler counts them.
fn cpu_of_thread() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanos.unwrap_or(f64::NAN) / 1e9
}

/// One database under measurement.
struct Side {
    db: Db,
    clock: Arc<ManualClock>,
    free: Arc<Rules>,
    closed: Arc<Rules>,
    keyring: Arc<Keyring>,
    tasks: usize,
    cpu: Vec<f64>,
    actions: Vec<f64>,
    writes: Vec<f64>,
}

impl Side {
    fn new(folder: &Path, name: &str, fill: Fill) -> Self {
        let path = database(folder, name, fill);
        let clock = Arc::new(ManualClock::at(Timestamp(START) + Duration::from_hours(24)));
        let db = Db::open(&path, clock.clone()).expect("the database opens");
        let mut config = Config::default();
        config.kie.creates_per_10s = 10_000;
        config.kie.in_flight = 10_000;
        config.kie.polls_per_second = 10_000.0;
        let free = Arc::new(Rules::new(&config));
        config.kie.in_flight = 0;
        let closed = Arc::new(Rules::new(&config));
        Self {
            db,
            clock,
            free,
            closed,
            keyring: Arc::new(Keyring::new(&[])),
            tasks: 0,
            cpu: Vec::new(),
            actions: Vec::new(),
            writes: Vec::new(),
        }
    }

    /// Carries [`JOBS`] jobs to their ends: all are submitted, then, with KIE
    /// full, polled and delivered. Returns the time of each claim in its
    /// transaction, and with the commit, in seconds.
    fn round(&mut self) -> Vec<(f64, f64)> {
        let mut times = Vec::with_capacity(3 * JOBS);
        for (steps, full) in [(JOBS, false), (2 * JOBS, true)] {
            let mut done = None;
            for _ in 0..steps {
                let (work, time) = self.turn(done.take(), full);
                times.push(time);
                done = Some(self.play(work.expect("there is work")));
            }
            self.settle_last(done);
            self.clock.advance(Duration::from_mins(15));
        }
        times
    }

    fn turn(&self, done: Option<Done>, full: bool) -> (Option<Box<ClaimedStep>>, (f64, f64)) {
        let rules = Arc::clone(if full { &self.closed } else { &self.free });
        let keyring = Arc::clone(&self.keyring);
        let asked = Instant::now();
        let (work, action) = self
            .db
            .write(move |tx| {
                let began = Instant::now();
                if let Some(done) = &done {
                    settle(tx, &rules, &keyring, done)?;
                }
                let work = claim(tx, &rules, &keyring)?;
                Ok((work, began.elapsed().as_secs_f64()))
            })
            .expect("the database works");
        (work, (action, asked.elapsed().as_secs_f64()))
    }

    /// Everything goes well.
    fn play(&mut self, work: Box<ClaimedStep>) -> Done {
        let outcome = match work.step {
            Step::Submit => {
                self.tasks += 1;
                StepOutcome::Submit(Submission::Task(format!("new{}", self.tasks)))
            }
            Step::Poll => {
                StepOutcome::Poll(Ok(Progress::Done { url: "http://127.0.0.1/video".to_owned() }))
            }
            Step::Deliver => StepOutcome::Deliver(Delivery::Sent(Some("video".to_owned()))),
        };
        Done { step: work, outcome }
    }

    fn settle_last(&self, done: Option<Done>) {
        let (rules, keyring) = (Arc::clone(&self.free), Arc::clone(&self.keyring));
        let settle_it =
            move |tx: &Tx<'_>| done.iter().try_for_each(|done| settle(tx, &rules, &keyring, done));
        let settled = self.db.write(settle_it);
        settled.expect("the database works");
    }
}

/// A claim as a worker makes it.
pub(crate) fn claim(
    tx: &Tx<'_>,
    rules: &Rules,
    keyring: &Keyring,
) -> Result<Option<Box<ClaimedStep>>, StoreError> {
    let available = keyring.available(rules, tx, tx.now)?;
    match queue::claim(tx, &available.capacity)? {
        Claimed::Step(work) => {
            keyring.count(tx, &work, tx.now)?;
            Ok(Some(work))
        }
        Claimed::Nothing(_) => Ok(None),
    }
}
