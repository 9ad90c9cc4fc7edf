//! The names of reelbot's variables, as people write them.

use crate::domain::text::trimmed;

/// The variables that carry a number: keys and their accounts.
const NUMBERED: [&str; 2] = ["KIE_API_KEY", "KIE_ACCOUNT"];

/// The variables that there is one of.
const SINGLE: [&str; 4] =
    ["TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY", "REELBOT_DATABASE", "REELBOT_CONFIG"];

/// How the names begin that nobody else uses.
const PREFIXES: [&str; 4] = ["KIE_", "KIEAI_", "REELBOT", "TELEGRAM_BOT"];

/// What other programs call the same.
const ALIASES: [(&str, &str); 13] = [
    ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
    ("TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
    ("TELEGRAM_API_TOKEN", "TELEGRAM_BOT_TOKEN"),
    ("TELEGRAM_API_KEY", "TELEGRAM_BOT_TOKEN"),
    ("TG_TOKEN", "TELEGRAM_BOT_TOKEN"),
    ("TG_BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
    ("TELOXIDE_TOKEN", "TELEGRAM_BOT_TOKEN"),
    ("REELBOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
    ("OPENAI_KEY", "OPENAI_API_KEY"),
    ("OPENAI_TOKEN", "OPENAI_API_KEY"),
    ("OPENAI_API_TOKEN", "OPENAI_API_KEY"),
    ("GPT_API_KEY", "OPENAI_API_KEY"),
    ("REELBOT_DB", "REELBOT_DATABASE"),
];

/// The longest name that is compared with ours, in bytes.
const LONGEST_NAME: usize = 100;

/// The name of the variable that is meant, as we write it: letters may be small, `-` stands for
/// `_`, and a number may have zeros before it or no `_`: `KIE_API_KEY_1` for `kie_api_key01`.
pub(crate) fn canonical(written: &str) -> Option<String> {
    let (base, suffix) = parts(written);
    if SINGLE.contains(&base.as_str()) && (base != "REELBOT_CONFIG" || suffix.is_empty()) {
        return Some(base + suffix);
    }
    let (name, rest) = NUMBERED.iter().find_map(|name| Some((name, base.strip_prefix(name)?)))?;
    if rest.is_empty() {
        return Some(format!("{name}{suffix}"));
    }
    let digits = rest.trim_start_matches('_');
    let number: u32 = digits.parse().ok().filter(|_| !digits.starts_with('+'))?;
    Some(format!("{name}_{number}{suffix}"))
}

/// The number of a variable, by its name as we write it, that holds KIE keys or names a file with
/// them; that without a number has none.
pub(crate) fn key_number(canonical: &str) -> Option<u32> {
    let name = canonical.strip_suffix("_FILE").unwrap_or(canonical);
    name.strip_prefix("KIE_API_KEY_")?.parse().ok()
}

/// The variable that may have been meant by a name that is none of ours.
pub(crate) fn meant(written: &str) -> Option<&'static str> {
    if written.len() > LONGEST_NAME || canonical(written).is_some() {
        return None;
    }
    let (base, _) = parts(written);
    if let Some((_, name)) = ALIASES.iter().find(|(alias, _)| *alias == base) {
        return Some(name);
    }
    let names = || NUMBERED.into_iter().chain(SINGLE);
    let own = base.strip_prefix("REELBOT_").and_then(canonical);
    if let Some(name) = own.and_then(|own| names().find(|name| own.starts_with(name))) {
        return Some(name);
    }
    let stem = squeezed(base.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_'));
    let nearest = names().map(|name| (strsim::damerau_levenshtein(&stem, &squeezed(name)), name));
    let (slips, name) = nearest.min_by_key(|(slips, _)| *slips)?;
    (is_reserved(written) || slips <= squeezed(name).len() / 6).then_some(name)
}

/// Whether a name begins as only ours do.
pub(crate) fn is_reserved(written: &str) -> bool {
    let (base, _) = parts(written);
    PREFIXES.iter().any(|prefix| base.starts_with(prefix))
}

/// What a name that is not read should be.
pub(crate) fn advice(meant: &str) -> String {
    match meant {
        "KIE_API_KEY" => {
            "did you mean KIE_API_KEY? Several are KIE_API_KEY_1, KIE_API_KEY_2, …".to_owned()
        }
        "KIE_ACCOUNT" => "did you mean KIE_ACCOUNT, or KIE_ACCOUNT_1 for KIE_API_KEY_1?".to_owned(),
        _ => format!("did you mean {meant}?"),
    }
}

/// The name in capitals, and `_FILE` where it ends so.
fn parts(written: &str) -> (String, &'static str) {
    let name = trimmed(written).to_uppercase().replace('-', "_");
    match name.strip_suffix("_FILE") {
        Some(base) => (base.to_owned(), "_FILE"),
        None => (name, ""),
    }
}

fn squeezed(name: &str) -> String {
    name.replace('_', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_however_it_is_written() {
        for (written, name) in [
            ("KIE_API_KEY", "KIE_API_KEY"),
            ("kie_api_key", "KIE_API_KEY"),
            ("Kie_Api_Key_2", "KIE_API_KEY_2"),
            ("KIE_API_KEY_01", "KIE_API_KEY_1"),
            ("KIE_API_KEY_000", "KIE_API_KEY_0"),
            ("KIE_API_KEY1", "KIE_API_KEY_1"),
            ("KIE_API_KEY__7", "KIE_API_KEY_7"),
            ("kie-api-key-4", "KIE_API_KEY_4"),
            ("kie_api_key_03_file", "KIE_API_KEY_3_FILE"),
            ("KIE_API_KEY_FILE", "KIE_API_KEY_FILE"),
            ("kie_account_01", "KIE_ACCOUNT_1"),
            ("\u{feff}telegram_bot_token", "TELEGRAM_BOT_TOKEN"),
            ("Telegram_Bot_Token_File", "TELEGRAM_BOT_TOKEN_FILE"),
            ("openai_api_key", "OPENAI_API_KEY"),
            ("reelbot_config", "REELBOT_CONFIG"),
        ] {
            assert_eq!(canonical(written).as_deref(), Some(name), "{written}");
            assert_eq!(canonical(name).as_deref(), Some(name));
            assert_eq!(meant(written), None, "{written}");
        }
    }

    #[test]
    fn a_name_that_looks_like_ours_has_a_nearest_one() {
        for (written, name) in [
            ("KIE_API_KEYS", "KIE_API_KEY"),
            ("KIE_KEY", "KIE_API_KEY"),
            ("kie_token", "KIE_API_KEY"),
            ("KIE_API_KEY_", "KIE_API_KEY"),
            ("KIE_API_KEY_X", "KIE_API_KEY"),
            ("KIE_API_KEY_+1", "KIE_API_KEY"),
            ("KIE_API_KEY_99999999999", "KIE_API_KEY"),
            ("KIE_APIKEY_2", "KIE_API_KEY"),
            ("KIEAPIKEY", "KIE_API_KEY"),
            ("KEI_API_KEY", "KIE_API_KEY"),
            // The first letter is Cyrillic.
            ("КIE_API_KEY", "KIE_API_KEY"),
            ("KIE_API_KEYS_FILE", "KIE_API_KEY"),
            ("KIE_ACCOUNTS", "KIE_ACCOUNT"),
            ("KIE_ACOUNT_1", "KIE_ACCOUNT"),
            ("BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
            ("telegram_token", "TELEGRAM_BOT_TOKEN"),
            ("TELEGRAM_TOKEN_FILE", "TELEGRAM_BOT_TOKEN"),
            ("TELEGRAM_BOT_TOKENS", "TELEGRAM_BOT_TOKEN"),
            ("TELEGRAM_BOT_KEY", "TELEGRAM_BOT_TOKEN"),
            ("TELEGRAMBOTTOKEN", "TELEGRAM_BOT_TOKEN"),
            ("OPENAI_APIKEY", "OPENAI_API_KEY"),
            ("OPEN_AI_API_KEY", "OPENAI_API_KEY"),
            ("REELBOT_DB", "REELBOT_DATABASE"),
            ("REELBOT_DATABASE_PATH", "REELBOT_DATABASE"),
            ("REELBOT_CONFIG_FILE", "REELBOT_CONFIG"),
            ("REELBOT_KIE_API_KEY_1", "KIE_API_KEY"),
            ("REELBOT_TELEGRAM_BOT_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ] {
            assert_eq!(canonical(written), None, "{written}");
            assert_eq!(meant(written), Some(name), "{written}");
        }
    }

    #[test]
    fn a_name_of_somebody_elses_is_left_alone() {
        for name in [
            "",
            "PATH",
            "HOME",
            "APP_NAME",
            "DATABASE_URL",
            "API_KEY",
            "AWS_API_KEY",
            "TOKEN",
            "STRIPE_API_KEY",
            "OPENAI_BASE_URL",
            "OPENAI_ORG_ID",
            "KIEV",
            "TELEGRAM_CHAT_ID",
            "CONFIG",
            "RUST_LOG",
            &"KIE_".repeat(50),
        ] {
            assert_eq!((canonical(name), meant(name)), (None, None), "{name}");
        }
    }

    #[test]
    fn keys_have_their_number() {
        assert_eq!(key_number("KIE_API_KEY_7"), Some(7));
        assert_eq!(key_number("KIE_API_KEY_7_FILE"), Some(7));
        for name in ["KIE_API_KEY", "KIE_API_KEY_FILE", "KIE_ACCOUNT_1"] {
            assert_eq!(key_number(name), None, "{name}");
        }
    }
}
