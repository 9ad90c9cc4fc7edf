//! Secrets that cannot be printed by accident.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::{pasted::is_quote, text::is_zero_width};

/// A token or an API key. Every way of showing it yields only its [mask](Secret::mask).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret that a program wrote down, without white space around it.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Wraps a secret that a person gave, without what is certainly no part of it: invisible
    /// characters anywhere; white space, quotes, commas, `Bearer` and `NAME=` around it.
    pub fn from_input(text: &str) -> Self {
        let visible: String = text.chars().filter(|c| !is_zero_width(*c)).collect();
        let mut secret = bare(&visible);
        while let Some(rest) = without_prefix(secret) {
            secret = bare(rest);
        }
        Self(secret.to_owned())
    }

    /// What is in it that no token or key has; the first such character. An HTTP header could not
    /// carry most of them, and no server would know the secret.
    pub fn fault(&self) -> Option<SecretFault> {
        let last = self.0.chars().count();
        self.0.chars().zip(1..).find_map(|(character, position)| {
            let is_end = position == 1 || position == last;
            let fits = character.is_ascii_graphic() && !(is_end && is_quote(character));
            (!fits).then_some(SecretFault { position, character })
        })
    }

    /// The secret itself: for the one call that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `…` and the last four characters; of a short secret only `…`.
    pub fn mask(&self) -> String {
        let length = self.0.chars().count();
        let shown = if length >= 12 { 4 } else { 0 };
        let tail: String = self.0.chars().skip(length - shown).collect();
        format!("…{tail}")
    }
}

/// What stands between white space, quotes and the signs of a list.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_quote(c) || matches!(c, ',' | ';'))
}

/// What follows `Bearer`, or the name of a variable, option or header for secrets.
fn without_prefix(text: &str) -> Option<&str> {
    if text.eq_ignore_ascii_case("bearer") {
        return Some("");
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let (word, rest) = text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()));
    let is_spaced = rest.starts_with(char::is_whitespace);
    if is_spaced && ["bearer", "export"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        return Some(rest);
    }
    let name = word.to_ascii_uppercase();
    let is_name = ["KEY", "TOKEN", "AUTHORIZATION"].iter().any(|part| name.contains(part));
    let value = match rest.trim_start().split_at_checked(1)? {
        // At the end of a secret `=` fills it up.
        ("=", value) => value,
        // In a secret `:` may be followed by anything but white space.
        (":", value) if value.starts_with(char::is_whitespace) => value,
        _ => return None,
    };
    (is_name && !value.trim_start_matches('=').is_empty()).then_some(value)
}

/// A character that no token or key has, by its place and kind: never with what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretFault {
    /// Its place in the secret, from 1.
    position: usize,
    character: char,
}

impl fmt::Display for SecretFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, character } = *self;
        write!(f, "character {position} is ")?;
        if let Some((script, latin)) = look_alike(character) {
            return write!(f, "a {script} letter that looks like Latin {latin}");
        }
        match character {
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => f.write_str("a line break"),
            c if c.is_whitespace() => f.write_str("a space"),
            c if c.is_control() => write!(f, "a control character (U+{:04X})", u32::from(c)),
            c if is_quote(c) => f.write_str("a quotation mark"),
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => {
                f.write_str("a dash that looks like -")
            }
            '…' => f.write_str("… for what was left out: this is not the whole of it"),
            '\u{fffd}' => f.write_str("in another encoding than UTF-8"),
            '\u{400}'..='\u{52f}' => f.write_str("a Cyrillic letter"),
            '\u{370}'..='\u{3ff}' => f.write_str("a Greek letter"),
            '\u{ff01}'..='\u{ff5e}' => f.write_str("a full-width form"),
            c => write!(f, "no Latin letter, digit or sign (U+{:04X})", u32::from(c)),
        }
    }
}

