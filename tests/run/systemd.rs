//! What systemd is told: the socket of a stand-in shows the messages of a run.

use std::{
    os::unix::net::UnixDatagram,
    process::Command,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use crate::bot::Bot;
use crate::servers::{PATIENCE, Servers};

/// The watchdog's time; a sign of life comes three times as often.
const WATCHDOG: Duration = Duration::from_millis(600);

/// The end of the socket that systemd has.
struct Systemd(UnixDatagram);

impl Systemd {
    /// One that will hear what this command says.
    fn over(servers: &Servers, command: &mut Command) -> Self {
        let path = servers.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        command.env("NOTIFY_SOCKET", path);
        command.env("WATCHDOG_USEC", WATCHDOG.as_micros().to_string());
        Self(socket)
    }

    /// The next message.
    fn hears(&self) -> String {
        let mut message = [0; 4096];
        let length = self.0.recv(&mut message).expect("nothing was heard");
        String::from_utf8(message[..length].to_vec()).unwrap()
    }

    /// Waits for a message with this in it, and returns those before it.
    #[track_caller]
    fn waits_for(&self, words: &str) -> Vec<String> {
        let end = Instant::now() + PATIENCE;
        let mut before = Vec::new();
        loop {
            let message = self.hears();
            if message.contains(words) {
                return before;
            }
            before.push(message);
            let last = before.iter().rev().take(4);
            assert!(
                Instant::now() < end,
                "{words:?} was not heard, but {:?}",
                last.collect::<Vec<_>>()
            );
        }
    }
}

fn none_says(messages: &[String], words: &str) {
    assert!(messages.iter().all(|message| !message.contains(words)), "{messages:?}");
}

#[test]
fn a_run_tells_when_it_starts_is_ready_reloads_and_closes() {
    let servers = Servers::open();
    let mut command = servers.command();
    let systemd = Systemd::over(&servers, &mut command);
    let bot = Bot::start(command);
    let before = systemd.waits_for("EXTEND_TIMEOUT_USEC=60000000");
    none_says(&before, "READY=1");
    none_says(&systemd.waits_for("READY=1"), "WATCHDOG=1");
    systemd.waits_for("STATUS=polling ok ");
    systemd.waits_for("WATCHDOG=1");
    bot.signal("HUP");
    systemd.waits_for("RELOADING=1\nMONOTONIC_USEC=");
    systemd.waits_for("READY=1");
    bot.logs("the config was read again");
    bot.signal("TERM");
    systemd.waits_for("STOPPING=1\nSTATUS=closes");
    let (code, log) = bot.ends();
    assert_eq!(code, 0, "{log}");
}

#[test]
fn while_steps_in_hand_finish_there_are_signs_of_life_and_more_time_is_asked_for() {
    let servers = Servers::open();
    let mut command = servers.command();
    let systemd = Systemd::over(&servers, &mut command);
    let bot = Bot::start(command);
    systemd.waits_for("READY=1");
    servers.wire.holds("createTask");
    servers.orders(&servers.telegram.person("Anna", "en"), 1);
    servers.until("a submission", || servers.wire.asked("createTask") == 1);
    bot.signal("TERM");
    // The grace of the config, and what comes after it.
    systemd.waits_for("EXTEND_TIMEOUT_USEC=100000000");
    for _ in 0..5 {
        systemd.waits_for("WATCHDOG=1");
    }
    servers.wire.releases();
    let (code, log) = bot.ends();
    assert_eq!(code, 0, "{log}");
}

#[test]
fn a_dead_network_does_not_end_the_signs_of_life() {
    let servers = Servers::open();
    let nobody = "http://127.0.0.1:1";
    let mut command = servers.command();
    servers.config_for(nobody, nobody, nobody);
    let systemd = Systemd::over(&servers, &mut command);
    let bot = Bot::start(command);
    systemd.waits_for("READY=1");
    for _ in 0..10 {
        systemd.waits_for("STATUS=no answer from Telegram yet");
        systemd.waits_for("WATCHDOG=1");
    }
    bot.stop();
}

#[test]
fn a_database_that_another_program_locks_is_told_and_no_reason_to_end_the_run() {
    let servers = Servers::open();
    let mut command = servers.command();
    let systemd = Systemd::over(&servers, &mut command);
    let bot = Bot::start(command);
    systemd.waits_for("READY=1");
    let other = Connection::open(servers.database()).unwrap();
    other.execute_batch("begin exclusive; update users set language = language").unwrap();
    systemd.waits_for("the database cannot be used");
    systemd.waits_for("WATCHDOG=1");
    other.execute_batch("rollback").unwrap();
    systemd.waits_for("WATCHDOG=1");
    bot.stop();
}

#[test]
fn a_wrong_token_ends_the_start_before_the_run_is_ready() {
    let servers = Servers::open();
    let mut command = servers.command();
    command.env("TELEGRAM_BOT_TOKEN", "1234567:AAwrongWRONGwrongWRONGwrongWRONG123");
    let systemd = Systemd::over(&servers, &mut command);
    let (code, log) = Bot::start(command).ends();
    assert_eq!(code, 78, "{log}");
    none_says(&systemd.waits_for("STOPPING=1"), "READY=1");
}
