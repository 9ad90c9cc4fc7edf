//! Who moves the write-ahead log into the database.

use serde::{Deserialize, Serialize};

/// Who makes the checkpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checkpoints {
    /// The bot itself.
    #[default]
    Own,
    /// Litestream, which copies the log elsewhere before: what another moves, it may miss.
    Litestream,
}
