//! `[database]`: where the database is.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::config::{duration, findings::Findings};
use crate::domain::checkpoints::Checkpoints;

/// The longest lag, after which Telegram would still know what a copy lacks.
const LONGEST_LAG: Duration = Duration::from_mins(1);

/// The shortest: Litestream copies each second, and needs a moment for that.
const SHORTEST_LAG: Duration = Duration::from_secs(1);

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
        let is_too_short =
            self.checkpoints == Checkpoints::Litestream && self.replica_lag < SHORTEST_LAG;
        if self.replica_lag > LONGEST_LAG || is_too_short {
            let problem = format!("is {}", duration::text(self.replica_lag));
            let hint = "write \"2s\", or up to \"1m\": Litestream copies each second";
            findings.add("database.replica_lag", problem, hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_no_shorter_than_what_litestream_needs_and_no_longer_than_a_minute() {
        let found = |checkpoints, lag| {
            let mut findings = Findings::default();
            let database = Database { checkpoints, replica_lag: lag, ..Database::default() };
            database.check(&mut findings);
            findings.0.len()
        };
        let millis = Duration::from_millis;
        for (lag, wrong) in [(0, 1), (999, 1), (1_000, 0), (60_000, 0), (60_001, 1)] {
            assert_eq!(found(Checkpoints::Litestream, millis(lag)), wrong, "{lag}");
        }
        assert_eq!(found(Checkpoints::Own, millis(0)), 0, "it is not used");
    }
}
