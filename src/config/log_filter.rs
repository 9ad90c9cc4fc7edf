//! `RUST_LOG`: a word that is no level would be taken for a part of the program, and silence all others.

use crate::config::{findings::Finding, likeness::most_alike};

/// The levels, the most silent first.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// What other programs call them.
const ALIASES: [(&str, &str); 9] = [
    ("none", "off"),
    ("quiet", "off"),
    ("err", "error"),
    ("fatal", "error"),
    ("critical", "error"),
    ("warning", "warn"),
    ("notice", "info"),
    ("verbose", "debug"),
    ("all", "trace"),
];

/// What is wrong with a filter, by its first word that is neither a level nor a part of reelbot.
pub(crate) fn slip(filter: &str) -> Option<Finding> {
    let words = filter.split(',').map(str::trim).filter(|word| !word.contains(['=', '[']));
    let word = words.into_iter().find(|word| !is_level(word) && !is_ours(word))?;
    let small = word.to_lowercase();
    let alias = ALIASES.iter().find(|(alias, _)| *alias == small).map(|(_, level)| *level);
    let hint = match alias.or_else(|| most_alike(&small, LEVELS.into_iter())) {
        Some(level) => format!("did you mean RUST_LOG={level}?"),
        None => format!(
            "write {}, or a part and its level: info,reelbot::worker=trace",
            LEVELS.join(", ")
        ),
    };
    let shown: String = word.chars().take(40).collect();
    Some(Finding {
        key: "RUST_LOG".to_owned(),
        problem: format!("has {shown}, which is no level"),
        hint,
    })
}

fn is_level(word: &str) -> bool {
    word.is_empty()
        || LEVELS.contains(&word.to_lowercase().as_str())
        || matches!(word, "0" | "1" | "2" | "3" | "4" | "5")
}

fn is_ours(word: &str) -> bool {
    word == "reelbot" || word.starts_with("reelbot::")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_level_is_told_with_the_one_that_may_be_meant() {
        for fine in [
            "info",
            "WARN",
            "off",
            "3",
            "reelbot",
            "reelbot::worker",
            "info,hyper=debug",
            "reelbot=trace",
            " debug , reelbot::store=trace",
            "[job]=info",
        ] {
            assert_eq!(slip(fine), None, "{fine}");
        }
        for (wrong, hint) in [
            ("loud", "write off, error"),
            ("warning", "did you mean RUST_LOG=warn?"),
            ("verbose", "did you mean RUST_LOG=debug?"),
            ("inof", "did you mean RUST_LOG=info?"),
            ("info,chatty", "write off, error"),
            ("true", "write off, error"),
            ("hyper", "write off, error"),
        ] {
            let found = slip(wrong).unwrap_or_else(|| panic!("{wrong}"));
            assert!(found.hint.starts_with(hint), "{wrong}: {}", found.hint);
        }
    }
}
