//! Names that do not resolve, connections that are refused, reset, or never established, with
//! each of the three servers in turn.

use std::{fs, process::Command};

use crate::bot::Bot;
use crate::machine::{
    crowd::{all_are_served, all_order, change, crowd, ends_small, ends_well, logged, start},
    proxy::{Mode, Proxy},
};
use crate::namespace::{in_namespace, inside};
use crate::servers::Servers;

/// Attempts enough for every fault of a story.
const PATIENT: (&str, &str) = (
    "retry_delays = [\"100ms\", \"100ms\", \"100ms\"]",
    "retry_delays = [\"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\", \"1s\"]",
);

/// Servers that are reached through proxies: Telegram's, KIE's and GPT's.
fn behind_proxies() -> (Servers, [Proxy; 3], Command) {
    let servers = Servers::open();
    let proxies = servers.urls().map(|url| Proxy::to(&url));
    let mut command = servers.command();
    command.env("RUST_LOG", "info");
    let [telegram, kie, gpt] = proxies.each_ref().map(Proxy::url);
    change(&servers.config_for(&telegram, &kie, &format!("{gpt}/v1")), &[PATIENT]);
    (servers, proxies, command)
}

#[test]
fn a_telegram_that_cannot_be_reached_is_waited_for() {
    for mode in [Mode::Refused, Mode::Reset] {
        let (servers, proxies, command) = behind_proxies();
        let [telegram, ..] = &proxies;
        let bot = start(command);
        let crowd = crowd(&servers, 3);
        servers.wire.holds(".mp4");
        all_order(&servers, &crowd);
        servers.until("downloads", || servers.wire.asked(".mp4") > 0);
        telegram.becomes(mode);
        let before = telegram.connected();
        servers.wire.releases();
        bot.logs("Telegram does not answer");
        bot.logs("videos cannot be delivered");
        // Few calls: each waits longer than the one before.
        assert!(telegram.connected() < before + 200, "{}", telegram.connected() - before);
        telegram.becomes(Mode::Open);
        bot.logs("Telegram answers again");
        logged(&ends_well(&servers, bot, &crowd), "Telegram does not answer", 1);
    }
}

#[test]
fn what_was_in_hand_goes_on_after_a_minute_though_telegram_is_silent_from_the_start() {
    let (servers, proxies, command) = behind_proxies();
    let [telegram, ..] = &proxies;
    let mut again = Command::new(command.get_program());
    again.args(command.get_args()).env_clear();
    again.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let bot = start(command);
    let crowd = crowd(&servers, 1);
    servers.wire.holds("createTask");
    all_order(&servers, &crowd);
    servers.until("submissions", || servers.wire.asked("createTask") == 3);
    bot.kill();
    telegram.becomes(Mode::Refused);
    servers.wire.releases();
    let bot = start(again);
    bot.logs("steps that were claimed at the last stop go on");
    servers.until("submissions", || servers.wire.asked("createTask") == 6);
    telegram.becomes(Mode::Open);
    all_are_served(&servers, &crowd);
    bot.stop();
    crate::database::audit(&servers.database());
}

#[test]
fn a_kie_that_cannot_be_reached_is_waited_for() {
    for mode in [Mode::Refused, Mode::Reset] {
        let (servers, proxies, command) = behind_proxies();
        let [_, kie, _] = &proxies;
        let bot = start(command);
        let crowd = crowd(&servers, 4);
        let (early, late) = crowd.split_at(2);
        servers.wire.holds("recordInfo");
        all_order(&servers, early);
        servers.until("polls", || servers.wire.asked("recordInfo") >= 6);
        kie.becomes(mode);
        servers.wire.releases();
        all_order(&servers, late);
        bot.logs("KIE cannot be used");
        kie.becomes(Mode::Open);
        all_are_served(&servers, &crowd);
        bot.logs("KIE can be used again");
        logged(&ends_small(bot), "KIE cannot be used", 1);
        let database = servers.database();
        crate::database::audit(&database);
        assert_eq!(crate::database::count(&database, "select sum(credits) from users"), 4 * 47);
    }
}

#[test]
fn connections_that_are_never_established_hold_nothing_up_for_ever() {
    let (servers, proxies, command) = behind_proxies();
    let [telegram, kie, gpt] = &proxies;
    let bot = start(command);
    let crowd = crowd(&servers, 2);
    for proxy in [kie, gpt, telegram] {
        proxy.becomes(Mode::Hanging);
    }
    all_order(&servers, &crowd);
    telegram.is_tried_in_vain();
    telegram.becomes(Mode::Open);
    kie.is_tried_in_vain();
    for proxy in [kie, gpt] {
        proxy.becomes(Mode::Open);
    }
    all_are_served(&servers, &crowd);
    ends_small(bot);
    crate::database::audit(&servers.database());
}

#[test]
fn without_gpt_the_idea_itself_is_the_script_and_the_log_says_so_once() {
    let (servers, proxies, command) = behind_proxies();
    let [_, _, gpt] = &proxies;
    let bot = start(command);
    for mode in [Mode::Refused, Mode::Reset] {
        gpt.becomes(mode);
        crowd(&servers, 4);
    }
    logged(&bot.log(), "GPT wrote no script", 1);
    gpt.becomes(Mode::Open);
    let crowd = crowd(&servers, 1);
    bot.logs("GPT writes scripts again");
    all_order(&servers, &crowd);
    all_are_served(&servers, &crowd);
    bot.stop();
    assert_eq!(servers.gpt.seen().len(), 1);
}

#[test]
fn names_that_do_not_resolve_are_looked_up_until_they_do() {
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
    let bot = Bot::start(in_namespace(&command, &script));
    bot.logs("Telegram does not answer");
    let there = |names: &str| {
        fs::write(inside(&bot, "/etc/hosts".as_ref()), format!("127.0.0.1 {names}\n")).unwrap();
    };
    there("telegram.invalid");
    bot.logs("Telegram answers again");
    let crowd = crowd(&servers, 2);
    bot.logs("GPT wrote no script");
    all_order(&servers, &crowd);
    there("telegram.invalid kie.invalid gpt.invalid");
    all_are_served(&servers, &crowd);
    logged(&ends_small(bot), "Telegram does not answer", 1);
    crate::database::audit(&servers.database());
}
