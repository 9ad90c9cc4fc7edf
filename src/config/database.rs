//! `[database]`: where the database is.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::config::{duration, findings::Findings};
use crate::domain::checkpoints::Checkpoints;

/// The longest lag, after which Telegram would still know what a copy lacks.
const LONGEST_LAG: Duration = Duration::from_mins(1);

/// Where the database is, and who copies it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    /// The database file, relative to the config file's folder; empty: `reelbot.db` in the
    /// platform's data dir, for a config of the machine's in the machine's.
    pub path: PathBuf,
    /// Who moves its log into it: `own`, or `litestream` where that copies it to a second site.
    pub checkpoints: Checkpoints,
    /// With `litestream`: how much older the copy may be, up to a minute. Telegram is told so much
    /// later that an update has arrived; what the copy lacks, the second site gets from Telegram.
    #[serde(with = "crate::config::duration")]
    pub replica_lag: Duration,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            path: PathBuf::new(),
            checkpoints: Checkpoints::default(),
            replica_lag: Duration::from_secs(2),
        }
    }
}

impl Database {
    /// After how long a copy elsewhere has what is stored here; at once where there is none.
    pub(crate) fn copied_after(&self) -> Duration {
        match self.checkpoints {
            Checkpoints::Own => Duration::ZERO,
            Checkpoints::Litestream => self.replica_lag,
        }
    }

    /// Notes what is wrong in `[database]`.
    pub(crate) fn check(&self, findings: &mut Findings) {
        if self.replica_lag > LONGEST_LAG {
            let problem = format!("is {}", duration::text(self.replica_lag));
            let hint = "write \"2s\", or up to \"1m\": Litestream copies each second";
            findings.add("database.replica_lag", problem, hint);
        }
    }
}
