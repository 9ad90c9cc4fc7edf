//! Several people, and what must hold when they have been served.

use std::{path::Path, process::Command};

use reelbot::testing::{cli::memory_kib, sandbox::Person};

use crate::bot::Bot;
use crate::database::{audit, count};
use crate::servers::{Servers, count_button};

/// The most memory a bot may ever have had, in KiB: 64 MiB, and what a build without
/// optimisation and with symbols needs beside it.
const MOST_MEMORY: u64 = if cfg!(debug_assertions) { 96 << 10 } else { 64 << 10 };

/// A bot at work, and so many people with a script to order.
pub(super) fn bot_and_crowd(people: usize) -> (Servers, Bot, Vec<Person>) {
    let servers = Servers::open();
    let bot = start(command(&servers, &[]));
    let crowd = crowd(&servers, people);
    (servers, bot, crowd)
}

/// So many people with a script to order.
pub(super) fn crowd(servers: &Servers, people: usize) -> Vec<Person> {
    let crowd: Vec<_> =
        (0..people).map(|n| servers.telegram.person(&format!("Ann{n}"), "en")).collect();
    for person in &crowd {
        servers.chooses(person);
    }
    for person in &crowd {
        servers.message(person, "a script", |message| count_button(message, 3).is_some());
    }
    crowd
}

/// Each taps "3 videos". The bot may not have answered yet.
pub(super) fn all_order(servers: &Servers, crowd: &[Person]) {
    for person in crowd {
        servers.taps_count(person, 3);
    }
}

/// Each has three videos and the closing keyboard.
#[track_caller]
pub(super) fn all_are_served(servers: &Servers, crowd: &[Person]) {
    for person in crowd {
        servers.closes(person);
        assert_eq!(person.videos().len(), 3);
    }
}

/// Each paid once for three videos, no task was created in vain, and the books are in order.
#[track_caller]
pub(super) fn books_are_in_order(servers: &Servers, database: &Path, crowd: &[Person]) {
    audit(database);
    let orders = i64::try_from(crowd.len()).unwrap();
    assert_eq!(count(database, "select count(*) from orders"), orders);
    assert_eq!(count(database, "select sum(credits) from users"), orders * 47);
    assert_eq!(count(database, "select count(*) from lost_submissions"), 0);
    assert_eq!(count(database, "select max(attempt) from generation_jobs"), 1);
    assert_eq!(servers.kie.tasks().len(), crowd.len() * 3);
}

/// `reelbot run` with the log at its usual level, and some lines of the config changed.
pub(super) fn command(servers: &Servers, changes: &[(&str, &str)]) -> Command {
    let mut command = servers.command();
    command.env("RUST_LOG", "info");
    change(&servers.path("config.toml"), changes);
    command
}

/// Changes lines of the config that is there.
pub(super) fn change(config: &Path, changes: &[(&str, &str)]) {
    let mut text = std::fs::read_to_string(config).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old} is not in {text}");
        text = text.replace(old, new);
    }
    std::fs::write(config, text).unwrap();
}

/// The bot, up and running.
pub(super) fn start(command: Command) -> Bot {
    let bot = Bot::start(command);
    bot.logs("reelbot runs");
    bot
}

/// A log has this exactly so many times, and few other warnings.
#[track_caller]
pub(super) fn logged(log: &str, words: &str, times: usize) {
    assert_eq!(log.matches(words).count(), times, "{words}:\n{log}");
    let bad = log.lines().filter(|line| line.contains(" WARN ") || line.contains(" ERROR "));
    // These are about the config of the stories, which knows no haste.
    let bad = bad.filter(|line| !line.contains("the config may not be what was meant"));
    assert!(bad.count() <= 6, "a flood of lines:\n{log}");
    assert!(!log.contains("panicked"), "{log}");
}

/// Each has three videos, the books are in order, and the bot ends without having taken too much
/// memory; returns its log.
#[track_caller]
pub(super) fn ends_well(servers: &Servers, bot: Bot, crowd: &[Person]) -> String {
    all_are_served(servers, crowd);
    let log = ends_small(bot);
    books_are_in_order(servers, &servers.database(), crowd);
    log
}

/// Stops the bot, which never had more memory than it may have; returns its log.
#[track_caller]
pub(super) fn ends_small(bot: Bot) -> String {
    let peak = memory_kib(bot.pid(), "VmHWM").unwrap();
    eprintln!("the most memory it had: {} MiB", peak >> 10);
    assert!(peak < MOST_MEMORY, "{peak} KiB");
    bot.stop()
}
