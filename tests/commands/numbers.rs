//! `status`, `stats` and `health`: what they say without a running bot, and that docs/json.md names what
//! their JSON holds.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::shell::{ANNAS_ORDER, GOOD, Shell};

/// A database with a person, an order that failed and was refunded, and a key.
fn shop() -> Shell {
    let shell = Shell::new();
    shell.adds_anna();
    shell.adds_key("keys add", GOOD);
    shell.runs("credits grant 7001 10");
    shell.sql(ANNAS_ORDER);
    shell
}

#[test]
fn status_shows_what_there_is_while_no_bot_runs() {
    let shell = shop();
    let status = shell.runs("status");
    for words in
        ["✗ no bot runs on", "orders     ✓ taken", "◌ none yet", "1250.5", "free on its disk"]
    {
        assert!(status.contains(words), "{words}:\n{status}");
    }
    shell.runs("pause");
    assert!(shell.runs("status").contains("✗ paused since "));
    let json = shell.json("status --json");
    assert_eq!((&json["healthy"], &json["run"]), (&false.into(), &Value::Null));
    assert!(json["paused_since"].is_string(), "{json}");
}

#[test]
fn stats_agree_with_the_ledger() {
    let shell = shop();
    let json = shell.json("stats --since 1970-01-02 --json");
    let total = &json["total"];
    let number = |name: &str| total[name].as_i64().unwrap();
    let balances: i64 = {
        let users = shell.json("users list --json");
        users.as_array().unwrap().iter().map(|user| user["credits"].as_i64().unwrap()).sum()
    };
    assert_eq!(number("credits_in") - number("credits_out"), balances, "{json}");
    let kinds = total["credits_by_kind"].as_object().unwrap();
    assert_eq!(kinds.values().map(|sum| sum.as_i64().unwrap()).sum::<i64>(), balances, "{json}");
    let of_days = |name: &str| -> i64 {
        let days = json["days"].as_array().unwrap();
        days.iter().map(|day| day[name].as_i64().unwrap()).sum()
    };
    for name in ["orders", "videos_ordered", "delivered", "refunded", "credits_in", "credits_out"] {
        assert_eq!(of_days(name), number(name), "{name}: {json}");
    }
    let text = shell.runs("stats --since 2d");
    assert!(
        text.contains("delivered") && text.lines().all(|line| line.chars().count() <= 80),
        "{text}"
    );
    let wrong = shell.run("stats --since yesterday", "");
    let sentence = "\"yesterday\" is no time: write it as 7d, 12h or 2026-01-31";
    assert!(wrong.code == 2 && wrong.err.contains(sentence), "{wrong:?}");
}

#[test]
fn health_without_a_bot_is_1_and_says_what_to_do() {
    let shell = shop();
    shell.fails("health", 1, "no bot runs on", "start it with `reelbot run`");
    let output = shell.run("health --wait 1s --json", "");
    assert_eq!(output.code, 1, "{output:?}");
    let json: Value = serde_json::from_str(&output.out).unwrap();
    assert_eq!((&json["healthy"], &json["ailments"][0]["part"]), (&false.into(), &"pulse".into()));
}

/// The names of all fields, those within others too.
fn fields(json: &Value, found: &mut BTreeSet<String>) {
    match json {
        Value::Object(object) => object.iter().for_each(|(name, value)| {
            found.insert(name.clone());
            // Its fields are kinds, not names.
            if name != "failed" && name != "credits_by_kind" {
                fields(value, found);
            }
        }),
        Value::Array(values) => values.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

#[test]
fn every_field_of_their_json_is_in_the_contract() {
    let shell = shop();
    let page = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/json.md")).unwrap();
    let mut found = BTreeSet::new();
    for line in ["status --json", "stats --since 1970-01-02 --json"] {
        fields(&shell.json(line), &mut found);
    }
    fields(&serde_json::from_str(&shell.run("health --json", "").out).unwrap(), &mut found);
    assert!(found.len() > 40, "{found:?}");
    for name in found {
        assert!(page.contains(&format!("`{name}`")), "docs/json.md does not name `{name}`");
    }
}
