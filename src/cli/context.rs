//! What every command gets.

use std::path::PathBuf;

use crate::chat::word_files;
use crate::cli::{exit::CliError, log, operator::Operator, redact::Redactor};
use crate::config::{
    environment::Environment,
    error::ConfigError,
    findings::Finding,
    load::{Loaded, load},
    locate::{Flags, locate, usual_places},
    settings::Config,
    source::ConfigSource,
};

/// The options of every command, the environment, the redactor of secrets, and who types it.
#[derive(Clone)]
pub(crate) struct Context {
    /// `--config` and `--database`.
    pub flags: Flags,
    /// Variables and folders.
    pub environment: Environment,
    /// Gets every secret that is read.
    pub redactor: Redactor,
    /// Who types it.
    pub operator: Operator,
}

impl Context {
    /// Finds, reads and checks the config. Its secrets are hidden from then on.
    pub(crate) fn load(&self) -> Result<Loaded, CliError> {
        self.load_from(&self.environment)
    }

    /// The same for a command that calls nobody: variables for what it does not do are left alone.
    pub(crate) fn load_for_database(&self) -> Result<Loaded, CliError> {
        self.load_from(&self.environment.of_places())
    }

    fn load_from(&self, environment: &Environment) -> Result<Loaded, CliError> {
        let loaded = load(&self.flags, environment)?;
        self.redactor.add(loaded.secrets());
        Ok(loaded)
    }
}

/// Reads the config as the command did at its start.
impl ConfigSource for Context {
    fn read(&self) -> Result<Config, ConfigError> {
        // It is read anew, or not at all.
        let environment = Environment { read_before: None, ..self.environment.clone() };
        let loaded = load(&self.flags, &environment)?;
        self.redactor.add(loaded.secrets());
        log_warnings(&loaded);
        Ok(loaded.config)
    }

    fn put_in_force(&self, config: &Config) {
        log::set_level(config.log.level, &self.environment);
    }

    fn path(&self) -> Option<PathBuf> {
        locate(&self.flags, &self.environment).ok().flatten()
    }
}

impl Context {
    /// Where a config file was looked for, if there is none.
    pub(crate) fn places_tried(&self) -> Option<String> {
        let places = usual_places(&self.environment);
        let places: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
        locate(&self.flags, &self.environment).ok()?.is_none().then(|| places.join(" or "))
    }
}

/// What is in order and yet may not be what was meant: variables, values, files of words.
pub(crate) fn warnings(loaded: &Loaded) -> Vec<Finding> {
    let words = loaded.config.texts.folder().map(word_files::warnings).unwrap_or_default();
    loaded.warnings().into_iter().chain(words).collect()
}

/// Logs what is in order and yet may not be what was meant.
pub(crate) fn log_warnings(loaded: &Loaded) {
    warnings(loaded).iter().for_each(log_warning);
}

/// Logs one such thing.
pub(crate) fn log_warning(Finding { key, problem, hint }: &Finding) {
    tracing::warn!(key, problem, hint, "the config may not be what was meant");
}
