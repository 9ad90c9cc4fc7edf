//! How soon an idle worker takes up a job: the bot's own workers wait, one job becomes
//! due, and the time of the first call that its step makes outside is noted.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        mpsc::{Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use reelbot::testing::{
    chat::{Settings, Words},
    clock::SystemClock,
    config::Config,
    domain::{
        Courier, CourierError, DownloadError, Failure, FailureKind, FetchError, KeptVideo, Parcel,
        PhotoSource, PollError, Progress, Receipt, RenderRequest, Secret, SubmitError, Timestamp,
        UserId, VideoMaker, VideoSource,
    },
    service::Stop,
    store::{Db, Scratch, queue, submit_queue},
    worker::{Keyring, Ports, Worker, WorkerContext},
};
use rusqlite::Connection;

use crate::common::{patiently, percentile, verdict};
use crate::fill::{Fill, database};

/// How many jobs are added, one after the other.
const ROUNDS: i64 = 500;

/// How long the workers are left alone between two jobs.
const REST: Duration = Duration::from_millis(5);

/// For the median, in milliseconds (issue 3).
const GOAL: f64 = 2.0;

/// Measures and prints.
pub(crate) fn measure(folder: &Path) {
    let path = database(folder, "pickup", Fill { waiting: ROUNDS, ..Fill::default() });
    let config = config();
    make_wait(&path, &config.kie.model);
    let db = Arc::new(Db::open(&path, Arc::new(SystemClock)).expect("the database opens"));
    let (note, taken) = channel();
    let stop = Stop::new(&db.notifiers);
    let context = Arc::new(context(&db, &config, note, &stop));
    let (mut alone, mut whole) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        for _ in 0..config.workers.count {
            let worker = Worker::new(Arc::clone(&context));
            scope.spawn(move || worker.work());
        }
        for user in (1..=ROUNDS).map(UserId) {
            thread::sleep(REST);
            let began = Instant::now();
            let added = db.write(move |tx| submit_queue::promote(tx, user));
            let committed = Instant::now();
            added.expect("the database works");
            let taken: Instant = taken.recv().expect("a worker takes it up");
            alone.push(taken.saturating_duration_since(committed).as_secs_f64() * 1e3);
            whole.push(taken.duration_since(began).as_secs_f64() * 1e3);
            patiently("the settling", || nobody_holds_any(&db));
        }
        stop.set();
    });
    let middle = percentile(whole.clone(), 50);
    println!(
        "pickup       {ROUNDS} jobs, {} idle workers: from the call that adds a job to its step, \
         both commits in it",
        config.workers.count
    );
    println!(
        "  p50 {middle:.2} ms, p99 {:.2} ms; from the return of that call p50 {:.2} ms, p99 {:.2} ms; \
         goal p50 {GOAL} ms: {}",
        percentile(whole, 99),
        percentile(alone.clone(), 50),
        percentile(alone, 99),
        verdict(middle < GOAL)
    );
}

/// No limit stands in the way.
fn config() -> Config {
    let mut config = Config::default();
    config.kie.creates_per_10s = 10_000;
    config.kie.in_flight = 10_000;
    config
}

/// Jobs that are not in the submit queue yet, and photos that are still to be fetched.
fn make_wait(path: &Path, model: &str) {
    let connection = Connection::open(path).expect("it opens again");
    let jobs = "update generation_jobs set due_at = null, model = ?";
    connection.execute(jobs, [model]).expect("the rows keep the schema's rules");
    connection.execute("delete from photo_uploads", []).expect("the rows keep the schema's rules");
}

fn nobody_holds_any(db: &Db) -> bool {
    let now = db.clock.now();
    let held = db.read(|view| queue::claimed_before(view, now + Duration::from_hours(1), now));
    held.expect("the database works").is_empty()
}

fn context(db: &Arc<Db>, config: &Config, note: Sender<Instant>, stop: &Stop) -> WorkerContext {
    let ports = Ports {
        maker: Arc::new(Nobody),
        photos: Arc::new(Gone(Mutex::new(note))),
        videos: Arc::new(Nobody),
        courier: Arc::new(Nobody),
    };
    let keyring = Arc::new(Keyring::new(&[]));
    let settings = Settings::new(config, Words::shipped()).live();
    let workers = config.workers.count;
    let scratch = Scratch::sweep(db.path()).expect("the folder can be written");
    WorkerContext::new(Arc::clone(db), settings, workers, keyring, ports, scratch, stop.clone())
}

/// Every photo is gone: its job fails at once and makes room for the next.
struct Gone(Mutex<Sender<Instant>>);

impl PhotoSource for Gone {
    fn fetch(&self, _: &str, _: &Path) -> Result<(), FetchError> {
        let now = Instant::now();
        self.0.lock().expect("nobody panicked").send(now).expect("somebody listens");
        Err(FetchError::Gone("never there".to_owned()))
    }
}

/// Nobody gets as far as this.
struct Nobody;

fn nothing() -> Failure {
    Failure::new(FailureKind::Unknown, "nobody is here")
}

impl VideoMaker for Nobody {
    fn upload(&self, _: &Secret, _: &Path, _: &str) -> Result<String, Failure> {
        Err(nothing())
    }

    fn submit(&self, _: &Secret, _: &RenderRequest<'_>) -> Result<String, SubmitError> {
        Err(SubmitError::Refused(nothing()))
    }

    fn poll(&self, _: &Secret, _: &str) -> Result<Progress, PollError> {
        Err(PollError::Refused(nothing()))
    }

    fn download(&self, _: &Secret, _: &str, _: u64, _: &Path) -> Result<(), DownloadError> {
        Err(DownloadError::Gone("nobody is here".to_owned()))
    }

    fn balance(&self, _: &Secret) -> Result<f64, Failure> {
        Err(nothing())
    }

    fn probe(&self, _: &Secret, _: &str) -> bool {
        false
    }
}

impl Courier for Nobody {
    fn max_bytes(&self) -> u64 {
        0
    }

    fn ready_at(&self, _: UserId) -> Timestamp {
        Timestamp(0)
    }

    fn deliver(&self, _: &Parcel<'_>) -> Result<Receipt, CourierError> {
        Err(CourierError::Refused("nobody is here".to_owned()))
    }

    fn send_again(&self, _: &KeptVideo<'_>) -> Result<Receipt, CourierError> {
        Err(CourierError::Refused("nobody is here".to_owned()))
    }

    fn send_file(&self, _: UserId, _: &Path, _: &str, _: &str) -> Result<(), CourierError> {
        Err(CourierError::Refused("nobody is here".to_owned()))
    }
}

impl VideoSource for Nobody {
    fn fetch_video(&self, _: &str, _: &Path) -> Result<(), FetchError> {
        Err(FetchError::Gone("never there".to_owned()))
    }
}
