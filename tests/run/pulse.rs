//! The pulse: whether a run lives is seen from outside, and what it does for people in its log.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Output,
    time::Instant,
};

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

/// What a server on this machine answers.
fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn metrics_and_health_are_served_where_the_operator_wants_it() {
    let mut servers = Servers::open();
    servers.extra = "[metrics]\nlisten = \"127.0.0.1:0\"\n".to_owned();
    let bot = servers.run();
    let log = bot.log();
    let line = log.lines().find(|line| line.contains("metrics are served")).unwrap();
    let address = line.split("address=").nth(1).unwrap().split(' ').next().unwrap();
    assert_eq!(health(&servers, &["--wait", "60s"]).0, Some(0));
    assert!(get(address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(get(address, "/readyz").contains("polling ok"));
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 3);
    servers.closes(&anna);
    let text = get(address, "/metrics");
    for words in ["reelbot_orders_total 1", "result=\"delivered\"} 3", "reelbot_well 1.0"] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    bot.stop();
}

#[test]
fn the_level_of_the_log_changes_while_the_bot_runs() {
    let mut servers = Servers::open();
    let mut command = servers.command();
    command.env_remove("RUST_LOG");
    let bot = Bot::start(command);
    bot.logs("reelbot runs");
    servers.extra = "[log]\nlevel = \"debug\"\n".to_owned();
    servers.config();
    bot.signal("HUP");
    bot.logs("the config was read again");
    assert!(!bot.log().contains("DEBUG"), "{}", bot.log());
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 1);
    bot.logs("a step is settled");
    bot.stop();
}
