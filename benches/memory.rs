//! What 3,000 jobs in flight cost in memory: the bot is a process of its own,
//! the stand-ins are here. 1,000 people order 3 videos each.

mod common;

use std::fs;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;
use std::time::Instant;

use reelbot::clock::SystemClock;
use reelbot::config::settings::Config;
use reelbot::house::Plan;
use reelbot::house::runtime;
use reelbot::sandbox::kie::facts::Facts;
use reelbot::sandbox::kie::stand_in::Kie;
use reelbot::sandbox::kie::task::State;
use reelbot::sandbox::kie::task::TaskSeen;
use reelbot::sandbox::stage::Stage;

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
    let facts = Facts { creations: None, polls: None, under_way: None, ..Facts::steady(RENDER) };
    let stage = outside.block_on(Stage::set(Arc::new(SystemClock), facts)).expect("loopback");
    let plan = stage.plan(Config::default(), &folder.path().join("reelbot.db"));
    stage.bring_key(&plan).expect("a new database takes a key");
    let bot = Bot::start(folder.path(), &plan);
    let crowd = common::Crowd::of(&stage.telegram, PEOPLE);
    common::patiently("the bot", || stage.telegram.calls_of("getUpdates").len() > 1);
    bot.tell("idle");
    crowd.prepares();
    bot.tell("after 1,000 photos and scripts");
    crowd.orders(VIDEOS);
    let jobs = PEOPLE * VIDEOS;
    let began = Instant::now();
    common::patiently("all tasks", || stage.kie.calls().create >= jobs as u64);
    println!("             {jobs} tasks created in {:.0} s", began.elapsed().as_secs_f64());
    sleep(WATCH);
    let open = in_flight(&stage.kie);
    bot.tell(&format!("with {open} tasks in flight"));
    assert_eq!(open, jobs, "the renders are too short for this machine");
    crowd.has_all(VIDEOS);
    bot.tell("all delivered");
    let most = bot.memory("VmHWM");
    println!(
        "most         {most:.1} MiB over the whole run; goal {GOAL} MiB: {}",
        common::verdict(most < GOAL)
    );
}

fn in_flight(kie: &Kie) -> usize {
    let is_open = |task: &&TaskSeen| !matches!(task.state, State::Success | State::Fail);
    kie.tasks().iter().filter(is_open).count()
}

/// `reelbot run`; it ends with its handle.
struct Bot(Child);

impl Bot {
    fn start(folder: &Path, plan: &Plan) -> Self {
        let (telegram, kie, gpt) = (&plan.config.telegram, &plan.config.kie, &plan.config.gpt);
        let config = folder.join("config.toml");
        let text = format!(
            "[telegram]\napi_url = \"{}\"\nmessages_per_second = 1000\n\
             messages_per_second_per_chat = 1000\n\
             [database]\npath = \"reelbot.db\"\n\
             [kie]\napi_url = \"{}\"\nupload_url = \"{}\"\npoll_interval = \"10s\"\n\
             creates_per_10s = 10000\nin_flight = 100000\npolls_per_second = 10000\n\
             [gpt]\napi_url = \"{}\"\n[credits]\nwelcome = 5\n",
            telegram.api_url, kie.api_url, kie.upload_url, gpt.api_url,
        );
        fs::write(&config, text).expect("the folder can be written");
        let child = Command::new(env!("CARGO_BIN_EXE_reelbot"))
            .args(["run", "--config"])
            .arg(&config)
            .env("TELEGRAM_BOT_TOKEN", telegram.token.expose())
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .spawn();
        Self(child.expect("the bot starts"))
    }

    fn tell(&self, when: &str) {
        println!(
            "resident     {:.1} MiB {when} (anonymous {:.1}, file {:.1}; most so far {:.1}; {} threads)",
            self.memory("VmRSS"),
            self.memory("RssAnon"),
            self.memory("RssFile"),
            self.memory("VmHWM"),
            common::field(&self.status(), "Threads").unwrap_or_default(),
        );
    }

    /// A figure of the kernel's, in MiB.
    fn memory(&self, name: &str) -> f64 {
        let text = common::field(&self.status(), name).unwrap_or_default();
        let kib = text.split(' ').next().and_then(|number| number.parse::<f64>().ok());
        kib.expect("the bot runs, and the kernel tells its memory") / 1024.0
    }

    fn status(&self) -> String {
        format!("/proc/{}/status", self.0.id())
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // A bot that has ended by itself needs no end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
