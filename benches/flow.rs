//! How long a crowd waits: 100 people, then 1,000, order 3 videos each at once; renders take
//! 5 seconds, polls come every half second, 20 workers carry all jobs.

#![expect(clippy::cast_precision_loss, reason = "counts are small")]

mod common;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use reelbot::testing::{
    app::{App, runtime},
    clock::SystemClock,
    config::Config,
    domain::Credits,
    sandbox::{Behaviour, Stage},
};

const VIDEOS: usize = 3;
const RENDER: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(500);

/// How many people, and how many seconds from the first order to the last video and closing
/// keyboard (issues 2 and 3).
const CROWDS: [(usize, f64); 2] = [(100, 15.0), (1000, 20.0)];

fn main() {
    let folder = common::folder();
    common::print_machine(folder.path());
    for (people, goal) in CROWDS {
        serve(people, goal, &folder.path().join(format!("{people}.db")));
    }
}

fn serve(people: usize, goal: f64, database: &Path) {
    let outside = runtime().expect("threads for the stand-ins");
    let behaviour = Behaviour::steady(RENDER).without_limits();
    let stage = outside.block_on(Stage::set(Arc::new(SystemClock), behaviour)).expect("loopback");
    let plan = stage.plan(config(), database);
    stage.bring_key(&plan).expect("a new database takes a key");
    let app = App::open(&plan, |end| panic!("turned away: {end}")).expect("the bot starts");
    let crowd = common::Crowd::of(&stage.telegram, people);
    let intake = Instant::now();
    crowd.prepares();
    println!("intake       {people} photos, ideas and scripts in {:.1} s", seconds(intake));

    let (began, cpu) = (Instant::now(), common::cpu_seconds("self"));
    crowd.orders(VIDEOS);
    crowd.has_all(VIDEOS);
    let (took, cpu) = (seconds(began), common::cpu_seconds("self") - cpu);
    let calls = stage.kie.calls();
    report(people * VIDEOS, goal, took, cpu, calls.create + calls.record);
    app.close(Duration::from_secs(5));
}

fn report(jobs: usize, goal: f64, took: f64, cpu: f64, calls: u64) {
    let workers = Config::default().workers.count;
    let waiting = jobs.div_ceil(workers) as f64 * (RENDER.as_secs_f64() + 0.13);
    let steps = calls + jobs as u64;
    println!("flow         {jobs} jobs of {} s on {workers} workers", RENDER.as_secs());
    println!(
        "took         {took:.1} s from first order to last keyboard; goal {goal} s: {}",
        common::verdict(took <= goal)
    );
    println!(
        "if waiting   {waiting:.0} s for workers that wait for their renders: {:.1} × as long",
        waiting / took
    );
    println!("steps        {steps} (submit, poll, deliver): {:.0} a second", steps as f64 / took);
    println!(
        "processor    {cpu:.1} s, bot and stand-ins together: {:.0} % of one core",
        100.0 * cpu / took
    );
}

/// Limits far away: what is measured is the engine.
fn config() -> Config {
    let mut config = Config::default();
    config.kie.poll_interval = POLL;
    config.kie.creates_per_10s = 10_000;
    config.kie.in_flight = 10_000;
    config.kie.polls_per_second = 10_000.0;
    config.telegram.messages_per_second = 1000.0;
    config.telegram.messages_per_second_per_chat = 1000.0;
    config.credits.welcome = Credits(5);
    config
}

fn seconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64()
}
