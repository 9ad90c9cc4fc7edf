//! What an operator has changed in the config of a bot that runs.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::config::{
    options::{known, leaves},
    settings::Config,
};

/// What is built into a bot when it starts: a change of it waits for the next start.
const AT_START: [&str; 17] = [
    "telegram.token",
    "telegram.token_file",
    "telegram.api_url",
    "telegram.file_url",
    "telegram.proxy",
    "telegram.messages_per_second",
    "telegram.messages_per_second_per_chat",
    "database.path",
    "database.checkpoints",
    "database.replica_lag",
    "workers.count",
    "kie.api_url",
    "kie.upload_url",
    "kie.proxy",
    "health.ping_url",
    "metrics.listen",
    "metrics.public",
];

/// The dotted names of the values that differ between two configs. A list is one value.
pub(crate) fn changed(before: &Config, after: &Config) -> BTreeSet<String> {
    let [old, new] = [before, after].map(|config| Table::try_from(config).unwrap_or_default());
    let differs = |key: &String| value(&old, key) != value(&new, key);
    leaves(&known()).into_iter().filter(differs).chain(changed_secrets(before, after)).collect()
}

/// Those of the changed names whose values are built into the bot, which started with others.
pub(crate) fn waiting(
    changed: &BTreeSet<String>,
    started: &Config,
    now: &Config,
) -> BTreeSet<String> {
    let differs = self::changed(started, now);
    let waits = |key: &&String| AT_START.contains(&key.as_str()) && differs.contains(*key);
    changed.iter().filter(waits).cloned().collect()
}

fn value<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        Some((section, name)) => table.get(section)?.get(name),
        None => table.get(key),
    }
}

/// What holds a secret shows only its mask, which two secrets may share.
fn changed_secrets(before: &Config, after: &Config) -> impl Iterator<Item = String> {
    let pairs = [
        ("telegram.token", before.telegram.token != after.telegram.token),
        ("telegram.proxy", before.telegram.proxy != after.telegram.proxy),
        ("kie.proxy", before.kie.proxy != after.kie.proxy),
        ("gpt.api_key", before.gpt.api_key != after.gpt.api_key),
        ("gpt.proxy", before.gpt.proxy != after.gpt.proxy),
        ("health.ping_url", before.health.ping_url != after.health.ping_url),
    ];
    pairs.into_iter().filter(|(_, differs)| *differs).map(|(key, _)| key.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        toml::from_str(text).unwrap()
    }

    fn names(before: &str, after: &str) -> Vec<String> {
        changed(&config(before), &config(after)).into_iter().collect()
    }

    /// What takes effect while the bot runs.
    const AT_ONCE: [&str; 38] = [
        "telegram.language",
        "telegram.timezone",
        "telegram.quiet_hours",
        "telegram.admins",
        "telegram.support",
        "workers.idle_wait",
        "workers.shutdown_grace",
        "kie.model",
        "kie.fallback_model",
        "kie.poll_interval",
        "kie.poll_interval_min",
        "kie.render_timeout",
        "kie.retry_delays",
        "kie.creates_per_10s",
        "kie.in_flight",
        "kie.polls_per_second",
        "kie.aspect_ratio",
        "kie.seconds",
        "kie.hold",
        "kie.low_balance",
        "gpt.api_url",
        "gpt.model",
        "gpt.api_key",
        "gpt.api_key_file",
        "gpt.proxy",
        "gpt.vision",
        "gpt.transcribe_model",
        "gpt.timeout",
        "credits.welcome",
        "credits.counts",
        "backup.dir",
        "backup.at",
        "backup.keep_daily",
        "backup.keep_weekly",
        "backup.after",
        "log.level",
        "texts.dir",
        "presets",
    ];

    #[test]
    fn it_is_known_of_every_option_when_a_change_takes_effect() {
        let listed = AT_START.into_iter().chain(AT_ONCE).chain(["models"]);
        let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
        let mut options: BTreeSet<String> = leaves(&known()).into_iter().collect();
        options.insert("models".to_owned());
        assert_eq!(listed, options);
    }

    #[test]
    fn changes_are_named_and_lists_are_one_value() {
        assert_eq!(names("", ""), [""; 0]);
        assert_eq!(names("", "[credits]\nwelcome = 1"), [""; 0], "the default, written down");
        let texts = "presets = []\n[credits]\nwelcome = 2\ncounts = [1]\n[texts]\ndir = \"t\"";
        assert_eq!(names("", texts), ["credits.counts", "credits.welcome", "presets", "texts.dir"]);
        let priced = "[[models]]\nslug = \"sora-2-image-to-video\"\ncredits = 2\nlongest_prompt = 9\n\
                      image = { name = \"i\", shape = \"list\" }";
        assert_eq!(names("", priced), ["models"]);
    }

    #[test]
    fn secrets_that_look_alike_are_told_apart_and_none_is_shown() {
        let with = |secret: &str| {
            config(&format!(
                "[telegram]\ntoken = \"1:{secret}-tail\"\nproxy = \"http://u:{secret}@h:1\"\n\
                 [gpt]\napi_key = \"{secret}-tail\""
            ))
        };
        let names = changed(&with("aaaaaaaaaaaa"), &with("bbbbbbbbbbbb"));
        let expected = ["gpt.api_key", "telegram.proxy", "telegram.token"];
        assert_eq!(names.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_what_is_built_in_and_is_not_as_at_the_start_waits() {
        let started = config("[workers]\ncount = 20");
        let before = config("[workers]\ncount = 30\n[credits]\nwelcome = 3");
        let after = config("[workers]\ncount = 40\n[credits]\nwelcome = 4");
        let waits = |before: &Config, after: &Config| {
            waiting(&changed(before, after), &started, after).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(waits(&before, &after), ["workers.count"]);
        assert_eq!(waits(&before, &started), [""; 0], "it is as it was");
        let other = Config { presets: Vec::new(), ..before.clone() };
        assert_eq!(waits(&before, &other), [""; 0], "that was said before");
    }
}
