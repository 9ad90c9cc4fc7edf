//! From the text of a config file to its values.

use std::path::Path;

use serde::Serialize;
use toml::{Table, Value};

use crate::config::{
    error::ConfigError, findings::Finding, likeness::most_alike, settings::Config,
};

/// A word without a gap that is at least so long, in bytes, may be a token or a key
/// under a name that was mistyped.
const SHORTEST_SECRET: usize = 20;

/// A config file, read.
pub struct Parsed {
    /// Its values, and the defaults for what it leaves out.
    pub config: Config,
    /// The dotted names of the values it gives; a list is one value.
    pub given: Vec<String>,
    /// Names that mean nothing to reelbot.
    pub unknown: Vec<UnknownKey>,
}

/// A name in the file that means nothing to reelbot: a slip, or an option of another version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownKey {
    /// The dotted name as written; rows of a list are counted from 0.
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
    let broken = |error: toml::de::Error| ConfigError::Parse {
        path: path.to_owned(),
        message: without_secrets(error.to_string().trim_end()),
    };
    let mut unknown = Vec::new();
    let deserializer = toml::Deserializer::parse(text).map_err(broken)?;
    let config = serde_ignored::deserialize(deserializer, |key| unknown.push(key.to_string()))
        .map_err(broken)?;
    let table: Table = toml::from_str(text).map_err(broken)?;
    let known = known();
    let unknown = unknown.into_iter().map(|key| unknown_key(&key, &known)).collect();
    Ok(Parsed { config, given: leaves(&table), unknown })
}

/// The dotted names of all values of a table, sections resolved.
pub(crate) fn leaves(table: &Table) -> Vec<String> {
    let names = table.iter().flat_map(|(section, value)| match value {
        Value::Table(inner) => inner.keys().map(|key| format!("{section}.{key}")).collect(),
        _ => vec![section.clone()],
    });
    names.collect()
}

/// The defaults as TOML: the names that reelbot knows.
///
/// # Panics
///
/// Never: a test reads the defaults in this form.
pub(crate) fn known() -> Table {
    Table::try_from(Config::default()).expect("the defaults are tables, text and numbers")
}

fn unknown_key(key: &str, known: &Table) -> UnknownKey {
    let key: Vec<&str> = key.split('.').filter(|part| *part != "?").collect();
    let (name, parents) = key.split_last().expect("a key has a name");
    let nearest = siblings(known, parents)
        .and_then(|table| most_alike(name, table.keys().map(String::as_str)))
        .map(|nearest| [parents, &[nearest]].concat().join("."));
    let all = leaves(known);
    let elsewhere = || all.iter().find(|leaf| leaf.rsplit('.').next() == Some(name)).cloned();
    UnknownKey { key: key.join("."), nearest: nearest.or_else(elsewhere) }
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

/// TOML's message shows the line, as `2 | name = value`: of one with a token or a key only what
/// stands before the value is kept, and of any a word that is as long as one is left out.
fn without_secrets(message: &str) -> String {
    let hidden = |line: &str| {
        let (number, source) = line.split_once(" | ")?;
        let (name, _) = source.split_once('=')?;
        let secret = ["token", "key"].iter().any(|word| source.to_lowercase().contains(word));
        secret.then(|| format!("{number} | {name}= (not shown)"))
    };
    let lines: Vec<String> =
        message.lines().map(|line| hidden(line).unwrap_or_else(|| line.to_owned())).collect();
    without_long_words(&lines.join("\n"))
}

fn without_long_words(text: &str) -> String {
    let is_long = |word: &str| word.len() >= SHORTEST_SECRET;
    let ends = |c: char| !c.is_ascii_alphanumeric();
    let words = text.split_inclusive(ends).map(|word| match word.char_indices().next_back() {
        Some((at, end)) if ends(end) && is_long(&word[..at]) => format!("…{end}"),
        Some((_, end)) if !ends(end) && is_long(word) => "…".to_owned(),
        _ => word.to_owned(),
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::check::check;
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
    fn broken_toml_shows_its_place_but_no_secret() {
        let broken = |text: &str| {
            let error = parse(text, Path::new("config.toml")).err().expect("it is broken");
            error.to_string()
        };
        let place = broken("[workers]\ncount = twenty\n");
        assert!(place.contains("line 2") && place.contains("2 | count = twenty"), "{place}");
        assert!(place.contains('^'), "{place}");
        let kept = broken("[telegram]\ntoken = 123456789:AAsecret\n");
        assert!(kept.contains("line 2") && !kept.contains("secret"), "{kept}");
        for slip in ["tok en = 12:AAsecretAAsecretAAsecret", "tokn = \"12:AAsecretAAsecretAAsecret"]
        {
            let slip = broken(slip);
            assert!(slip.contains("line 1") && !slip.contains("secret"), "{slip}");
        }
        let inline = broken("telegram = { token = 123456789:AAsecret }\n");
        assert!(inline.contains("line 1") && !inline.contains("secret"), "{inline}");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named() {
        for (text, expected) in [
            ("[kie]\npoll_interval = \"soon\"", "\"soon\" is no duration: write it as"),
            ("[kie]\naspect_ratio = \"square\"", "expected `portrait` or `landscape`"),
            ("[workers]\ncount = -1", "count = -1"),
            ("[kie]\nretry_delays = [\"10s\", 5]", "retry_delays = [\"10s\", 5]"),
        ] {
            let error = parse(text, Path::new("c.toml")).err().expect(text).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
    proptest! {
        #[test]
        fn what_is_no_config_is_told_with_its_line(text in texts(&files())) {
            let parsed = parse(&text, Path::new("c.toml"));
            match parsed {
                Ok(parsed) => {
                    let findings = check(&parsed.config);
                    prop_assert!(findings.iter().all(|finding| !finding.hint.is_empty()));
                    let written = Table::try_from(&parsed.config);
                    prop_assert!(written.is_ok(), "{:?}", written.err());
                }
                Err(ConfigError::Parse { message, .. }) => {
                    let placed = message.contains("line ") || message == "recursion limit";
                    prop_assert!(placed, "{}", message);
                    let long = message
                        .split(|c: char| !c.is_ascii_alphanumeric())
                        .find(|word| word.len() >= SHORTEST_SECRET);
                    prop_assert_eq!(long, None);
                }
                Err(other) => prop_assert!(false, "{other}"),
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
