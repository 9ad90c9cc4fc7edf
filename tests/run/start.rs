//! What a run says at its start about what it was given, and that it works with what it was given.

use std::fs;

use rusqlite::Connection;

use crate::bot::Bot;
use crate::database::count;
use crate::servers::{KEYS, Servers, TOKEN};

/// A key that KIE does not know.
const STRANGE_KEY: &str = "99887766554433221100aabbccddeeff";

#[test]
fn each_key_that_kie_refuses_is_named_and_the_rest_works() {
    let servers = Servers::open();
    let mut command = servers.command();
    command.env("KIE_API_KEY", STRANGE_KEY).env("KIE_API_KEY_01", KEYS[0]).env("KIE_KEY", KEYS[1]);
    let bot = Bot::start(command);
    bot.logs("KIE refuses a key");
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 1);
    servers.closes(&anna);
    assert_eq!(anna.videos().len(), 1);
    let log = bot.stop();
    let line = |words: &str| log.lines().find(|line| line.contains(words)).unwrap_or_default();
    let refused = line("KIE refuses a key");
    for part in [" WARN ", "mask=\"…eeff\"", "reason=\"401", "https://kie.ai/api-key"] {
        assert!(refused.contains(part), "{refused}");
    }
    assert_eq!(log.matches("KIE refuses a key").count(), 1, "{log}");
    let unread = line("KIE_KEY");
    assert!(unread.contains(" WARN ") && unread.contains("did you mean KIE_API_KEY?"), "{unread}");
}

#[test]
fn a_run_goes_on_when_kie_refuses_its_only_key() {
    let servers = Servers::open();
    let mut command = servers.command();
    command.env("KIE_API_KEY", STRANGE_KEY);
    let bot = Bot::start(command);
    bot.logs("KIE refuses a key");
    bot.stop();
}

#[test]
fn a_key_that_was_stored_with_its_quotes_is_named() {
    let servers = Servers::open();
    servers.run().stop();
    let database = Connection::open(servers.database()).unwrap();
    let insert = "insert into kie_keys (account, label, source, secret, fingerprint, tail)
                  values ('a', 'studio', 'stored', ?, 'f', '…')";
    for secret in [format!("\"{STRANGE_KEY}\""), format!("{STRANGE_KEY}\u{feff}ж")] {
        database.execute("delete from kie_keys where label = 'studio'", []).unwrap();
        database.execute(insert, [&secret]).unwrap();
        let bot = Bot::start(servers.command());
        bot.logs("KIE refuses a key");
        let log = bot.stop();
        let line = log.lines().find(|line| line.contains("KIE refuses a key")).unwrap();
        assert!(line.contains("studio") && line.contains("was not copied right"), "{line}");
        assert!(!log.contains(STRANGE_KEY), "{log}");
    }
}

#[test]
fn a_bot_works_with_what_was_pasted_along_and_beside_another_projects_env_file() {
    let servers = Servers::open();
    let text = format!(
        "\u{feff}APP_NAME=My App\r\nMOTTO=it's\r\nexport kie_api_key_01=\"{}\"\r\n\
         TELEGRAM_BOT_TOKEN=“{TOKEN}”\r\n",
        KEYS[1]
    );
    fs::write(servers.path(".env"), text).unwrap();
    let mut command = servers.command();
    command.env_remove("TELEGRAM_BOT_TOKEN").env("KIE_API_KEY", format!("'Bearer {}'", KEYS[0]));
    let bot = Bot::start(command);
    let anna = servers.telegram.person("Анна", "ru");
    servers.orders(&anna, 3);
    servers.closes(&anna);
    assert_eq!(anna.videos().len(), 3);
    let log = bot.stop();
    assert!(!log.contains("KIE refuses a key") && log.contains("keys=2"), "{log}");
}

#[test]
fn admins_who_never_pressed_start_are_named() {
    let mut servers = Servers::open();
    let olga = servers.telegram.person("Olga", "en");
    servers.lines[0] = format!("admins = [{}, 77001]", olga.id().0);
    let named = |log: &str| {
        let line = log.lines().find(|line| line.contains("not pressed Start")).unwrap_or_default();
        assert!(line.is_empty() || line.contains(" WARN "), "{line}");
        [olga.id().to_string(), "77001".to_owned()].map(|id| line.contains(&id))
    };
    let bot = servers.run();
    olga.sends_text("/start");
    servers.reads(&olga, "50 credits");
    assert_eq!(named(&bot.stop()), [true, true]);
    assert_eq!(named(&servers.run().stop()), [false, true]);
    olga.blocks();
    let bot = servers.run();
    bot.logs("reelbot runs");
    let blocked = "select count(*) from users where blocked_at is not null";
    servers.until("the block", || count(&servers.database(), blocked) == 1);
    bot.stop();
    assert_eq!(named(&servers.run().stop()), [true, true]);
}
