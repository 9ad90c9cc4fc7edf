//! How long a finished video waits before it is sent: from the end of its render to sendVideo, in
//! real time, at KIE's real limits, with so many renders always under way on each key.

#![expect(clippy::cast_precision_loss, reason = "counts are small")]

mod common;

use std::{
    collections::HashMap,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use reelbot::testing::{
    app::{App, runtime},
    clock::SystemClock,
    config::Config,
    domain::Timestamp,
    sandbox::{Behaviour, RenderOutcome, Stage, random_bits},
    store::report,
};

/// No render is quicker.
const QUICKEST: Duration = Duration::from_secs(30);

/// Half of the renders take no longer than this in addition.
const USUAL: Duration = Duration::from_secs(18);

/// None takes longer in addition: ten times as long as the quickest in all.
const SLOWEST: Duration = Duration::from_secs(270);

/// Renders under way on one key, keys, orders of one video, and the goals: seconds at p50 and at
/// p99 (issue 9). Several keys give more figures in the same time.
const LOADS: [(u32, usize, usize, f64, Option<f64>); 2] =
    [(30, 4, 560, 1.5, Some(4.0)), (100, 1, 560, 12.0, None)];

/// So many renders are known before it counts.
const KNOWN: usize = 120;

fn main() {
    let folder = common::folder();
    common::print_machine(folder.path());
    println!("renders      {}", spread());
    for (in_flight, keys, orders, p50, p99) in LOADS {
        let config = config(in_flight);
        let database = folder.path().join(format!("{in_flight}.db"));
        let measured = serve(config, keys, orders, &database);
        report(in_flight, keys, &measured, p50, p99);
    }
}

/// What one load came to.
struct Measured {
    /// Seconds from the end of a render to sendVideo.
    lags: Vec<f64>,
    /// Polls a second with one key.
    polls: f64,
    /// Polls that KIE refused because they were too many.
    refused: u64,
}

fn serve(config: Config, keys: usize, orders: usize, database: &Path) -> Measured {
    let outside = runtime().expect("threads for the stand-ins");
    let behaviour = Behaviour::steady(QUICKEST);
    let stage = outside.block_on(Stage::set(Arc::new(SystemClock), behaviour)).expect("loopback");
    stage.kie.script((0..orders).map(|number| {
        let millis = u64::try_from(excess(number).as_millis()).unwrap_or(u64::MAX);
        RenderOutcome::LateBy { millis }
    }));
    let plan = stage.plan(config, database);
    stage.bring_accounts(&plan, keys).expect("a new database takes keys");
    let app = App::open(&plan, |end| panic!("turned away: {end}")).expect("the bot starts");
    let crowd = common::Crowd::of(&stage.telegram, orders);
    crowd.prepares();
    let (began, before) = (Instant::now(), stage.kie.calls());
    crowd.orders(1);
    common::patiently("the tasks", || stage.kie.tasks().len() == orders);
    let (took, calls) = (began.elapsed().as_secs_f64(), stage.kie.calls());
    // The last ones are under way with fewer beside them, and do not count.
    let counted = counted(&stage, stage.now());
    let polls = (calls.record - before.record) as f64 / took / keys as f64;
    let lags = lags(&stage, &app, &counted);
    let refused = stage.kie.calls().limited;
    app.close(Duration::from_secs(5));
    Measured { lags, polls, refused }
}

/// The tasks whose renders end when enough others are known, and before `end`; with that time.
fn counted(stage: &Stage, end: Timestamp) -> Vec<(String, Timestamp)> {
    let tasks = stage.kie.tasks();
    let mut ends: Vec<_> = tasks.iter().filter_map(|task| task.ends_at).collect();
    ends.sort_unstable();
    let counts = ends[KNOWN]..end;
    let ends = tasks.into_iter().filter_map(|task| Some((task.task_id, task.ends_at?)));
    ends.filter(|(_, at)| counts.contains(at)).collect()
}

/// From the end of each render to its sendVideo.
fn lags(stage: &Stage, app: &App, counted: &[(String, Timestamp)]) -> Vec<f64> {
    let jobs = app.db().read(|view| report::jobs(view, None, None, 10_000)).expect("the jobs");
    let people: HashMap<_, _> =
        jobs.into_iter().filter_map(|job| Some((job.task?, job.user))).collect();
    let mut lags = Vec::new();
    common::patiently("the videos", || {
        let sent = stage.telegram.calls_of("sendVideo");
        let sent: HashMap<_, _> = sent.iter().map(|call| (call.chat, call.at)).collect();
        let at = |task: &String| sent.get(&Some(people[task]));
        let lag = |(task, ended): &(String, Timestamp)| Some(at(task)?.since(*ended).as_secs_f64());
        lags = counted.iter().filter_map(lag).collect();
        lags.len() == counted.len()
    });
    lags
}

fn report(in_flight: u32, keys: usize, measured: &Measured, p50: f64, p99: Option<f64>) {
    let at = |hundredths| common::percentile(measured.lags.iter().copied(), hundredths);
    println!("{in_flight:>4} a key   {} videos, {keys} keys", measured.lags.len());
    println!("  p50        {:.2} s; goal {p50} s: {}", at(50), common::verdict(at(50) <= p50));
    let verdict = |goal: f64| format!("; goal {goal} s: {}", common::verdict(at(99) <= goal));
    println!("  p99        {:.2} s{}", at(99), p99.map(verdict).unwrap_or_default());
    println!(
        "  polls      {:.2} a second with a key, {} refused; goal 0: {}",
        measured.polls,
        measured.refused,
        common::verdict(measured.refused == 0)
    );
}

/// By how much a render exceeds the quickest: a log-logistic spread, as wide and as skewed as that
/// of real renders, of which the slowest take ten times as long as the quickest.
fn excess(number: usize) -> Duration {
    let bits = random_bits(7, number as u64) >> 11;
    let share = (bits as f64 + 0.5) / 2f64.powi(53);
    USUAL.mul_f64((share / (1.0 - share)).sqrt()).min(SLOWEST)
}

fn spread() -> String {
    let renders = (0..LOADS[0].2).map(|number| (QUICKEST + excess(number)).as_secs_f64());
    let at = |hundredths| common::percentile(renders.clone(), hundredths);
    let mean = renders.clone().sum::<f64>() / LOADS[0].2 as f64;
    format!(
        "{:.0} s at least, p10 {:.0}, p50 {:.0}, mean {mean:.0}, p90 {:.0}, p99 {:.0} s",
        QUICKEST.as_secs_f64(),
        at(10),
        at(50),
        at(90),
        at(99)
    )
}

/// KIE's own limits, and people with one video each.
fn config(in_flight: u32) -> Config {
    let mut config = Config::default();
    config.kie.in_flight = in_flight;
    config
}
