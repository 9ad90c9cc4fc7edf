//! What the operator changes while the bot runs: files that are looked at, and SIGHUP.

use std::fs;

use reelbot::testing::{chat::Tap, sandbox::ShownMessage};

use crate::bot::Bot;
use crate::database::{audit, count};
use crate::servers::{Servers, count_button};
use crate::signals::{HEARS, under};

/// The default model at another price.
fn priced(credits: u32) -> String {
    format!(
        "[[models]]\nslug = \"sora-2-image-to-video\"\nimage = {{ name = \"image_urls\", shape = \"list\" }}\n\
         longest_prompt = 10000\ncredits = {credits}\n"
    )
}

const CANDLES: &str = "[[presets]]\nid = \"candles\"\nlabel = { ru = \"Свечи\", en = \"Candles\" }\n\
                       idea = \"Candles are lit around the product.\"\n";

/// A bot that hears SIGHUP, whoever started these tests.
fn running(servers: &Servers) -> Bot {
    let bot = Bot::start(under(&HEARS, &servers.command()));
    bot.logs("reelbot runs");
    bot
}

fn has_label(message: &ShownMessage, words: &str) -> bool {
    message.labels().iter().any(|label| label.contains(words))
}

#[test]
fn a_new_price_is_in_the_next_screens_and_an_old_button_is_offered_anew() {
    let mut servers = Servers::open();
    let bot = running(&servers);
    let anna = servers.telegram.person("Anna", "en");
    servers.chooses(&anna);
    let old = servers.message(&anna, "a script", |message| count_button(message, 3).is_some());
    assert!(has_label(&old, "3 credits"), "{:?}", old.labels());
    servers.extra = priced(2);
    servers.config();
    bot.signal("HUP");
    bot.logs("changed=\"models\"");
    anna.sends_text("/balance");
    servers.reads(&anna, "One video: 2 credits");
    anna.taps(old.id, &count_button(&old, 3).unwrap()).unwrap();
    servers.message(&anna, "the new price", |message| has_label(message, "6 credits"));
    assert_eq!(count(&servers.database(), "select count(*) from orders"), 0);
    servers.orders_script(&anna, 3);
    servers.closes(&anna);
    assert_eq!(count(&servers.database(), "select credits from users"), 44);
    bot.stop();
    audit(&servers.database());
}

#[test]
fn files_that_have_changed_are_read_without_a_word_to_the_bot() {
    let mut servers = Servers::open();
    servers.extra = "[texts]\ndir = \"texts\"\n".to_owned();
    fs::create_dir(servers.path("texts")).unwrap();
    fs::write(servers.path("texts/en.ftl"), "balance-price = Each costs { credits }.\n").unwrap();
    let bot = running(&servers);
    let anna = servers.telegram.person("Anna", "en");
    anna.sends_text("/start");
    servers.reads(&anna, "50 credits");
    servers.extra.push_str(CANDLES);
    servers.config();
    bot.logs("changed=\"presets\"");
    servers.chooses(&anna);
    servers.message(&anna, "the new preset", |message| has_label(message, "Candles"));
    fs::write(servers.path("texts/en.ftl"), "balance-price = That is { credits }.\n").unwrap();
    bot.logs("changed=\"texts\"");
    anna.sends_text("/balance");
    servers.reads(&anna, "That is 1 credit.");
    bot.stop();
}

#[test]
fn what_cannot_be_used_changes_nothing_and_the_admins_are_told_once() {
    let mut servers = Servers::open();
    let olga = servers.telegram.person("Olga", "en");
    servers.lines[0] = format!("admins = [{}]", olga.id().0);
    let bot = running(&servers);
    olga.sends_text("/start");
    servers.reads(&olga, "50 credits");
    let sound = fs::read_to_string(servers.config()).unwrap();
    let secret = "7654321:AAanotherSecretTokenThatNobodySees12";
    let broken = [
        format!("{sound}{CANDLES}[[presets]]\nid = \"candles\"\n"),
        sound.replace("welcome = 50", "welcome = -1"),
        sound.replace("welcome = 50", "welcom = 5"),
        format!("{sound}\ntoken = {secret}\n"),
        sound.replace("[credits]", "[texts]\ndir = \"nowhere\"\n[credits]"),
    ];
    for (number, text) in (1..).zip(&broken) {
        fs::write(servers.path("config.toml"), text).unwrap();
        bot.signal("HUP");
        bot.logs_times("the config cannot be used; that of before stays in force", number);
    }
    fs::remove_file(servers.path("config.toml")).unwrap();
    bot.logs_times("the config cannot be used; that of before stays in force", 6);
    let anna = servers.telegram.person("Anna", "en");
    anna.sends_text("/start");
    servers.reads(&anna, "50 credits");
    servers.reads(&olga, "The changed settings cannot be used");
    fs::write(servers.path("config.toml"), &sound).unwrap();
    bot.logs("the config was read again, and is as it was");
    let alerts = || olga.chat().into_iter().filter(|m| m.text.contains("cannot be used")).count();
    assert_eq!(alerts(), 1);
    fs::write(servers.path("config.toml"), &broken[1]).unwrap();
    bot.signal("HUP");
    bot.logs_times("the config cannot be used; that of before stays in force", 7);
    anna.sends_text("/balance");
    servers.reads(&anna, "Your balance");
    servers.until("another alert", || alerts() == 2);
    let log = bot.stop();
    assert!(!log.contains("AAanotherSecret"), "{log}");
}

#[test]
fn what_is_built_in_waits_for_the_next_start_and_the_rest_does_not() {
    let servers = Servers::open();
    let bot = running(&servers);
    let text = fs::read_to_string(servers.config()).unwrap();
    let text = text.replace("count = 25", "count = 3").replace("welcome = 50", "welcome = 7");
    let text = text.replace("[telegram]", "[telegram]\nadmins = [77001]");
    fs::write(servers.path("config.toml"), &text).unwrap();
    bot.signal("HUP");
    bot.logs("waiting=\"workers.count\"");
    bot.logs("telegram.admins has 77001, who has not pressed Start");
    let anna = servers.telegram.person("Anna", "en");
    anna.sends_text("/start");
    servers.reads(&anna, "7 credits");
    bot.signal("HUP");
    bot.logs("the config was read again, and is as it was");
    let log = bot.stop();
    assert_eq!(log.matches("waiting=\"workers.count\"").count(), 1, "{log}");
}

#[test]
fn another_gpt_writes_the_next_script_and_has_only_its_own_key() {
    let mut servers = Servers::open();
    let bot = running(&servers);
    let anna = servers.telegram.person("Anna", "en");
    servers.chooses(&anna);
    servers.message(&anna, "a script", |message| count_button(message, 3).is_some());
    servers.lines[2] = "model = \"gpt-next\"\napi_key = \"sk-that-is-new-0123456789\"".to_owned();
    servers.config();
    bot.signal("HUP");
    bot.logs("changed=\"gpt.api_key, gpt.model\"");
    servers.taps(&anna, Tap::ANOTHER_SCRIPT);
    servers.until("the second call", || servers.gpt.seen().len() == 2);
    let models: Vec<_> = servers.gpt.seen().iter().map(|call| call["model"].clone()).collect();
    assert_eq!(models, ["gpt-5-2", "gpt-next"]);
    let log = bot.stop();
    assert!(!log.contains("sk-that-is-new"), "{log}");
}
