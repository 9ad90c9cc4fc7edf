//! Why a config cannot be used. Each maps to exit code 78.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::config::findings::Finding;

/// Why there is no config to work with.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A file that was named cannot be read: the config, a secret.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The file is not TOML, or a value has the wrong type.
    #[error("{} is not a valid config\n{message}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// The place with a caret under it, and what was expected; secrets left out.
        message: String,
    },
    /// Values that make no sense.
    #[error("{}", summary(.0))]
    Invalid(Vec<Finding>),
    /// The database is not named, and the user has no home where it could be.
    #[error("there is no place for the database: this user has no home directory")]
    NoHome,
}

impl ConfigError {
    /// What the operator can do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::Unreadable { path, source } => unreadable(path, source),
            Self::Parse { .. } => "`reelbot config example` prints a complete one".to_owned(),
            Self::Invalid(findings) => match findings.as_slice() {
                [only] => only.hint.clone(),
                _ => "`reelbot config check` explains each of them".to_owned(),
            },
            Self::NoHome => "name it: --database FILE, or REELBOT_DATABASE".to_owned(),
        }
    }
}

fn summary(findings: &[Finding]) -> String {
    match findings {
        [only] => only.to_string(),
        all => {
            let lines: Vec<String> = all.iter().map(|finding| format!("\n  {finding}")).collect();
            format!("{} values in the config make no sense{}", all.len(), lines.concat())
        }
    }
}

fn unreadable(path: &std::path::Path, source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::IsADirectory => {
            format!("name a file, as in {}", path.join("config.toml").display())
        }
        io::ErrorKind::NotFound => "check the path".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "run reelbot as the user who owns the file, or give its group the right to read it"
                .to_owned()
        }
        io::ErrorKind::InvalidData => "save the file as UTF-8".to_owned(),
        _ => "name another file, or leave the option out".to_owned(),
    }
}
