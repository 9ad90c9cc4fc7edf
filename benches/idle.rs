//! What the bot costs while nobody writes: processor time and wake-ups, thread by
//! thread. The bot is a process of its own, the stand-ins are here.

#![expect(clippy::cast_precision_loss, reason = "counts are small")]

mod common;

use std::{
    collections::BTreeMap,
    fs,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use reelbot::testing::{
    app::runtime,
    clock::SystemClock,
    config::Config,
    sandbox::{Behaviour, Stage},
};

use crate::common::{bot::Bot, verdict};

/// How long the bot is left alone first, and how long it is then watched.
const SETTLE: Duration = Duration::from_secs(12);
const WATCH: Duration = Duration::from_mins(1);

/// Of one core, in percent (issue 3).
const GOAL: f64 = 0.5;

/// tokio's threads: they wait for the outside, and wake when it answers.
const OUTSIDE: &str = "tokio-rt-worker";

fn main() {
    let folder = common::folder();
    common::print_machine(folder.path());
    let outside = runtime().expect("threads for the stand-ins");
    let behaviour = Behaviour::steady(Duration::from_mins(3));
    let stage = outside.block_on(Stage::set(Arc::new(SystemClock), behaviour)).expect("loopback");
    let plan = stage.plan(Config::default(), &folder.path().join("reelbot.db"));
    stage.bring_key(&plan).expect("a new database takes a key");
    let bot = Bot::start(folder.path(), &plan);
    common::patiently("the bot", || stage.telegram.read(|state| state.poller > 0));
    sleep(SETTLE);
    let (before, began) = (threads(&bot), Instant::now());
    sleep(WATCH);
    let (after, seconds) = (threads(&bot), began.elapsed().as_secs_f64());
    report(&before, &after, seconds, plan.config.workers.idle_wait);
}

/// What the kernel counted of one thread.
#[derive(Clone)]
struct Thread {
    name: String,
    wakes: u64,
    nanos: u64,
}

/// The bot's threads by their numbers.
fn threads(bot: &Bot) -> BTreeMap<String, Thread> {
    let tasks = format!("/proc/{}/task", bot.id());
    let entries = fs::read_dir(&tasks).expect("the bot runs");
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let read = |number: String| {
        let task = format!("{tasks}/{number}");
        let status = |field| common::field(&format!("{task}/status"), field);
        let nanos = fs::read_to_string(format!("{task}/schedstat")).ok()?;
        let thread = Thread {
            name: status("Name")?,
            wakes: status("voluntary_ctxt_switches")?.parse().ok()?,
            nanos: nanos.split(' ').next()?.parse().ok()?,
        };
        Some((number, thread))
    };
    numbers.filter_map(read).collect()
}

/// Threads of one kind, while they were watched.
#[derive(Default)]
struct Kind {
    threads: usize,
    wakes: u64,
    most: u64,
    nanos: u64,
}

fn report(
    before: &BTreeMap<String, Thread>,
    after: &BTreeMap<String, Thread>,
    seconds: f64,
    idle_wait: Duration,
) {
    let mut kinds: BTreeMap<String, Kind> = BTreeMap::new();
    for (number, now) in after {
        let (wakes, nanos) = before.get(number).map_or((0, 0), |then| (then.wakes, then.nanos));
        let name = now.name.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit());
        let kind = kinds.entry(name.to_owned()).or_default();
        kind.threads += 1;
        kind.wakes += now.wakes - wakes;
        kind.most = kind.most.max(now.wakes - wakes);
        kind.nanos += now.nanos - nanos;
    }
    println!("idle         for {seconds:.0} s, by kind of thread");
    for (name, kind) in &kinds {
        println!(
            "  {name:<16} {:>3} threads, {:>6.2} wake-ups a second, most of one thread {:>3}; \
             {:>6.3} % of a core",
            kind.threads,
            kind.wakes as f64 / seconds,
            kind.most,
            share(kind.nanos, seconds),
        );
    }
    let cpu = share(kinds.values().map(|kind| kind.nanos).sum(), seconds);
    println!("processor    {cpu:.3} % of a core; goal {GOAL} %: {}", verdict(cpu < GOAL));
    let inside = kinds.iter().filter(|(name, _)| *name != OUTSIDE);
    let most = inside.map(|(_, kind)| kind.most).max().unwrap_or(0);
    let every = seconds / most as f64;
    println!(
        "wake-ups     no thread of the bot more often than every {every:.1} s; goal idle_wait, \
         {} s: {}",
        idle_wait.as_secs(),
        verdict(every >= 0.9 * idle_wait.as_secs_f64())
    );
}

fn share(nanos: u64, seconds: f64) -> f64 {
    nanos as f64 / 1e9 / seconds * 100.0
}
