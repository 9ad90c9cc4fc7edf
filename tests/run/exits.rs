//! Runs that cannot go on: the exit code, the reason and what to do.

use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::Path,
    process::Command,
    sync::mpsc::channel,
    thread,
};

use rusqlite::Connection;

use crate::bot::Bot;
use crate::database::{audit, count};
use crate::servers::Servers;

/// The command ends with this code, and says why and what to do.
#[track_caller]
fn fails(command: Command, code: i32, error: &str, hint: &str) -> String {
    let (found, log) = Bot::start(command).ends();
    assert_eq!(found, code, "{log}");
    let line = |title: &str| log.lines().find(|line| line.starts_with(title)).unwrap_or_default();
    assert!(line("error:").contains(error), "{log}");
    assert!(line("hint:").contains(hint), "{log}");
    log
}

fn with(servers: &Servers, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = servers.command();
    command.env(name, value);
    command
}

#[test]
fn a_wrong_token_and_none_are_78() {
    let servers = Servers::open();
    let wrong = with(&servers, "TELEGRAM_BOT_TOKEN", "1:wrong");
    fails(wrong, 78, "does not accept the bot token", "@BotFather");
    let mut none = servers.command();
    none.env_remove("TELEGRAM_BOT_TOKEN");
    fails(none, 78, "there is no bot token", "TELEGRAM_BOT_TOKEN");
    for broken in ["1:", ":x", "no-colon", "1:a b", "1:a/../b", "1:a?b", "x1:abc"] {
        let log = fails(with(&servers, "TELEGRAM_BOT_TOKEN", broken), 78, "telegram.token", "");
        assert!(!log.contains("panicked"), "{log}");
    }
}

#[test]
fn a_config_that_cannot_be_read_is_78() {
    let servers = Servers::open();
    let folder = servers.path("folder.toml");
    fs::create_dir(&folder).unwrap();
    fails(with(&servers, "REELBOT_CONFIG", &folder), 78, "folder.toml", "");
    fails(with(&servers, "REELBOT_CONFIG", servers.path("none.toml")), 78, "none.toml", "path");
    for (name, text) in [
        ("bad.toml", "[kie\napi_url = 1"),
        ("type.toml", "[kie]\npoll_interval = true"),
        ("value.toml", "[workers]\ncount = 0"),
    ] {
        fs::write(servers.path(name), text).unwrap();
        fails(with(&servers, "REELBOT_CONFIG", servers.path(name)), 78, "", "");
    }
    fs::write(servers.path("bytes.toml"), [0xFF, 0xFE, 0]).unwrap();
    fails(with(&servers, "REELBOT_CONFIG", servers.path("bytes.toml")), 78, "bytes.toml", "");
    fails(with(&servers, "RUST_LOG", "reelbot=loud"), 78, "RUST_LOG", "debug");
    assert!(!servers.database().exists());
}

#[test]
fn an_unknown_config_key_is_78_and_names_the_nearest() {
    let mut servers = Servers::open();
    servers.extra = "[texts]\ndirr = \"x\"\n".to_owned();
    let error = "texts.dirr is no option of reelbot";
    fails(servers.command(), 78, error, "did you mean texts.dir?");
    assert!(!servers.database().exists());
}

#[test]
fn a_webhook_is_78_and_ended_by_a_command_which_keeps_the_updates() {
    let servers = Servers::open();
    let anna = servers.telegram.person("Анна", "ru");
    anna.sends_text("/start");
    servers.telegram.set_webhook("https://elsewhere.example/hook");
    let error = "can't use getUpdates method while webhook is active";
    fails(servers.command(), 78, error, "reelbot webhook delete");
    let said = |words: &[&str]| {
        let (code, text) = Bot::start(servers.reelbot(words)).ends();
        assert_eq!(code, 0, "{text}");
        text
    };
    let shown = said(&["webhook", "show"]);
    assert!(shown.contains("pushed to https://elsewhere.example/hook; 1 wait"), "{shown}");
    let shown = said(&["webhook", "show", "--json"]);
    assert!(shown.contains("\"bot\": \"") && shown.contains("\"pending\": 1"), "{shown}");
    assert!(said(&["webhook", "delete"]).contains("it was https://elsewhere.example/hook"));
    assert!(said(&["webhook", "delete"]).contains("there is no webhook"));
    let deeds = "select count(*) from admin_log where act = 'webhook delete'";
    assert_eq!(count(&servers.database(), deeds), 1);
    let bot = servers.run();
    servers.reads(&anna, "Подарок, чтобы попробовать: 50 кредитов");
    bot.stop();
}

#[test]
fn a_second_run_on_the_same_database_is_75_and_names_the_first() {
    let servers = Servers::open();
    let bot = servers.run();
    fails(servers.command(), 75, "runs on it", "stop that run first");
    bot.stop();
    // The lock is free again.
    servers.run().stop();
}

