//! Names that do not resolve, connections that are refused, reset, or never come about, with each
//! of the three servers in turn.

use std::fs;
use std::process::Command;

use crate::child::Bot;
use crate::machine::crowd::all_have_all;
use crate::machine::crowd::all_order;
use crate::machine::crowd::books_are_in_order;
use crate::machine::crowd::change;
use crate::machine::crowd::crowd;
use crate::machine::crowd::has_said;
use crate::machine::crowd::start;
use crate::machine::crowd::stayed_small;
use crate::machine::pipe::Pipe;
use crate::machine::pipe::Way;
use crate::machine::room::furnished;
use crate::machine::room::inside;
use crate::servers::Servers;

/// Attempts enough for every fault of a story.
const PATIENT: (&str, &str) = (
    "retry_delays = [\"100ms\", \"100ms\", \"100ms\"]",
    "retry_delays = [\"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\"]",
);

/// A servers whose servers are reached through pipes: Telegram's, KIE's and GPT's.
fn piped() -> (Servers, [Pipe; 3], Command) {
    let servers = Servers::open();
    let pipes = servers.urls().map(|url| Pipe::to(&url));
    let mut command = servers.command();
    command.env("RUST_LOG", "info");
    let [telegram, kie, gpt] = pipes.each_ref().map(Pipe::url);
    change(&servers.config_for(&telegram, &kie, &format!("{gpt}/v1")), &[PATIENT]);
    (servers, pipes, command)
}

#[test]
fn a_telegram_that_cannot_be_reached_is_waited_for() {
    for way in [Way::Refused, Way::Reset] {
        let (servers, pipes, command) = piped();
        let [telegram, ..] = &pipes;
        let bot = start(command);
        let crowd = crowd(&servers, 3);
        servers.wire.close_gate(".mp4");
        all_order(&servers, &crowd);
        servers.until("downloads", || servers.wire.asked(".mp4") > 0);
        telegram.becomes(way);
        let before = telegram.connected();
        servers.wire.open_gate();
        bot.says("Telegram does not answer");
        bot.says("videos cannot be delivered");
        // Few calls: each waits longer than the one before.
        assert!(telegram.connected() < before + 200, "{}", telegram.connected() - before);
        telegram.becomes(Way::Open);
        all_have_all(&servers, &crowd);
        bot.says("Telegram answers again");
        stayed_small(&bot);
        has_said(&bot.stop(), "Telegram does not answer", 1);
        books_are_in_order(&servers, &servers.database(), &crowd);
    }
}

#[test]
fn a_kie_that_cannot_be_reached_is_waited_for() {
    for way in [Way::Refused, Way::Reset] {
        let (servers, pipes, command) = piped();
        let [_, kie, _] = &pipes;
        let bot = start(command);
        let crowd = crowd(&servers, 4);
        let (early, late) = crowd.split_at(2);
        servers.wire.close_gate("recordInfo");
        all_order(&servers, early);
        servers.until("polls", || servers.wire.asked("recordInfo") >= 6);
        kie.becomes(way);
        servers.wire.open_gate();
        all_order(&servers, late);
        bot.says("KIE cannot be used");
        kie.becomes(Way::Open);
        all_have_all(&servers, &crowd);
        bot.says("KIE can be used again");
        stayed_small(&bot);
        has_said(&bot.stop(), "KIE cannot be used", 1);
        let database = servers.database();
        crate::books::audit(&database);
        assert_eq!(crate::books::count(&database, "select sum(credits) from users"), 4 * 47);
    }
}

#[test]
fn connections_that_never_come_about_hold_nobody_up_for_ever() {
    let (servers, pipes, command) = piped();
    let [telegram, kie, gpt] = &pipes;
    let bot = start(command);
    let crowd = crowd(&servers, 2);
    for pipe in [kie, gpt, telegram] {
        pipe.becomes(Way::Hanging);
    }
    all_order(&servers, &crowd);
    telegram.is_tried_in_vain();
    telegram.becomes(Way::Open);
    kie.is_tried_in_vain();
    for pipe in [kie, gpt] {
        pipe.becomes(Way::Open);
    }
    all_have_all(&servers, &crowd);
    stayed_small(&bot);
    bot.stop();
    crate::books::audit(&servers.database());
}

#[test]
fn without_gpt_the_idea_itself_is_the_script_and_the_log_says_so_once() {
    let (servers, pipes, command) = piped();
    let [_, _, gpt] = &pipes;
    let bot = start(command);
    for way in [Way::Refused, Way::Reset] {
        gpt.becomes(way);
        crowd(&servers, 4);
    }
    has_said(&bot.said(), "GPT wrote no script", 1);
    gpt.becomes(Way::Open);
    let crowd = crowd(&servers, 1);
    bot.says("GPT writes scripts again");
    all_order(&servers, &crowd);
    all_have_all(&servers, &crowd);
    bot.stop();
    assert_eq!(servers.gpt.seen().len(), 1);
}

#[test]
fn names_that_do_not_resolve_are_asked_for_until_they_do() {
    let servers = Servers::open();
    let hosts = servers.path("hosts");
    fs::write(&hosts, "127.0.0.1 localhost\n").unwrap();
    let script = format!("mount --bind '{}' /etc/hosts", hosts.display());
    let mut command = servers.command();
    command.env("RUST_LOG", "info");
    let [telegram, kie, gpt] = servers.urls();
    let named = |url: &str, name: &str| url.replace("127.0.0.1", &format!("{name}.invalid"));
    servers.config_for(
        &named(&telegram, "telegram"),
        &named(&kie, "kie"),
        &format!("{}/v1", named(&gpt, "gpt")),
    );
    change(&servers.path("config.toml"), &[PATIENT]);
    let bot = Bot::start(furnished(&command, &script));
    bot.says("Telegram does not answer");
    let there = |names: &str| {
        fs::write(inside(&bot, "/etc/hosts".as_ref()), format!("127.0.0.1 {names}\n")).unwrap();
    };
    there("telegram.invalid");
    bot.says("Telegram answers again");
    let crowd = crowd(&servers, 2);
    bot.says("GPT wrote no script");
    all_order(&servers, &crowd);
    there("telegram.invalid kie.invalid gpt.invalid");
    all_have_all(&servers, &crowd);
    stayed_small(&bot);
    has_said(&bot.stop(), "Telegram does not answer", 1);
    crate::books::audit(&servers.database());
}
