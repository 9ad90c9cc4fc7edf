//! Several people, and what must be true of them when all is over.

use std::path::Path;
use std::process::Command;

use reelbot::sandbox::telegram::person::Person;

use crate::books::audit;
use crate::books::count;
use crate::child::Bot;
use crate::servers::Servers;
use crate::servers::button;

/// The most memory a bot may ever have had, in KiB: 64 MiB, and what a build without
/// optimisation and with symbols needs beside it.
const MOST_MEMORY: u64 = if cfg!(debug_assertions) { 96 << 10 } else { 64 << 10 };

/// People who know the bot and have a script before them.
pub fn crowd(servers: &Servers, people: usize) -> Vec<Person> {
    let crowd: Vec<_> =
        (0..people).map(|n| servers.telegram.person(&format!("Ann{n}"), "en")).collect();
    for person in &crowd {
        servers.chooses(person);
    }
    for person in &crowd {
        servers.message(person, "a script", |message| button(message, "o:", ":3").is_some());
    }
    crowd
}

/// Each taps "3 videos". Whether that is answered yet is another matter.
pub fn all_order(servers: &Servers, crowd: &[Person]) {
    for person in crowd {
        servers.tap(person, "o:", ":3");
    }
}

/// Each has three videos and the closing keyboard.
#[track_caller]
pub fn all_have_all(servers: &Servers, crowd: &[Person]) {
    for person in crowd {
        servers.closes(person);
        assert_eq!(person.videos().len(), 3);
    }
}

/// Each paid once for three videos, no task was made in vain, and the books are in order.
#[track_caller]
pub fn books_are_in_order(servers: &Servers, database: &Path, crowd: &[Person]) {
    audit(database);
    let orders = i64::try_from(crowd.len()).unwrap();
    assert_eq!(count(database, "select count(*) from orders"), orders);
    assert_eq!(count(database, "select sum(credits) from users"), orders * 47);
    assert_eq!(count(database, "select count(*) from lost_submissions"), 0);
    assert_eq!(count(database, "select max(attempt) from generation_jobs"), 1);
    assert_eq!(servers.kie.tasks().len(), crowd.len() * 3);
}

/// As the operator starts it: the log at its usual level, and some of the config's lines changed.
pub fn command(servers: &Servers, changes: &[(&str, &str)]) -> Command {
    let mut command = servers.command();
    command.env("RUST_LOG", "info");
    change(&servers.path("config.toml"), changes);
    command
}

/// Changes lines of the config that is there.
pub fn change(config: &Path, changes: &[(&str, &str)]) {
    let mut text = std::fs::read_to_string(config).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old} is not in {text}");
        text = text.replace(old, new);
    }
    std::fs::write(config, text).unwrap();
}

/// The bot, up and running.
pub fn start(command: Command) -> Bot {
    let bot = Bot::start(command);
    bot.says("reelbot runs");
    bot
}

/// It has said this exactly so often, and not much else that is bad.
#[track_caller]
pub fn has_said(said: &str, words: &str, times: usize) {
    assert_eq!(said.matches(words).count(), times, "{words}:\n{said}");
    let bad = said.lines().filter(|line| line.contains(" WARN ") || line.contains(" ERROR "));
    assert!(bad.count() <= 6, "a flood of lines:\n{said}");
    assert!(!said.contains("panicked"), "{said}");
}

/// It never had more memory than it may have.
#[track_caller]
pub fn stayed_small(bot: &Bot) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", bot.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    eprintln!("the most memory it had: {} MiB", peak >> 10);
    assert!(peak < MOST_MEMORY, "{peak} KiB");
}