#[test]
fn a_place_for_the_database_that_cannot_be_is_78_and_one_that_nobody_can_write_1() {
    let servers = Servers::open();
    fs::write(servers.path("file"), "").unwrap();
    let below = servers.path("file/data/reelbot.db");
    fails(with(&servers, "REELBOT_DATABASE", below), 78, "is a file and no folder", "another");
    fails(
        with(&servers, "REELBOT_DATABASE", servers.path(".")),
        78,
        "which is a folder",
        "name a file in it",
    );
    // Not even root can write there.
    let proc = "/proc/reelbot/reelbot.db";
    fails(with(&servers, "REELBOT_DATABASE", proc), 1, "cannot use the database", "");
}

#[test]
fn a_read_only_folder_is_1_with_a_hint_unless_the_user_may_write_anything() {
    use std::os::unix::fs::PermissionsExt;
    let servers = Servers::open();
    let folder = servers.path("closed");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    let all_powerful = fs::write(folder.join("probe"), "").is_ok();
    if !all_powerful {
        let closed = with(&servers, "REELBOT_DATABASE", folder.join("reelbot.db"));
        fails(closed, 1, "cannot use the database", "modes");
    }
}

#[test]
fn a_file_that_is_no_database_is_1_and_stays_as_it_is() {
    let servers = Servers::open();
    let garbage = servers.path("garbage.db");
    let text = "no database at all, but rather long. ".repeat(300);
    fs::write(&garbage, &text).unwrap();
    fails(with(&servers, "REELBOT_DATABASE", &garbage), 1, "not a database", "backup");
    assert_eq!(fs::read_to_string(&garbage).unwrap(), text);
}

/// What a run logs that looks for damage.
const CHECK: &str = "the database is checked";

#[test]
fn a_database_that_a_cut_off_run_left_damaged_is_1_wherever_the_page_is() {
    let servers = Servers::open();
    let bot = servers.run();
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 3);
    servers.closes(&anna);
    bot.kill();
    let folded = Connection::open(servers.database()).unwrap();
    folded.execute_batch("pragma wal_checkpoint(truncate)").unwrap();
    drop(folded);
    let whole = fs::read(servers.database()).unwrap();
    for name in ["generation_jobs", "jobs_claimed", "jobs_to_submit", "credit_entries", "inbox"] {
        fs::write(servers.database(), &whole).unwrap();
        damage(&servers.database(), name);
        fails(servers.command(), 1, "cannot use the database", "backup");
    }
    fs::write(servers.database(), &whole).unwrap();
    let bot = servers.run();
    bot.logs(CHECK);
    bot.logs("the database is sound");
    bot.stop();
    audit(&servers.database());
}

#[test]
fn only_after_a_run_that_was_cut_off_is_the_whole_database_checked() {
    let servers = Servers::open();
    let log_of_start = |is_killed: bool| {
        let bot = servers.run();
        bot.logs("the audit found everything in order");
        if is_killed { bot.kill() } else { bot.stop() }
    };
    assert!(!log_of_start(false).contains(CHECK), "a new one");
    assert!(!log_of_start(true).contains(CHECK), "one that was closed");
    assert!(log_of_start(false).contains(CHECK), "one that was cut off");
    assert!(!log_of_start(false).contains(CHECK), "one that was checked, and closed");
}

/// Overwrites the first page of a table or an index.
fn damage(database: &Path, name: &str) {
    let root = format!("select rootpage from sqlite_schema where name = '{name}'");
    let (page, size) = (count(database, &root), count(database, "pragma page_size"));
    let mut file = fs::OpenOptions::new().write(true).open(database).unwrap();
    file.seek(SeekFrom::Start(u64::try_from((page - 1) * size).unwrap())).unwrap();
    file.write_all(&vec![0x5A; usize::try_from(size).unwrap()]).unwrap();
}

#[test]
fn a_database_of_a_newer_reelbot_is_1_and_untouched() {
    let servers = Servers::open();
    servers.run().stop();
    let newer = Connection::open(servers.database()).unwrap();
    newer.pragma_update(None, "user_version", 999).unwrap();
    drop(newer);
    fails(servers.command(), 1, "it was written by reelbot 0.1.0 (version 999)", "update");
    assert_eq!(count(&servers.database(), "pragma user_version"), 999);
}

#[test]
fn of_two_runs_on_one_token_one_ends_with_75() {
    let servers = Servers::open();
    let older = servers.run();
    let mut command = servers.command();
    command.env("REELBOT_DATABASE", servers.path("other/reelbot.db"));
    let newer = Bot::start(command);
    newer.logs("reelbot runs");
    // Each makes Telegram refuse the other, until one of them gives up.
    thread::scope(|scope| {
        let (first, ended) = channel();
        for bot in [&older, &newer] {
            let first = first.clone();
            scope.spawn(move || {
                bot.waits_for_end();
                first.send(())
            });
        }
        ended.recv().unwrap();
        for bot in [&older, &newer] {
            bot.signal("TERM");
        }
    });
    let ends = [older.ends(), newer.ends()];
    let (_, log) = ends.iter().find(|(code, _)| *code == 75).unwrap_or_else(|| panic!("{ends:?}"));
    assert!(log.contains("error: Conflict: terminated by other getUpdates request"), "{log}");
    assert!(log.contains("hint: another program uses this bot token"), "{log}");
}
