//! Numbers on the command line.

use std::ops::RangeInclusive;

/// Reads a number within a range, or says which one is wanted.
pub(crate) fn within(text: &str, range: &RangeInclusive<f64>) -> Result<f64, String> {
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => Err(format!("write a number from {} to {}", range.start(), range.end())),
    }
}

/// Reads how many lines a list may have.
pub(crate) fn limit(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("write a number, 1 or more".to_owned()),
        Ok(number) => Ok(number),
    }
}
