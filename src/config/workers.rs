//! `[workers]`: the threads that do the work.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::{duration, findings::Findings};

/// The threads that do the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Workers {
    /// How many threads, 1 to 256. A step takes some 300 ms and no thread waits
    /// for a render, so 20 of them carry thousands of renders.
    pub count: usize,
    /// How long a thread with nothing to do waits to be notified before it looks again by itself.
    #[serde(with = "crate::config::duration")]
    pub idle_wait: Duration,
    /// How long the steps under way may take to finish after SIGTERM. A createTask that is
    /// cut off may be paid twice, so the default is longer than it can take.
    #[serde(with = "crate::config::duration")]
    pub shutdown_grace: Duration,
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            count: 20,
            idle_wait: Duration::from_secs(5),
            shutdown_grace: Duration::from_secs(130),
        }
    }
}

impl Workers {
    /// Notes what is wrong in `[workers]`.
    pub fn check(&self, findings: &mut Findings) {
        findings.expect_within("workers.count", self.count as u64, 1..=256);
        if self.idle_wait < Duration::from_millis(10) {
            let problem =
                format!("is {}, which would keep a processor busy", duration::text(self.idle_wait));
            findings.add("workers.idle_wait", problem, "write \"10ms\" or more; \"5s\" is usual");
        }
        findings.expect_end("workers.idle_wait", self.idle_wait);
        findings.expect_end("workers.shutdown_grace", self.shutdown_grace);
    }
}