/// The script of a letter that looks like a Latin one, and that one.
fn look_alike(c: char) -> Option<(&'static str, char)> {
    let scripts = [
        (
            "Cyrillic",
            "аАВсСԁеЕѐѓһНіІїјЈкКМоОпрРгԛѕЅТуУѵѡԝхХԀӏЬ",
            "aABcCdeEeghHiIijJkKMoOnpPrqsSTyYvwwxXdlb",
        ),
        ("Greek", "αΑΒϲϹΕΗιΙϳΚκΜΝνοΟρΡΤτυΥΧχΖγ", "aABcCEHiIjKkMNvoOpPTtuYXxZy"),
    ];
    scripts.into_iter().find_map(|(script, letters, latin)| {
        let at = letters.chars().position(|letter| letter == c)?;
        Some((script, latin.chars().nth(at)?))
    })
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.mask())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = if self.is_empty() { String::new() } else { self.mask() };
        serializer.serialize_str(&shown)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from_input(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn no_way_of_printing_shows_a_secret() {
        let key = Secret::new(" 0123456789abcdef0123456789abcdef\n");
        assert_eq!(key.mask(), "…cdef");
        assert_eq!(format!("{key:?}"), "Secret(…cdef)");
        assert_eq!(serde_json::to_string(&key).unwrap(), "\"…cdef\"");
        assert_eq!(Secret::new("short").mask(), "…");
    }

    #[test]
    fn what_is_pasted_along_with_a_secret_is_no_part_of_it() {
        for (before, after) in [
            ("", ""),
            (" \t", "\r\n"),
            ("\u{feff}", ""),
            ("\u{200b}\u{2060}", "\u{200d}\u{ad}"),
            ("\u{a0}", "\u{202f}\u{3000}"),
            ("\"", "\""),
            ("'", "'"),
            ("`", "`"),
            ("“", "”"),
            ("„", "“"),
            ("«", "»"),
            ("‘", "’"),
            ("\u{feff}\"' ", " '\"\n"),
            ("\"", ""),
            ("", "”"),
            ("\"", "\","),
            ("", ";"),
            ("Bearer ", ""),
            ("bearer\u{a0}", ""),
            ("Authorization: Bearer ", ""),
            ("\"Authorization: Bearer ", "\""),
            ("authorization:\tBearer ", ""),
            ("KIE_API_KEY=", ""),
            ("export KIE_API_KEY_2=\"", "\""),
            ("kie_api_key = '", "'"),
            ("X-Api-Key: ", ""),
            ("token: ", ""),
            ("TELEGRAM_BOT_TOKEN=", "\u{feff}"),
        ] {
            for secret in [KEY, "123456789:AAh-x_9=", "sk-proj-a_b-Cd", "YWJj=="] {
                let pasted = format!("{before}{secret}{after}");
                assert_eq!(Secret::from_input(&pasted), Secret(secret.to_owned()), "{pasted:?}");
                assert_eq!(Secret::from_input(&pasted).fault(), None, "{pasted:?}");
            }
        }
        let within = format!("{}\u{200b}{}\u{feff}", &KEY[..9], &KEY[9..]);
        assert_eq!(Secret::from_input(&within).expose(), KEY);
        for nothing in ["", " ", "\u{feff}", "\"\"", "Bearer ", "\u{200b}\n"] {
            assert!(Secret::from_input(nothing).is_empty(), "{nothing:?}");
        }
    }

    #[test]
    fn a_secret_that_only_looks_as_if_it_had_a_name_stays_whole() {
        for secret in ["token:x", "key==", "mykey=", "1234:key", "bearerabc", "a=b", "tokenless"] {
            assert_eq!(Secret::from_input(secret).expose(), secret);
        }
    }

    #[test]
    fn what_no_secret_has_is_named_by_place_and_kind() {
        for (text, fault) in [
            ("0123а567", "character 5 is a Cyrillic letter that looks like Latin a"),
            ("Т12345", "character 1 is a Cyrillic letter that looks like Latin T"),
            ("12345ж", "character 6 is a Cyrillic letter"),
            ("1ο3", "character 2 is a Greek letter that looks like Latin o"),
            ("two words", "character 4 is a space"),
            ("two\u{a0}words", "character 4 is a space"),
            ("two\nlines", "character 4 is a line break"),
            ("two\u{2028}lines", "character 4 is a line break"),
            ("sk–proj", "character 3 is a dash that looks like -"),
            ("a\u{1b}b", "character 2 is a control character (U+001B)"),
            ("a\0b", "character 2 is a control character (U+0000)"),
            ("ａbc", "character 1 is a full-width form"),
            ("a\u{fffd}c", "character 2 is in another encoding than UTF-8"),
            ("sk-proj…AbCd", "character 8 is … for what was left out: this is not the whole of it"),
            ("emo🔑ji", "character 4 is no Latin letter, digit or sign (U+1F511)"),
            ("é", "character 1 is no Latin letter, digit or sign (U+00E9)"),
        ] {
            let said = Secret::from_input(text).fault().map(|fault| fault.to_string());
            assert_eq!(said.as_deref(), Some(fault), "{text:?}");
        }
        for stored in ["\"0123\"", "‘0123", "0123'"] {
            let said = Secret::new(stored).fault().map(|fault| fault.to_string());
            assert!(said.is_some_and(|said| said.ends_with("a quotation mark")), "{stored}");
        }
        assert_eq!(Secret::new("it's\"in").fault(), None);
    }

    #[test]
    fn each_look_alike_has_its_latin_letter() {
        for c in ('\u{370}'..='\u{52f}').filter(|c| look_alike(*c).is_some()) {
            assert!(look_alike(c).is_some_and(|(_, latin)| latin.is_ascii_alphabetic()), "{c}");
        }
        assert_eq!(look_alike('Ь'), Some(("Cyrillic", 'b')));
        assert_eq!(look_alike('γ'), Some(("Greek", 'y')));
    }

    proptest! {
        #[test]
        fn what_is_left_of_any_text_can_be_sent_or_is_refused_without_being_told(
            text in texts(&inputs())
        ) {
            let secret = Secret::from_input(&text);
            prop_assert_eq!(&Secret::from_input(secret.expose()), &secret);
            match secret.fault() {
                None => prop_assert!(secret.expose().chars().all(|c| c.is_ascii_graphic())),
                Some(fault) => {
                    prop_assert!((1..=secret.expose().chars().count()).contains(&fault.position));
                    let said = fault.to_string();
                    prop_assert!(said.len() < 100 && !said.contains("s3cret"), "{}", said);
                }
            }
        }
    }

    fn inputs() -> Vec<String> {
        vec![
            "Authorization: Bearer s3cret-0123456789abcdef\n".to_owned(),
            "export KIE_API_KEY=\"s3cret-0123456789\"\n".to_owned(),
            "\u{feff}«123456789:AAs3cretAAs3cret»".to_owned(),
            "'s3сret\u{200b}-0123'".to_owned(),
        ]
    }
}
