//! The manifest of a backup: what it is, and how to see that it is whole.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::{rfc3339, time::Timestamp};
use crate::store::backup::contents::Contents;

/// Why a backup was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It was time.
    Daily,
    /// An operator wanted it.
    Manual,
    /// A newer reelbot was about to bring the database to its version.
    Migration,
    /// Another backup was about to take the place of the database.
    Restore,
}

impl Reason {
    /// Its word in the name of the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Manual => "manual",
            Self::Migration => "migration",
            Self::Restore => "restore",
        }
    }
}

/// What is known of a backup. Unknown fields of a newer release are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The name of the file beside the manifest.
    pub file: String,
    /// When it was made: what was committed by then is in it.
    #[serde(with = "rfc3339")]
    pub made_at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// Of which database.
    pub database: PathBuf,
    /// The release of reelbot that made it.
    pub release: String,
    /// The version of its schema.
    pub version: usize,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its checksum, in hexadecimal digits.
    pub sha256: String,
    /// Whether the secrets of the KIE keys are in it.
    pub with_keys: bool,
    /// What the audit found in it; none is as it must be. An older version is not audited.
    pub findings: Vec<String>,
    /// What is in it.
    pub contents: Contents,
}
