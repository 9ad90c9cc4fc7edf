//! What surrounds the process, as a value: tests pass their own.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::path::PathBuf;

use directories::ProjectDirs;

use crate::config::error::ConfigError;

/// Variables and folders. It holds secrets in plain text and so has no `Debug`.
#[derive(Default)]
pub struct Environment {
    /// The variables of the process.
    pub vars: BTreeMap<String, String>,
    /// The variables of `.env`, which give way to those of the process.
    pub dotenv: BTreeMap<String, String>,
    /// Where the platform keeps configs, `~/.config/reelbot` on Linux.
    pub config_dir: Option<PathBuf>,
    /// Where the platform keeps data, `~/.local/share/reelbot` on Linux.
    pub data_dir: Option<PathBuf>,
    /// The machine's config file, for when the user has none.
    pub system_file: Option<PathBuf>,
}

impl Environment {
    /// That of this process, with the `.env` of its working directory.
    pub fn of_process() -> Result<Self, ConfigError> {
        let readable = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let dirs = ProjectDirs::from("", "", "reelbot");
        Ok(Self {
            vars: env::vars_os().filter_map(readable).collect(),
            dotenv: read_dotenv(Path::new(".env"))?,
            config_dir: dirs.as_ref().map(|dirs| dirs.config_dir().to_owned()),
            data_dir: dirs.as_ref().map(|dirs| dirs.data_dir().to_owned()),
            system_file: Some(PathBuf::from("/etc/reelbot/config.toml")),
        })
    }

    /// A variable of the process, else of `.env`. One that is set to nothing counts as unset.
    pub fn var(&self, name: &str) -> Option<&str> {
        [&self.vars, &self.dotenv]
            .into_iter()
            .filter_map(|layer| layer.get(name))
            .map(String::as_str)
            .find(|value| !value.trim().is_empty())
    }
}

/// Reads a `.env` file; none is an empty one.
pub fn read_dotenv(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(source) => return Err(ConfigError::Unreadable { path: path.to_owned(), source }),
    };
    dotenvy::from_read_iter(text.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| ConfigError::Dotenv { path: path.to_owned(), place: place(&error) })
}

/// The name in the line that dotenvy could not read: never the line, which may hold a secret.
fn place(error: &dotenvy::Error) -> String {
    let dotenvy::Error::LineParse(line, _) = error else { return "a line".to_owned() };
    let name = line.split('=').next().unwrap_or_default().trim();
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if line.contains('=') && !name.is_empty() && name.chars().all(plain) {
        format!("the line of {name}")
    } else {
        "a line".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_env_file_is_named_without_its_secret() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".env");
        fs::write(&path, "KIE_API_KEY='s3cret-without-end\n").unwrap();
        let error = read_dotenv(&path).unwrap_err().to_string();
        assert!(error.contains("the line of KIE_API_KEY is not NAME=value"), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }

    #[test]
    fn a_variable_of_the_process_wins_over_the_env_file_unless_it_is_empty() {
        let pairs = |all: &[(&str, &str)]| {
            all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let environment = Environment {
            vars: pairs(&[("A", "process"), ("B", " ")]),
            dotenv: pairs(&[("A", "file"), ("B", "file")]),
            ..Environment::default()
        };
        assert_eq!(environment.var("A"), Some("process"));
        assert_eq!(environment.var("B"), Some("file"));
        assert_eq!(environment.var("C"), None);
    }
}
