//! The pulse: whether a run lives is seen from outside, and what it does for people in its log.

use std::{process::Output, time::Instant};

use rusqlite::Connection;
use serde_json::Value;

use crate::bot::Bot;
use crate::database::audit;
use crate::servers::{PATIENCE, Servers};

/// The exit code and the words of `reelbot health`.
fn health(servers: &Servers, more: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } =
        servers.reelbot(&["health"]).args(more).env_remove("RUST_LOG").output().unwrap();
    let said = String::from_utf8_lossy(&stdout) + String::from_utf8_lossy(&stderr);
    (status.code(), said.into_owned())
}

#[track_caller]
fn is_sick(servers: &Servers, why: &str) {
    let (code, said) = health(servers, &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(why) && said.contains("hint: "), "{said}");
}

#[test]
fn a_run_is_well_while_it_lives_and_no_longer() {
    let servers = Servers::open();
    is_sick(&servers, "no bot runs on");
    let bot = servers.run();
    let (code, said) = health(&servers, &["--wait", "60s"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("the bot is well: polling ok "), "{said}");
    let (_, json) = health(&servers, &["--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["healthy"], &json["run"]["pid"]), (&true.into(), &bot.pid().into()));

    bot.signal("STOP");
    let end = Instant::now() + PATIENCE;
    while !health(&servers, &[]).1.contains("has shown no sign of life for") {
        assert!(Instant::now() < end, "it looks alive");
    }
    let (code, json) = health(&servers, &["--json"]);
    assert_eq!(code, Some(1), "{json}");
    assert!(json.contains("\"healthy\": false"), "{json}");
    bot.signal("CONT");
    assert_eq!(health(&servers, &["--wait", "60s"]).0, Some(0));

    bot.kill();
    is_sick(&servers, "has ended without closing");
    let (code, said) = health(&servers, &["--wait", "1s"]);
    assert_eq!(code, Some(1), "{said}");
    let bot = servers.run();
    assert_eq!(health(&servers, &["--wait", "60s"]).0, Some(0));
    bot.stop();
    is_sick(&servers, "no bot runs on");
}

#[test]
fn a_run_that_telegram_does_not_answer_is_not_well_yet() {
    let servers = Servers::open();
    servers.wire.holds("getUpdates");
    let bot = servers.run();
    is_sick(&servers, "Telegram has answered no request for updates yet");
    servers.wire.releases();
    assert_eq!(health(&servers, &["--wait", "60s"]).0, Some(0));
    bot.stop();
}

#[test]
fn orders_ends_and_acts_are_logged_without_anybodys_words() {
    let servers = Servers::open();
    let bot = Bot::start({
        let mut command = servers.command();
        command.env("RUST_LOG", "info");
        command
    });
    bot.logs("reelbot runs");
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 3);
    servers.closes(&anna);
    let act = "insert into admin_log (at, os_user, act, subject, details)
               values (1, 'root', 'credits grant', 'user 7', '+5')";
    bot.logs("a job has ended");
    Connection::open(servers.database()).unwrap().execute(act, []).unwrap();
    bot.logs("an operator did something");
    let log = bot.stop();
    assert_eq!(log.matches("an order was placed").count(), 1, "{log}");
    assert_eq!(log.matches("a job has ended").count(), 3, "{log}");
    let ended = log.lines().find(|line| line.contains("a job has ended")).unwrap();
    for part in ["outcome=\"delivered\"", "waited=", "rendered=", "delivered=", "model=", "key="] {
        assert!(ended.contains(part), "{part}: {ended}");
    }
    assert!(log.contains("act=\"credits grant\" subject=\"user 7\""), "{log}");
    assert!(!log.contains("Анна"), "{log}");
    audit(&servers.database());
}
