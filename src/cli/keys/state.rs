//! The state of a key, in words.

use crate::domain::{
    key::{KeyFault, KeySource},
    time::Timestamp,
};
use crate::store::keys::KeyRow;

/// The state of a key, with a mark that shows at a glance whether it is used.
pub(crate) fn state(row: &KeyRow, now: Timestamp) -> String {
    let resting = row.cooldown_until.filter(|until| *until > now);
    if !row.enabled {
        return "✗ disabled".to_owned();
    }
    match (row.fault, resting) {
        (Some(fault), _) if !row.is_on(now) => format!("✗ off: {}", words(fault, row.off_until)),
        (_, Some(until)) => format!("◌ resting until {until}"),
        _ => "✓ on".to_owned(),
    }
}

fn words(fault: KeyFault, until: Option<Timestamp>) -> String {
    let fault = match fault {
        KeyFault::AccountEmpty => "account empty",
        KeyFault::KeyDead => "KIE does not know it",
        KeyFault::KeyCapped => "its own limit is reached",
    };
    until.map_or(fault.to_owned(), |until| format!("{fault}, until {until}"))
}

/// Where the secret of a key is.
pub(crate) fn place(source: KeySource) -> &'static str {
    match source {
        KeySource::Stored => "database",
        KeySource::Environment => "environment",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::keys::choose::row;

    #[test]
    fn each_state_has_its_text() {
        let now = Timestamp(1_764_000_000_000);
        let later = Some(Timestamp(now.0 + 60_000));
        let on = row(1, "studio");
        let disabled = KeyRow { enabled: false, ..on.clone() };
        let empty = KeyRow { fault: Some(KeyFault::AccountEmpty), ..on.clone() };
        let capped = KeyRow { fault: Some(KeyFault::KeyCapped), off_until: later, ..on.clone() };
        let paused = KeyRow { cooldown_until: later, ..on.clone() };
        let over = KeyRow { cooldown_until: Some(now), ..on.clone() };
        for (row, words) in [
            (&on, "✓ on"),
            (&disabled, "✗ disabled"),
            (&empty, "✗ off: account empty"),
            (&capped, "✗ off: its own limit is reached, until 2025-11-24T16:01:00Z"),
            (&paused, "◌ resting until 2025-11-24T16:01:00Z"),
            (&over, "✓ on"),
        ] {
            assert_eq!(state(row, now), words);
        }
    }
}
