//! KIE API keys and what can be wrong with one.

use sha2::{Digest, Sha256};

use crate::domain::{id::KeyId, secret::Secret};

/// Where the secret of a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// In the database: added by `reelbot keys add`.
    Stored,
    /// In the environment (`KIE_API_KEY…`); the database holds only its fingerprint.
    Environment,
}

impl KeySource {
    /// Every source, as the schema's CHECK lists them.
    pub const ALL: [Self; 2] = [Self::Stored, Self::Environment];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Environment => "environment",
        }
    }
}

/// A key of the environment.
#[derive(Clone, Debug)]
pub struct EnvironmentKey {
    /// The key itself.
    pub secret: Secret,
    /// The KIE account whose limits it shares, where the operator named one: it is an account of
    /// its own otherwise.
    pub account: Option<String>,
}

/// A key that can be used now: its row and its secret.
#[derive(Clone, Debug)]
pub struct LiveKey {
    /// The row.
    pub id: KeyId,
    /// The KIE account whose limits it shares.
    pub account: String,
    /// What the operator calls it, for the log.
    pub label: String,
    /// The key itself.
    pub secret: Secret,
}

/// What KIE's answer says about the key it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// 402: the account has no credits; all its keys are off until it is topped up.
    AccountEmpty,
    /// 401: the key is dead.
    KeyDead,
    /// 433: the key reached its own cap; off until tomorrow.
    KeyCapped,
}

impl KeyFault {
    /// Every fault, as the schema's CHECK lists them.
    pub const ALL: [Self; 3] = [Self::AccountEmpty, Self::KeyDead, Self::KeyCapped];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::AccountEmpty => "account_empty",
            Self::KeyDead => "key_dead",
            Self::KeyCapped => "key_capped",
        }
    }
}

/// What identifies a key without telling it: the first 16 hex digits of its
/// SHA-256. It lets a task find the key that created it after a restart.
pub fn fingerprint(key: &Secret) -> String {
    let digest = Sha256::digest(key.expose());
    let head = digest.first_chunk().expect("SHA-256 has 32 bytes");
    format!("{:016x}", u64::from_be_bytes(*head))
}
