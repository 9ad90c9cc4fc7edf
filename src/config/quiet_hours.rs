//! `telegram.quiet_hours`: the hours in which messages come without a sound.

use crate::config::findings::{Findings, without_long_words};
use crate::domain::quiet::QuietHours;

/// Notes what names no hours.
pub(crate) fn check(key: &str, text: &str, findings: &mut Findings) {
    if text.is_empty() || QuietHours::parse(text).is_some() {
        return;
    }
    let hint = "write two full hours of the day, such as \"22-8\", or \"\" for none";
    findings.add(key, format!("is \"{}\", which names no hours", without_long_words(text)), hint);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_hours_is_told_with_what_would() {
        let hint = |text: &str| {
            let mut findings = Findings::default();
            check("telegram.quiet_hours", text, &mut findings);
            findings.0.pop().map(|finding| finding.hint)
        };
        for known in ["", "22-8", "0-6"] {
            assert_eq!(hint(known), None, "{known}");
        }
        for strange in ["22", "22-24", "8-8", "22:30-8", "never", "ночью"] {
            assert!(hint(strange).unwrap().contains("22-8"), "{strange}");
        }
    }
}
