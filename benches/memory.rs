//! What 3,000 jobs in flight cost in memory: the bot is a process of its own,
//! the stand-ins are here. 1,000 people order 3 videos each.

mod common;

use std::{
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use reelbot::testing::{
    app::runtime,
    cli::memory_kib,
    clock::SystemClock,
    config::Config,
    domain::Credits,
    sandbox::{Behaviour, KieStandIn, Stage, TaskSeen, TaskState},
};

use crate::common::bot::Bot;

const PEOPLE: usize = 1000;
const VIDEOS: usize = 3;

/// Long enough for all tasks to be created before the first is done.
const RENDER: Duration = Duration::from_mins(3);

/// How long the memory is watched with everything in flight.
const WATCH: Duration = Duration::from_secs(30);

/// Resident, in MiB (issue 2).
const GOAL: f64 = 64.0;

fn main() {
    let folder = common::folder();
    common::print_machine(folder.path());
    let outside = runtime().expect("threads for the stand-ins");
    let behaviour = Behaviour::steady(RENDER).without_limits();
    let stage = outside.block_on(Stage::set(Arc::new(SystemClock), behaviour)).expect("loopback");
    let plan = stage.plan(config(), &folder.path().join("reelbot.db"));
    stage.bring_key(&plan).expect("a new database takes a key");
    let bot = Bot::start(folder.path(), &plan);
    let crowd = common::Crowd::of(&stage.telegram, PEOPLE);
    common::patiently("the bot", || stage.telegram.calls_of("getUpdates").len() > 1);
    print_memory(&bot, "idle");
    crowd.prepares();
    print_memory(&bot, "after 1,000 photos and scripts");
    crowd.orders(VIDEOS);
    let jobs = PEOPLE * VIDEOS;
    let began = Instant::now();
    common::patiently("all tasks", || stage.kie.calls().create >= jobs as u64);
    println!("             {jobs} tasks created in {:.0} s", began.elapsed().as_secs_f64());
    sleep(WATCH);
    let open = in_flight(&stage.kie);
    print_memory(&bot, &format!("with {open} tasks in flight"));
    assert_eq!(open, jobs, "the renders are too short for this machine");
    crowd.has_all(VIDEOS);
    print_memory(&bot, "all delivered");
    let most = memory(&bot, "VmHWM");
    println!(
        "most         {most:.1} MiB over the whole run; goal {GOAL} MiB: {}",
        common::verdict(most < GOAL)
    );
}

fn in_flight(kie: &KieStandIn) -> usize {
    let is_open = |task: &&TaskSeen| !matches!(task.state, TaskState::Success | TaskState::Fail);
    kie.tasks().iter().filter(is_open).count()
}

/// Prints what the bot's memory is now.
fn print_memory(bot: &Bot, when: &str) {
    println!(
        "resident     {:.1} MiB {when} (anonymous {:.1}, file {:.1}; most so far {:.1}; {} threads)",
        memory(bot, "VmRSS"),
        memory(bot, "RssAnon"),
        memory(bot, "RssFile"),
        memory(bot, "VmHWM"),
        common::field(&format!("/proc/{}/status", bot.id()), "Threads").unwrap_or_default(),
    );
}

/// A figure of the kernel's, in MiB.
fn memory(bot: &Bot, name: &str) -> f64 {
    let kib = memory_kib(bot.id(), name).and_then(|kib| u32::try_from(kib).ok());
    f64::from(kib.expect("the bot runs, and the kernel tells its memory")) / 1024.0
}

/// Limits far away, so that 3,000 tasks are soon in flight.
fn config() -> Config {
    let mut config = Config::default();
    config.telegram.messages_per_second = 1000.0;
    config.telegram.messages_per_second_per_chat = 1000.0;
    config.kie.poll_interval = Duration::from_secs(10);
    config.kie.creates_per_10s = 10_000;
    config.kie.in_flight = 100_000;
    config.kie.polls_per_second = 10_000.0;
    config.credits.welcome = Credits(5);
    config
}
