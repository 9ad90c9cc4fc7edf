//! The hours in which messages come without a sound.

use std::fmt;

/// From one full hour of the day until another, as clocks show them. They may lie across midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: u8,
    until: u8,
}

impl QuietHours {
    /// A night, for people who want quiet ones where the operator names no hours.
    pub const NIGHT: Self = Self { from: 22, until: 8 };

    /// The hours that are written so: `22-8`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once('-')?;
        let [from, until] = [from, until].map(|text| hour(text.trim()));
        let hours = Self { from: from?, until: until? };
        (hours.from != hours.until).then_some(hours)
    }

    /// Whether they have begun and not ended at this hour of the day, 0 to 23.
    pub fn contain(self, hour: u8) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&hour)
        } else {
            hour >= self.from || hour < self.until
        }
    }

    /// The hours of the day with which they begin and end.
    pub fn bounds(self) -> (u8, u8) {
        (self.from, self.until)
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.until)
    }
}

fn hour(text: &str) -> Option<u8> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|hour| is_number && *hour < 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_lie_within_a_day_or_across_midnight() {
        for (text, inside, outside) in [
            ("22-8", vec![22, 23, 0, 7], vec![8, 12, 21]),
            ("0-6", vec![0, 5], vec![6, 23]),
            (" 13 - 14 ", vec![13], vec![12, 14]),
            ("23-0", vec![23], vec![0, 22]),
        ] {
            let hours = QuietHours::parse(text).unwrap();
            assert!(inside.iter().all(|hour| hours.contain(*hour)), "{text}");
            assert!(!outside.iter().any(|hour| hours.contain(*hour)), "{text}");
            assert_eq!(QuietHours::parse(&hours.to_string()), Some(hours));
        }
    }

    #[test]
    fn what_names_no_hours_is_none() {
        for text in [
            "",
            "-",
            "22",
            "22-",
            "-8",
            "22-22",
            "24-8",
            "22-+8",
            "22–8",
            "22:00-8:00",
            "a-b",
            "22-8-9",
        ] {
            assert_eq!(QuietHours::parse(text), None, "{text:?}");
        }
    }
}
