//! Checking a key at KIE, which costs nothing.

use crate::actions::settle_failure::note_key_fault;
use crate::cli::{
    exit::{CliError, Exit},
    table::decimal,
};
use crate::config::findings::shown;
use crate::domain::{
    failure::Failure, id::KeyId, key::KeyFault, ports::VideoMaker, secret::Secret,
};
use crate::store::{error::StoreError, keys, tx::Tx};

/// What KIE answered about a key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum KeyCheck {
    /// It works, and its account has so many credits.
    Works(f64),
    /// It is a key, but its account has no credits.
    Empty,
    /// It is a key, but has reached its own limit.
    Capped,
    /// KIE does not know it, or it is none.
    Dead(String),
    /// KIE could not be reached, or answered with something else.
    Unknown(String),
}

/// Asks KIE for the credits of a key. What cannot be a key, and was stored before that was
/// looked for, is not sent.
pub(crate) fn ask(kie: &dyn VideoMaker, key: &Secret) -> KeyCheck {
    if let Some(fault) = key.fault() {
        return KeyCheck::Dead(format!("it was not copied right: {fault}"));
    }
    match kie.balance(key) {
        Ok(credits) => KeyCheck::Works(credits),
        Err(Failure { key_fault: Some(KeyFault::AccountEmpty), .. }) => KeyCheck::Empty,
        Err(Failure { key_fault: Some(KeyFault::KeyCapped), .. }) => KeyCheck::Capped,
        Err(Failure { key_fault: Some(KeyFault::KeyDead), text, .. }) => KeyCheck::Dead(text),
        Err(Failure { key_fault: None, text, .. }) => KeyCheck::Unknown(text),
    }
}

impl KeyCheck {
    /// The result in words, for a table.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Works(credits) => format!("✓ works, {} credits", decimal(*credits)),
            Self::Empty => "◌ works, but its account is empty".to_owned(),
            Self::Capped => "◌ works, but its own limit is reached".to_owned(),
            Self::Dead(text) => format!("✗ dead ({text})"),
            Self::Unknown(text) => format!("◌ not asked: {text}"),
        }
    }

    /// The result in one word, for JSON.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Works(_) => "works",
            Self::Empty => "account_empty",
            Self::Capped => "key_capped",
            Self::Dead(_) => "key_dead",
            Self::Unknown(_) => "not_asked",
        }
    }

    /// The credits of its account, where KIE told.
    pub(crate) fn credits(&self) -> Option<f64> {
        match self {
            Self::Works(credits) => Some(*credits),
            Self::Empty | Self::Capped | Self::Dead(_) | Self::Unknown(_) => None,
        }
    }

    /// Whether KIE does not know the key.
    pub(crate) fn is_dead(&self) -> bool {
        matches!(self, Self::Dead(_))
    }

    /// Records the result, as the bot does.
    pub(crate) fn record(&self, tx: &Tx<'_>, key: KeyId) -> Result<(), StoreError> {
        match self {
            // The operator asks: whatever the account has now, it is to be used.
            Self::Works(credits) => keys::note_balance(tx, key, *credits, 0.0),
            Self::Empty => note_key_fault(tx, key, KeyFault::AccountEmpty),
            Self::Capped => note_key_fault(tx, key, KeyFault::KeyCapped),
            Self::Dead(_) => note_key_fault(tx, key, KeyFault::KeyDead),
            Self::Unknown(_) => Ok(()),
        }
    }
}

/// The failure of a command that could not reach KIE.
pub(crate) fn unreachable(api_url: &str, text: &str) -> CliError {
    let address = shown(api_url);
    CliError::because(Exit::Unavailable, format!("KIE could not be asked at {address}: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_shown_with_the_credits() {
        assert_eq!(KeyCheck::Works(80.25).words(), "✓ works, 80.2 credits");
        assert_eq!(KeyCheck::Dead("401: no".into()).words(), "✗ dead (401: no)");
    }
}
