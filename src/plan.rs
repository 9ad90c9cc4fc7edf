//! What the bot is built from, and why it could not be.

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use crate::chat::overrides::WordsError;
use crate::config::{settings::Config, source::ConfigSource};
use crate::domain::{key::EnvironmentKey, ports::Clock};
use crate::store::{backup::folder::BackupFolder, error::StoreError};
use crate::telegram::bot::BotError;

/// What the bot is built from.
pub struct Plan {
    /// What the operator decided.
    pub config: Config,
    /// KIE keys that stay in the environment.
    pub env_keys: Vec<EnvironmentKey>,
    /// The database file.
    pub database: PathBuf,
    /// The clock to run by.
    pub clock: Arc<dyn Clock>,
    /// Where the config can be read again while the bot runs, if anywhere.
    pub source: Option<Arc<dyn ConfigSource>>,
}

impl Plan {
    /// Where the backups of the database are.
    pub fn backups(&self) -> BackupFolder {
        BackupFolder::new(&self.database, &self.config.backup.dir)
    }
}

/// Why the bot could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operator's own texts.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// The bot's token or address.
    #[error(transparent)]
    Bot(#[from] BotError),
    /// The address for metrics cannot be used.
    #[error("metrics cannot be served at {address}: {error}")]
    Metrics {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
    /// The system gives no threads.
    #[error("cannot start threads: {0}")]
    Threads(#[from] std::io::Error),
}
