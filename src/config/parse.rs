//! From the text of a config file to its values.

use std::path::Path;

use serde::Serialize;
use toml::{Table, Value, de::DeTable};

use crate::config::{
    error::ConfigError,
    findings::{Finding, row, without_long_words},
    likeness::most_alike,
    options::{known, leaves},
    settings::Config,
    syntax::{faults, without},
    types::take_mistyped,
};

/// A config file, read.
pub struct Parsed {
    /// Its values, and the defaults for what it leaves out.
    pub config: Config,
    /// The dotted names of the values it gives; a list is one value.
    pub given: Vec<String>,
    /// Names that mean nothing to reelbot.
    pub unknown: Vec<UnknownKey>,
    /// Values of the wrong type, for which the config has its defaults, and rows for one thing.
    pub mistyped: Vec<Finding>,
}

/// A name in the file that means nothing to reelbot: a slip, or an option of another version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownKey {
    /// The dotted name as written, but for words as long as a key, which may be one that was
    /// pasted into the wrong place; rows of a list are counted from 0.
    pub key: String,
    /// The known name that is most like it.
    pub nearest: Option<String>,
}

impl UnknownKey {
    /// What is wrong, and what to do about it.
    pub fn finding(&self) -> Finding {
        let (key, problem) = (self.key.clone(), "is no option of reelbot".to_owned());
        Finding { key, problem, hint: self.hint() }
    }

    /// What the operator can do about it.
    pub fn hint(&self) -> String {
        match &self.nearest {
            Some(nearest) => format!("did you mean {nearest}?"),
            None => "remove it; `reelbot config example` prints every option".to_owned(),
        }
    }
}

/// Parses the text of the config file at `path`.
pub fn parse(text: &str, path: &Path) -> Result<Parsed, ConfigError> {
    let mut table = match table_of(text) {
        Ok(table) => table,
        Err(errors) => {
            let mut faults = faults(text, path, &errors);
            // The other lines can be told of in the same go.
            let rest = without(text, &faults);
            if let Ok(mut table) = table_of(&rest) {
                faults.extend(take_mistyped(&mut table, &rest));
            }
            return Err(ConfigError::Invalid(faults));
        }
    };
    let given = leaves(&table);
    let twice = named_twice(&table);
    let mut unknown = Vec::new();
    let mut read = |table: Table| {
        unknown.clear();
        serde_ignored::deserialize(table, |key| unknown.push(key.to_string()))
    };
    let (config, mistyped) = if let Ok(config) = read(table.clone()) {
        (config, Vec::new())
    } else {
        let mistyped = take_mistyped(&mut table, text);
        (read(table).map_err(|error| unexplained(path, &error))?, mistyped)
    };
    let known = known();
    let unknown = unknown.into_iter().map(|key| unknown_key(&key, &known)).collect();
    let mistyped = mistyped.into_iter().chain(twice).collect();
    Ok(Parsed { config, given, unknown, mistyped })
}

/// The models that two rows describe: each lies over a shipped one, so only the last would count.
fn named_twice(table: &Table) -> Vec<Finding> {
    let rows = table.get("models").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let slugs: Vec<&str> = rows.iter().filter_map(|row| row.get("slug")?.as_str()).collect();
    let twice = (1..slugs.len()).filter(|&at| slugs[..at].contains(&slugs[at]));
    let finding = |at: usize| Finding {
        key: format!("{}: slug", row("models", slugs[at])),
        problem: "is there twice".to_owned(),
        hint: "keep one row for each model".to_owned(),
    };
    twice.map(finding).collect()
}

/// The values of a text, or where it is no TOML.
fn table_of(text: &str) -> Result<Table, Vec<toml::de::Error>> {
    match DeTable::parse_recoverable(text).1 {
        errors if errors.is_empty() => toml::from_str(text).map_err(|error| vec![error]),
        errors => Err(errors),
    }
}

/// What no option alone is at fault for.
fn unexplained(path: &Path, error: &toml::de::Error) -> ConfigError {
    let problem = format!("is no config: {}", without_long_words(error.message()));
    let hint = "`reelbot config example` prints a complete one".to_owned();
    ConfigError::Invalid(vec![Finding { key: path.display().to_string(), problem, hint }])
}

