//! Figures in few characters: curves, typical times.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::table::count;
use crate::domain::time::rough;
use crate::store::statistics::Seconds;

/// How many values a curve has at most.
const LONGEST_CURVE: usize = 31;

/// The usual time and the one that few exceed: `95 s, 5 min`.
pub(crate) fn both(seconds: &Seconds) -> String {
    let share = |share| seconds.share(share).map(of_seconds);
    share(0.5).zip(share(0.95)).map_or("–".to_owned(), |(usual, most)| format!("{usual}, {most}"))
}

/// The same in seconds, for programs.
pub(crate) fn shares(seconds: &Seconds) -> Value {
    json!({ "median": seconds.share(0.5), "p95": seconds.share(0.95) })
}

/// The same in words.
pub(crate) fn typical(seconds: &Seconds) -> String {
    let share = |share| seconds.share(share).map(of_seconds);
    match share(0.5).zip(share(0.95)) {
        Some((usual, most)) => format!("{usual} in the median, 95 of 100 within {most}"),
        None => "–".to_owned(),
    }
}

fn of_seconds(seconds: i64) -> String {
    rough(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// `1 video`, `5 videos`.
pub(crate) fn count_of(number: u64, noun: &str) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), noun)
}

/// A curve in one line, of the newest 31 values.
pub(crate) fn spark(values: impl Iterator<Item = u64>) -> String {
    let values: Vec<u64> = values.collect();
    let values = &values[values.len().saturating_sub(LONGEST_CURVE)..];
    let most = values.iter().copied().max().unwrap_or(0);
    if most == 0 || values.len() < 2 {
        return String::new();
    }
    let bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let bar = |value: &u64| bars[usize::try_from(value * 7 / most).unwrap_or(7).min(7)];
    values.iter().map(bar).collect()
}

/// What a number is made up of.
pub(crate) fn listed(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_as_high_as_its_highest_day() {
        assert_eq!(spark([0, 1, 2, 7].into_iter()), "▁▂▃█");
        assert_eq!(spark([1, 1].into_iter()), "██");
        assert_eq!(spark([0, 0].into_iter()), "");
        assert_eq!(spark([5].into_iter()), "");
        assert_eq!(spark((0..100).map(|_| 9)).chars().count(), LONGEST_CURVE);
    }
}
