//! SIGTERM, SIGINT and the hang-up of a terminal: steps under way are finished, and no new ones are
//! begun. Other signals change nothing, but that SIGHUP has the config read (`settings`).

use std::process::Command;

use crate::bot::Bot;
use crate::database::{audit, count};
use crate::servers::Servers;

/// A bot with 20 submissions under way, whose answers are held.
fn busy(servers: &Servers) -> Bot {
    let bot = servers.run();
    servers.wire.holds("createTask");
    for number in 0..4 {
        let person = servers.telegram.person(&format!("Ann{number}"), "en");
        servers.orders(&person, 5);
    }
    servers.until("20 submissions", || servers.wire.asked("createTask") == 20);
    bot
}

#[test]
fn a_signal_lets_twenty_submissions_finish_and_then_ends_with_0() {
    for signal in ["TERM", "INT"] {
        let servers = Servers::open();
        let bot = busy(&servers);
        bot.signal(signal);
        bot.logs("closing: steps in hand finish");
        servers.wire.releases();
        let (code, log) = bot.ends();
        assert_eq!(code, 0, "{log}");
        assert!(!log.contains("cut off"), "{log}");
        let jobs = |such: &str| {
            let sql = format!("select count(*) from generation_jobs where {such}");
            count(&servers.database(), &sql)
        };
        assert_eq!(jobs("claimed_until is not null or submitting_at is not null"), 0);
        assert_eq!(jobs("attempt > 1 or lost_submissions > 0 or status = 'failed'"), 0);
        assert_eq!(jobs("status = 'processing' and task_id is not null"), 20);
        assert_eq!(servers.wire.asked("createTask"), 20);
        audit(&servers.database());
        finished(&servers);
        assert_eq!(servers.kie.tasks().len(), 20);
    }
}

/// The next run delivers what the last one has begun.
fn finished(servers: &Servers) {
    let bot = servers.run();
    servers.until("the videos", || servers.telegram.videos_delivered() == 20);
    for id in servers.telegram.people() {
        servers.closes(&servers.telegram.person_by_id(id).unwrap());
    }
    bot.stop();
    audit(&servers.database());
}

#[test]
fn a_second_signal_ends_at_once_and_the_next_run_goes_on() {
    let servers = Servers::open();
    let bot = busy(&servers);
    bot.signal("TERM");
    bot.logs("closing: steps in hand finish");
    bot.signal("INT");
    let (code, log) = bot.ends();
    assert_eq!(code, 130, "{log}");
    servers.wire.releases();
    // Submissions whose answers never came are made again, and recorded.
    finished(&servers);
    assert_eq!(count(&servers.database(), "select sum(credits) from users"), 4 * 45);
}

/// The same command, run by another one.
pub(crate) fn under(words: &[&str], command: &Command) -> Command {
    let mut all = Command::new(words[0]);
    all.args(&words[1..]).arg(command.get_program()).args(command.get_args()).env_clear();
    all.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    all.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    all.current_dir(command.get_current_dir().unwrap());
    all
}

/// The bot serves somebody.
fn serves(servers: &Servers) {
    let anna = servers.telegram.person("Anna", "en");
    servers.orders(&anna, 1);
    servers.closes(&anna);
    assert_eq!(anna.videos().len(), 1);
}

/// What lets a command hear of a hang-up, whether or not these tests do: nohup may have started them.
pub(crate) const HEARS: [&str; 2] = ["env", "--default-signal=HUP"];

#[test]
fn signals_that_are_not_for_closing_are_noted_and_change_nothing() {
    let servers = Servers::open();
    let bot = Bot::start(under(&HEARS, &servers.command()));
    bot.logs("reelbot runs");
    for signal in ["USR1", "USR2", "USR1"] {
        let noted = format!("signal=\"SIG{signal}\"");
        let before = bot.log().matches(&noted).count();
        bot.signal(signal);
        bot.logs_times(&noted, before + 1);
    }
    serves(&servers);
    bot.stop();
}

#[test]
fn a_hang_up_that_nohup_has_ignored_stays_ignored() {
    let servers = Servers::open();
    let bot = Bot::start(under(&["nohup"], &servers.command()));
    bot.logs("reelbot runs");
    bot.signal("HUP");
    bot.signal("USR1");
    bot.logs("signal=\"SIGUSR1\"");
    serves(&servers);
    let log = bot.stop();
    assert!(!log.contains("SIGHUP"), "{log}");
}

/// The command in a terminal of its own; its number in the system is on the first line.
fn in_a_terminal(servers: &Servers) -> (Bot, String) {
    let run = format!("echo pid=$$; exec '{}' run", env!("CARGO_BIN_EXE_reelbot"));
    let command = servers.command();
    let script = ["script", "--quiet", "--return", "--flush", "--command", &run, "/dev/null"];
    let mut all = Command::new(HEARS[0]);
    all.args(&HEARS[1..]).args(script).env_clear();
    all.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    all.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    all.env("SHELL", "/bin/sh").current_dir(command.get_current_dir().unwrap());
    let bot = Bot::start(all);
    bot.logs("reelbot runs");
    let log = bot.log();
    let pid = log.split("pid=").nth(1).and_then(|rest| rest.split_whitespace().next());
    (bot, pid.unwrap().to_owned())
}

#[test]
fn a_hang_up_of_its_terminal_closes_the_bot_however_often_it_is_reported() {
    let servers = Servers::open();
    let (terminal, bot) = in_a_terminal(&servers);
    servers.wire.holds("createTask");
    let anna = servers.telegram.person("Anna", "en");
    servers.orders(&anna, 1);
    servers.until("a submission", || servers.wire.asked("createTask") == 1);
    let hang_up = format!("kill -HUP {bot}");
    for _ in 0..2 {
        assert!(Command::new("sh").args(["-c", &hang_up]).status().unwrap().success());
        terminal.logs("closing: steps in hand finish");
    }
    servers.wire.releases();
    let (code, log) = terminal.ends();
    assert_eq!(code, 0, "{log}");
    assert_eq!(count(&servers.database(), "select count(*) from open_runs"), 0);
    let sent = "select count(*) from generation_jobs where task_id is not null";
    assert_eq!(count(&servers.database(), sent), 1);
    audit(&servers.database());
}

#[test]
fn a_terminal_that_is_gone_leaves_a_closed_database() {
    let servers = Servers::open();
    let (terminal, bot) = in_a_terminal(&servers);
    terminal.kill();
    // What has ended has no file open, whether or not its end was asked for.
    let gone = format!("while [ -n \"$(ls /proc/{bot}/fd 2>&-)\" ]; do sleep 0.1; done");
    assert!(Command::new("timeout").args(["60", "sh", "-c", &gone]).status().unwrap().success());
    assert_eq!(count(&servers.database(), "select count(*) from open_runs"), 0);
}