fn unknown_key(key: &str, known: &Table) -> UnknownKey {
    let key: Vec<&str> = key.split('.').filter(|part| *part != "?").collect();
    let (name, parents) = key.split_last().expect("a key has a name");
    let nearest = siblings(known, parents)
        .and_then(|table| most_alike(name, table.keys().map(String::as_str)))
        .map(|nearest| [parents, &[nearest]].concat().join("."));
    let all = leaves(known);
    let elsewhere = || all.iter().find(|leaf| leaf.rsplit('.').next() == Some(name)).cloned();
    UnknownKey { key: without_long_words(&key.join(".")), nearest: nearest.or_else(elsewhere) }
}

/// The known names beside the one that was not known.
fn siblings<'a>(known: &'a Table, parents: &[&str]) -> Option<&'a Table> {
    let Some((first, rest)) = parents.split_first() else { return Some(known) };
    let mut value = known.get(*first)?;
    for part in rest {
        value = match value {
            Value::Array(rows) => rows.first()?,
            value => value.get(*part)?,
        };
    }
    value.as_table()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{check::check, findings::SHORTEST_SECRET};
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    fn unknown(text: &str) -> Vec<(String, Option<String>)> {
        let parsed = parse(text, Path::new("config.toml")).unwrap();
        parsed.unknown.into_iter().map(|unknown| (unknown.key, unknown.nearest)).collect()
    }

    fn some(key: &str, nearest: &str) -> (String, Option<String>) {
        (key.to_owned(), Some(nearest.to_owned()))
    }

    #[test]
    fn an_unknown_name_comes_with_the_nearest_known_one() {
        let text = r#"
            pol_interval = "1s"
            in_flight = 4
            [telegram]
            tokn = ""
            [gtp]
            model = "x"
            [kie]
            pol_interval = "1s"
            weather = "fine"
            [[presets]]
            id = "a"
            label = { ru = "А", en = "A", eng = "A" }
            idea = "A."
        "#;
        let nowhere = |key: &str| (key.to_owned(), None);
        let mut found = unknown(text);
        found.sort();
        assert_eq!(
            found,
            [
                some("gtp", "gpt"),
                some("in_flight", "kie.in_flight"),
                some("kie.pol_interval", "kie.poll_interval"),
                nowhere("kie.weather"),
                nowhere("pol_interval"),
                some("presets.0.label.eng", "presets.0.label.en"),
                some("telegram.tokn", "telegram.token"),
            ]
        );
    }

    #[test]
    fn values_of_the_wrong_type_are_told_all_at_once_with_their_lines() {
        let text = r#"
[telegram]
token = 12345
admins = "7"
language = "de"
messages_per_second = "thirty"
[workers]
count = "20"
idle_wait = 5
[kie]
poll_interval = "soon"
retry_delays = ["10s", 5]
creates_per_10s = -1
polls_per_second = "10"
aspect_ratio = "square"
seconds = 2.5
model = true
[credits]
counts = 3
welcome = "one"
[[presets]]
id = 5
label = { ru = "А", en = 7 }
[[models]]
slug = "mine"
image = { name = "i", shape = "lst" }
longest_prompt = "2000"
weather = 1
"#;
        let parsed = parse(text, Path::new("c.toml")).unwrap();
        let told: Vec<String> =
            parsed.mistyped.iter().map(|found| format!("{found} → {}", found.hint)).collect();
        assert_eq!(
            told,
            [
                "telegram.token in line 3 is a number, not text → put it in quotes: token = \"…\"",
                "telegram.admins in line 4 is the text \"7\", not a list → write a list: admins = [123456789]",
                "telegram.language in line 5 is the text \"de\", which it cannot be → write language = \"ru\" or \"en\"",
                "telegram.messages_per_second in line 6 is the text \"thirty\", not a number → write a number: messages_per_second = 30.0",
                "workers.count in line 8 is the text \"20\", not a number → leave the quotes out: count = 20",
                "workers.idle_wait in line 9 is the number 5, without a unit → write the unit, in quotes: idle_wait = \"5s\"",
                "kie.poll_interval in line 11 is the text \"soon\", not a duration → write it as \"100ms\", \"30s\" or \"2h\": poll_interval = \"30s\"",
                "kie.retry_delays in line 12 has the number 5, without a unit → write the unit, in quotes: retry_delays = [\"5s\"]",
                "kie.creates_per_10s in line 13 is the number -1, which is out of bounds → write a number from 0 up: creates_per_10s = 18",
                "kie.polls_per_second in line 14 is the text \"10\", not a number → leave the quotes out: polls_per_second = 10",
                "kie.aspect_ratio in line 15 is the text \"square\", which it cannot be → write aspect_ratio = \"9:16\" or \"portrait\" or \"3:4\" or \"1:1\" or \"16:9\" or \"landscape\"",
                "kie.seconds in line 16 is the number 2.5, not a whole number → write a whole number: seconds = 10",
                "kie.model in line 17 is true, not text → put it in quotes: model = \"true\"",
                "credits.counts in line 19 is the number 3, not a list → write a list: counts = [3]",
                "credits.welcome in line 20 is the text \"one\", not a whole number → write a whole number: welcome = 1",
                "presets 1: idea is missing in line 21 and below → add idea = \"a\"",
                "presets 1: id in line 22 is the number 5, not text → put it in quotes: id = \"5\"",
                "presets 1: label.en in line 23 is the number 7, not text → put it in quotes: en = \"7\"",
                "models \"mine\": image.shape in line 26 is the text \"lst\", which it cannot be → did you mean shape = \"list\"?",
                "models \"mine\": longest_prompt in line 27 is the text \"2000\", not a number → leave the quotes out: longest_prompt = 2000",
            ]
        );
        assert_eq!(parsed.unknown[0].key, "models.0.weather");
        let own = parsed.config.model("mine").unwrap();
        assert_eq!((own.longest_prompt, parsed.config.kie.seconds), (2000, 10));
    }

    #[test]
    fn sections_and_lists_that_are_none_are_told() {
        for (text, told) in [
            (
                "[backup]\nat = \"25:99\"",
                "backup.at in line 2 is the text \"25:99\", which it cannot be",
            ),
            ("[backup]\nat = 4", "backup.at in line 2 is the number 4, which it cannot be"),
            ("[backup]\nafter = [7]", "backup.after in line 2 has the number 7, not text"),
            ("kie = 5", "kie in line 1 is the number 5, not a section"),
            ("[[kie]]\nmodel = \"m\"", "kie in line 1 is a list, not a section"),
            ("[presets]\nid = \"a\"", "presets in line 1 is a table, not a list of them"),
            ("models = [\"sora\"]", "models in line 1 has the text \"sora\" in its list"),
            (
                "[telegram]\nadmins = [\"7\", 8]",
                "telegram.admins in line 2 has the text \"7\", not a number",
            ),
            (
                "[telegram]\nproxy = [\"socks5://u:pass@h\"]",
                "telegram.proxy in line 2 is a list, not text",
            ),
        ] {
            let parsed = parse(text, Path::new("c.toml")).unwrap();
            let found: Vec<String> = parsed.mistyped.iter().map(ToString::to_string).collect();
            assert_eq!(found, [told], "{text}");
        }
    }

    #[test]
    fn every_option_of_the_wrong_type_is_told_with_its_line() {
        let Value::Table(sections) = Value::Table(known()) else { unreachable!() };
        for (section, options) in sections {
            let Value::Table(options) = options else { continue };
            for (name, usual) in options {
                let wrong = if usual.is_str() { "7" } else { "\"seven\"" };
                let text = format!("[{section}]\n{name} = {wrong}\n");
                let parsed = parse(&text, Path::new("c.toml")).unwrap();
                let [found] = &parsed.mistyped[..] else { panic!("{text}: {:?}", parsed.mistyped) };
                assert_eq!(found.key, format!("{section}.{name}"));
                assert!(found.problem.starts_with("in line 2 is "), "{found}");
                assert!(found.hint.contains(&name), "{found}: {}", found.hint);
            }
        }
    }

    #[test]
    fn broken_lines_and_wrong_types_are_told_in_one_go_and_no_secret_is() {
        let text = "[telegram]\ntoken = 123456789:AAsecret\nadmins = \"7\"\n[kie]\npoll_interval = 30s\n\
                    seconds = \"12:AAsecretAAsecretAAsecret\"\n";
        let Err(ConfigError::Invalid(found)) = parse(text, Path::new("c.toml")) else { panic!() };
        let keys: Vec<&str> = found.iter().map(|finding| finding.key.as_str()).collect();
        assert_eq!(
            keys,
            ["line 2, column 9", "line 5, column 17", "telegram.admins", "kie.seconds"]
        );
        assert!(!format!("{found:?}").contains("AAsecret"), "{found:?}");
    }

    proptest! {
        #[test]
        fn what_is_no_config_is_told_with_its_line(text in texts(&files())) {
            let parsed = parse(&text, Path::new("c.toml"));
            match parsed {
                Ok(parsed) => {
                    let findings = check(&parsed.config);
                    prop_assert!(findings.iter().all(|finding| !finding.hint.is_empty()));
                    let unknown = parsed.unknown.iter().map(UnknownKey::finding);
                    for finding in unknown.chain(parsed.mistyped).chain(findings) {
                        let told = format!("{finding} {}", finding.hint);
                        prop_assert_eq!(long_word(&told), None);
                    }
                    let written = Table::try_from(&parsed.config);
                    prop_assert!(written.is_ok(), "{:?}", written.err());
                }
                Err(ConfigError::Invalid(findings)) => {
                    prop_assert!(!findings.is_empty());
                    for finding in findings {
                        let told = format!("{finding} {}", finding.hint);
                        let placed = told.contains("line ") || told.contains("recursion limit");
                        prop_assert!(placed, "{}", told);
                        prop_assert_eq!(long_word(&told), None);
                    }
                }
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }

    /// A word that is as long as a key.
    fn long_word(told: &str) -> Option<&str> {
        told.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| word.len() >= SHORTEST_SECRET)
    }

    #[test]
    fn a_key_pasted_into_the_place_of_a_name_is_not_repeated() {
        const KEY: &str = "0f3c9bd1a27e4c55b8d6e1f09a7c2b34";
        for text in [
            format!("{KEY} = \"\""),
            format!("[kie]\n{KEY} = 1"),
            format!("[kie]\n{KEY} ="),
            format!("[kie]\n{KEY} = sora"),
            format!("[kie]\n{KEY} = 1,"),
            format!("[kie]\n{KEY} = [1"),
            format!("[kie]\n{KEY} = {{"),
            format!("[kie]\n{KEY} = 99999999999999999999"),
            format!("[kie]\n{KEY}: \"\""),
            format!("[kie]\n{KEY}"),
            format!("[kie]\n{KEY} = 1\n{KEY} = 2"),
            format!("[{KEY}]\nmodel = \"a\""),
            format!("[{KEY}\nmodel = \"a\""),
            format!("[[{KEY}]]\nmodel = 1"),
            format!("[[presets]]\nid = \"{KEY}\"\nlabel = 1"),
            format!("[[presets]]\nid = \"{KEY}\"\nlabel = {{ ru = \"\", en = \"\" }}\nidea = \"\""),
            format!("[[models]]\nslug = \"{KEY}\"\n[[models]]\nslug = \"{KEY}\""),
            format!("[[models]]\nslug = \"a\"\nextra = {{ {KEY} = 2020-01-01 }}"),
            format!("[kie]\nmodel = \"{KEY}\"\nfallback_model = \"{KEY}\"\napi_url = \"{KEY}\""),
            format!(
                "[telegram]\ntimezone = \"{KEY}\"\nquiet_hours = \"{KEY}\"\nsupport = \"{KEY}\""
            ),
            format!("[log]\nlevel = \"{KEY}\"\n[backup]\nat = \"{KEY}\"\nevery = \"{KEY}\""),
        ] {
            let findings = match parse(&text, Path::new("c.toml")) {
                Ok(parsed) => {
                    let unknown = parsed.unknown.iter().map(UnknownKey::finding);
                    unknown.chain(parsed.mistyped).chain(check(&parsed.config)).collect()
                }
                Err(ConfigError::Invalid(findings)) => findings,
                Err(other) => panic!("{text}: {other}"),
            };
            assert!(!findings.is_empty(), "{text}");
            for finding in findings {
                let told = format!("{finding} {}", finding.hint);
                assert_eq!(long_word(&told), None, "{text}: {told}");
            }
        }
    }

    /// The example, and small files whose every part matters.
    fn files() -> Vec<String> {
        let models = include_str!("models.toml");
        vec![
            include_str!("../../config.example.toml").to_owned(),
            models.to_owned(),
            "[telegram]\ntoken = \"123456789:AAs3cretAAs3cretAAs3cret\"\nadmins = [7]\n".to_owned(),
            "[kie]\npoll_interval = \"30s\"\nretry_delays = [\"10s\", \"2h 3m\"]\n".to_owned(),
            "[workers]\ncount = 20\nshutdown_grace = \"30s\"\n".to_owned(),
            "[[models]]\nslug = \"m\"\nimage = { name = \"i\", shape = \"list\" }\n\
             longest_prompt = 9\nextra = { sound = true }\n"
                .to_owned(),
        ]
    }
}
