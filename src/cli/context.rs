//! What every command is given.

use crate::cli::exit::CliError;
use crate::cli::redact::Redactor;
use crate::config::check::warnings;
use crate::config::environment::Environment;
use crate::config::findings::Finding;
use crate::config::load::Loaded;
use crate::config::load::load;
use crate::config::locate::Flags;
use crate::config::settings::Config;

/// The command line's decisions, the environment, and the keeper of the secrets.
pub struct Context {
    /// `--config` and `--database`.
    pub flags: Flags,
    /// Variables and folders.
    pub environment: Environment,
    /// Learns every secret that comes along.
    pub redactor: Redactor,
}

impl Context {
    /// Finds, reads and checks the config. Its secrets are hidden from then on; of unknown names in
    /// it only [`Loaded::unknown`] tells.
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
