//! What every command gets.

use crate::cli::exit::CliError;
use crate::cli::redact::Redactor;
use crate::config::check::warnings;
use crate::config::environment::Environment;
use crate::config::findings::Finding;
use crate::config::load::Loaded;
use crate::config::load::load;
use crate::config::locate::Flags;
use crate::config::settings::Config;

/// The options of every command, the environment, and the redactor of secrets.
pub struct Context {
    /// `--config` and `--database`.
    pub flags: Flags,
    /// Variables and folders.
    pub environment: Environment,
    /// Gets every secret that is read.
    pub redactor: Redactor,
}

impl Context {
    /// Finds, reads and checks the config. Its secrets are hidden from then on; unknown names in it
    /// are in [`Loaded::unknown`] alone.
    pub fn load(&self) -> Result<Loaded, CliError> {
        let loaded = load(&self.flags, &self.environment)?;
        self.redactor.add(loaded.secrets());
        Ok(loaded)
    }
}

/// Logs what in a config is in order and yet may not be what was meant.
pub fn log_warnings(config: &Config) {
    for Finding { key, problem, hint } in warnings(config) {
        tracing::warn!(key, problem, hint, "the config may not be what was meant");
    }
}
