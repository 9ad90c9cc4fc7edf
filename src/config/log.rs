//! `[log]`: how much is logged.

use serde::{Deserialize, Serialize};

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Log {
    /// From which level on; `RUST_LOG` overrules it.
    pub level: LogLevel,
}

/// The levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Only what failed.
    Error,
    /// What deserves a look as well.
    Warn,
    /// What goes on: orders, videos, a summary a minute.
    #[default]
    Info,
    /// Each step.
    Debug,
    /// Each read and write.
    Trace,
}

impl LogLevel {
    /// The word in the config.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}
