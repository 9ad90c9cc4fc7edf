//! Why a config cannot be used. Each maps to exit code 78.

use std::{
    io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use crate::config::{account::Account, findings::Finding};

/// Why there is no config to work with.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The config file cannot be read.
    #[error("cannot read {}: {}", path.display(), plain(source))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// Values that make no sense, or lines that are no TOML.
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
            format!("{} things in the config need mending{}", all.len(), lines.concat())
        }
    }
}

/// The system's error without its number, which adds nothing.
pub(crate) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

/// What to do about a file that cannot be read.
pub(crate) fn unreadable(path: &Path, source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::IsADirectory => {
            format!("name a file, as in {}", path.join("config.toml").display())
        }
        io::ErrorKind::NotFound => "check the path".to_owned(),
        io::ErrorKind::PermissionDenied => match Account::reading(path) {
            Some(user) => {
                format!("type `sudo -u {} reelbot …`, or be given the right to read it", user.name)
            }
            None => "run reelbot as the user who owns the file".to_owned(),
        },
        io::ErrorKind::InvalidData => "save the file as UTF-8".to_owned(),
        _ => "name another file, or leave the option out".to_owned(),
    }
}
