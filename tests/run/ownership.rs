//! Whose a database is: one run for each, whatever its name, and none on files that were taken away.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use crate::bot::Bot;
use crate::database::{audit, count};
use crate::namespace::in_namespace;
use crate::servers::Servers;

/// A bot with 15 submissions under way, whose answers are held.
fn busy(servers: &Servers) -> Bot {
    let bot = servers.run();
    servers.wire.holds("createTask");
    for number in 0..3 {
        let person = servers.telegram.person(&format!("Ann{number}"), "en");
        servers.orders(&person, 5);
    }
    servers.until("15 submissions", || servers.wire.asked("createTask") == 15);
    bot
}

fn on(servers: &Servers, database: &Path) -> Command {
    let mut command = servers.command();
    command.env("REELBOT_DATABASE", database);
    command
}

/// All is delivered that was ordered, and paid once.
#[track_caller]
fn all_is_paid_once(servers: &Servers, bot: Bot) {
    servers.wire.releases();
    servers.until("the videos", || servers.telegram.videos_delivered() == 15);
    for id in servers.telegram.people() {
        servers.closes(&servers.telegram.person_by_id(id).unwrap());
    }
    bot.stop();
    assert_eq!(servers.kie.tasks().len(), 15);
    audit(&servers.database());
}

#[test]
fn under_whatever_name_a_second_run_ends_with_75_and_gives_nothing_back() {
    let servers = Servers::open();
    let bot = busy(&servers);
    let path = |name: &str| servers.path(name);
    symlink(servers.database(), path("link.db")).unwrap();
    symlink("data", path("folder")).unwrap();
    fs::hard_link(servers.database(), path("hard.db")).unwrap();
    let names = ["link.db", "folder/reelbot.db", "hard.db", "data/../data/reelbot.db"];
    let ends = |command: Command| {
        let (code, log) = Bot::start(command).ends();
        assert_eq!(code, 75, "{log}");
        assert!(log.contains("is in use: ") && log.contains("hint: stop that run first"), "{log}");
    };
    for name in names {
        ends(on(&servers, &path(name)));
    }
    fs::create_dir(path("mount")).unwrap();
    fs::write(path("mount/file.db"), "").unwrap();
    for (what, place, name) in [
        ("data", "mount", "mount/reelbot.db"),
        ("data/reelbot.db", "mount/file.db", "mount/file.db"),
    ] {
        let script = format!("mount --bind '{}' '{}'", path(what).display(), path(place).display());
        ends(in_namespace(&on(&servers, &path(name)), &script));
    }
    // Without its lock file too, which the bot makes anew.
    for _ in 0..2 {
        fs::remove_file(servers.path("data/reelbot.db.lock")).unwrap();
        ends(servers.command());
        bot.logs("it is made anew");
    }
    all_is_paid_once(&servers, bot);
}

#[test]
fn a_second_run_on_a_copy_with_the_same_token_pays_nothing() {
    let servers = Servers::open();
    let bot = busy(&servers);
    let copy = servers.path("copy/reelbot.db");
    fs::create_dir(servers.path("copy")).unwrap();
    rusqlite::Connection::open(servers.database())
        .unwrap()
        .execute("vacuum into ?", [copy.to_string_lossy()])
        .unwrap();
    let second = Bot::start(on(&servers, &copy));
    second.logs("reelbot runs");
    servers.until("conflicts", || {
        let conflict = "terminated by other getUpdates";
        bot.log().contains(conflict) && second.log().contains(conflict)
    });
    assert_eq!(servers.wire.asked("createTask"), 15);
    assert!(!second.log().contains("steps that were claimed at the last stop go on"));
    second.kill();
    assert_eq!(count(&copy, "select count(*) from lost_submissions"), 0);
    all_is_paid_once(&servers, bot);
}

/// What befalls the files of a database.
type Mishap = fn(&Path);

const MISHAPS: [(&str, Mishap); 6] = [
    ("removed", |file| fs::remove_file(file).unwrap()),
    ("moved", |file| fs::rename(file, file.with_extension("old")).unwrap()),
    ("replaced", |file| {
        let backup = file.with_extension("backup");
        let database = rusqlite::Connection::open(file).unwrap();
        database.execute("vacuum into ?", [backup.to_string_lossy()]).unwrap();
        fs::rename(&backup, file).unwrap();
    }),
    ("with its folder", |file| {
        let folder = file.parent().unwrap();
        fs::rename(folder, folder.with_file_name("elsewhere")).unwrap();
    }),
    ("without its log", |file| fs::remove_file(with_end(file, "-wal")).unwrap()),
    ("without the index of that", |file| fs::remove_file(with_end(file, "-shm")).unwrap()),
];

fn with_end(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

#[test]
fn a_database_that_is_taken_away_ends_the_run_with_75_and_its_admins_are_told() {
    for (what, mishap) in MISHAPS {
        let servers = Servers::open();
        let olga = servers.telegram.person("Olga", "en");
        servers.config();
        let text = fs::read_to_string(servers.path("config.toml")).unwrap();
        let admins = format!("[telegram]\nadmins = [{}]\n", olga.id());
        fs::write(servers.path("own.toml"), text.replace("[telegram]\n", &admins)).unwrap();
        let mut command = servers.command();
        command.env("REELBOT_CONFIG", servers.path("own.toml"));
        let bot = Bot::start(command);
        bot.logs("reelbot runs");
        olga.sends_text("/start");
        servers.orders(&olga, 3);
        servers.closes(&olga);
        mishap(&servers.database());
        servers.reads(&olga, "no longer where the bot opened it");
        let asked = servers.wire.asked("createTask");
        let (code, log) = bot.ends();
        assert_eq!(code, 75, "{what}: {log}");
        assert!(log.contains("error: cannot use the database"), "{what}: {log}");
        assert!(log.contains("start again"), "{what}: {log}");
        assert!(!log.contains("panicked"), "{what}: {log}");
        assert_eq!(servers.wire.asked("createTask"), asked, "{what}");
    }
}

#[test]
fn what_was_written_last_is_in_the_file_that_was_moved() {
    let servers = Servers::open();
    let bot = busy(&servers);
    let moved = servers.path("data/moved.db");
    fs::rename(servers.database(), &moved).unwrap();
    bot.logs("the database is not this run's any longer");
    servers.wire.releases();
    let (code, log) = bot.ends();
    assert_eq!(code, 75, "{log}");
    // Moved back it goes on with the tasks that were paid.
    let sent = "select count(*) from generation_jobs where task_id is not null";
    assert_eq!((count(&moved, sent), servers.kie.tasks().len()), (15, 15));
    fs::rename(&moved, servers.database()).unwrap();
    all_is_paid_once(&servers, servers.run());
}
