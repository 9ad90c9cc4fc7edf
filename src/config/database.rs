//! `[database]`: where the database is.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where the database is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    /// The database file, relative to the config file's folder; empty: `reelbot.db` in the
    /// platform's data dir, for a config of the machine's in the machine's.
    pub path: PathBuf,
}
