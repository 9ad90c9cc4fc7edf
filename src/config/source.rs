//! Where the config comes from, so that it can be read again while the bot runs.

use std::path::PathBuf;

use crate::config::{error::ConfigError, settings::Config};

/// A config that can be read again.
pub trait ConfigSource: Send + Sync {
    /// Reads and checks it, as at the start.
    fn read(&self) -> Result<Config, ConfigError>;

    /// Puts in force what the process itself goes by, such as how much it logs.
    fn put_in_force(&self, _config: &Config) {}

    /// Its file, where there is one now.
    fn path(&self) -> Option<PathBuf>;
}
