//! What is wrong with a config: collected, so that the operator can correct it in one go.

use std::{fmt, ops::RangeInclusive, time::Duration};

use serde::Serialize;

use crate::config::duration::text;
use crate::domain::{secret::Secret, text::is_blank};

/// The longest duration that makes sense: 30 days.
const LONGEST: Duration = Duration::from_hours(30 * 24);

/// A word without a gap that is at least so long, in bytes, may be a token or a key
/// under a name that was mistyped.
pub(crate) const SHORTEST_SECRET: usize = 20;

/// One wrong value and how to correct it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The dotted name, `kie.poll_interval`.
    pub key: String,
    /// What is wrong, as the rest of a sentence that begins with the key.
    pub problem: String,
    /// What to write instead.
    pub hint: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key, self.problem)
    }
}

/// Findings in the order of the file.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Notes a finding.
    pub fn add(
        &mut self,
        key: impl Into<String>,
        problem: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.0.push(Finding { key: key.into(), problem: problem.into(), hint: hint.into() });
    }

    /// Asks for an address that begins with http:// or https:// and names a host.
    pub fn expect_url(&mut self, key: &str, url: &str) {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let fits = rest.is_some_and(|rest| {
            let plain = |c: char| c.is_ascii_graphic() && !"?#\"<>".contains(c);
            rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
                && rest.chars().all(plain)
        });
        if !fits {
            let hint = "write it with its scheme and host, as in \"https://example.com\"";
            let shown = without_long_words(&shown(url));
            self.add(key, format!("is \"{shown}\", which is not a web address"), hint);
        }
    }

    /// Asks for a number of times a second, from one in a quarter of an hour to what no
    /// machine reaches.
    pub fn expect_rate(&mut self, key: &str, rate: f64) {
        if !(0.001..=1_000_000.0).contains(&rate) {
            self.add(
                key,
                format!("is {}", number(rate)),
                "write a number from 0.001 up, such as 1 or 0.5",
            );
        }
    }

    /// Asks for a duration of 30 days at most.
    pub fn expect_end(&mut self, key: &str, duration: Duration) {
        if duration > LONGEST {
            self.add(key, format!("is {}", text(duration)), "write \"720h\" or less");
        }
    }

    /// Asks for a whole number within bounds.
    pub fn expect_within(&mut self, key: &str, number: u64, bounds: RangeInclusive<u64>) {
        if !bounds.contains(&number) {
            let hint = format!("write a number from {} to {}", bounds.start(), bounds.end());
            self.add(key, format!("is {number}"), hint);
        }
    }

    /// Asks for a secret that can be one, if there is any; says whether it was in order.
    pub fn expect_secret(&mut self, key: &str, secret: &Secret, hint: &str) -> bool {
        let fault = secret.fault();
        if let Some(fault) = fault {
            self.add(key, format!("was not copied right: {fault}"), hint);
        }
        fault.is_none()
    }

    /// Asks for some text.
    pub fn expect_text(&mut self, key: impl Into<String>, text: &str) {
        if is_blank(text) {
            self.add(key, "is empty", "write something there, or leave the line out");
        }
    }
}

/// A number as it is read at a glance.
pub(crate) fn number(number: f64) -> String {
    if number.abs() < 1e12 && number.abs() > 1e-6 || number == 0.0 {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}

/// An address that can be shown: without user and password, and without a token in its path.
pub(crate) fn shown(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let (place, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let place = place.rsplit_once('@').map_or(place.to_owned(), |(_, host)| format!("…@{host}"));
    let path: Vec<&str> =
        path.split('/').map(|part| if part.contains([':', '@']) { "…" } else { part }).collect();
    let scheme = if scheme.is_empty() { String::new() } else { format!("{scheme}://") };
    format!("{scheme}{place}{}", path.join("/"))
}

/// Whether a name, or a line with one, is of an option that holds a secret.
pub(crate) fn is_secret(text: &str) -> bool {
    let text = text.to_lowercase();
    ["token", "key", "proxy", "ping_url"].iter().any(|word| text.contains(word))
}

/// The text with … in the place of words that may be secrets.
pub(crate) fn without_long_words(text: &str) -> String {
    let is_long = |word: &str| word.len() >= SHORTEST_SECRET;
    let ends = |c: char| !c.is_ascii_alphanumeric();
    let words = text.split_inclusive(ends).map(|word| match word.char_indices().next_back() {
        Some((at, end)) if ends(end) && is_long(&word[..at]) => format!("…{end}"),
        Some((_, end)) if !ends(end) && is_long(word) => "…".to_owned(),
        _ => word.to_owned(),
    });
    words.collect()
}

/// A row of a list of tables, as it is named to the operator.
pub(crate) fn row(section: &str, name: &str) -> String {
    format!("{section} \"{}\"", without_long_words(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        assert_eq!(shown("https://u:s3cret@h:1/x"), "https://…@h:1/x");
        assert_eq!(shown("https://h/bot1:s3cret/getMe"), "https://h/…/getMe");
        assert_eq!(shown("h/x"), "h/x");
    }
}
