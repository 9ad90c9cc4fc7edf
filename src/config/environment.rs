//! What surrounds the process, as a value: tests pass their own.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use directories::ProjectDirs;

use crate::config::error::ConfigError;

/// The longest `.env` file, in bytes: that of reelbot has some lines.
const LONGEST_DOTENV: usize = 64 << 10;

/// The longest value in it, in bytes: a hundred keys with commas between them fit.
const LONGEST_VALUE: usize = 4096;

/// Variables and folders. It holds secrets in plain text and so has no `Debug`.
#[derive(Default)]
pub(crate) struct Environment {
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
    pub(crate) fn of_process() -> Result<Self, ConfigError> {
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
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        [&self.vars, &self.dotenv]
            .into_iter()
            .filter_map(|layer| layer.get(name))
            .map(String::as_str)
            .find(|value| !value.trim().is_empty())
    }
}

/// Reads a `.env` file; none is an empty one.
pub(crate) fn read_dotenv(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    match fs::read_to_string(path) {
        Ok(text) => dotenv(&text, path),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(source) => Err(ConfigError::Unreadable { path: path.to_owned(), source }),
    }
}

/// The variables in the text of the `.env` file at `path`. A value may name earlier
/// ones, so without a limit thirty lines that double would fill the memory.
pub fn dotenv(text: &str, path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let too_large = |what: &str, most: usize| ConfigError::Unreadable {
        path: path.to_owned(),
        source: io::Error::other(format!("{what} is longer than {most} bytes")),
    };
    if text.len() > LONGEST_DOTENV {
        return Err(too_large("it", LONGEST_DOTENV));
    }
    let mut variables = BTreeMap::new();
    for line in dotenvy::from_read_iter(text.as_bytes()) {
        let broken = |error| ConfigError::Dotenv { path: path.to_owned(), place: place(&error) };
        let (name, value) = line.map_err(broken)?;
        if value.len() > LONGEST_VALUE {
            return Err(too_large("a value", LONGEST_VALUE));
        }
        variables.insert(name, value);
    }
    Ok(variables)
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
    use crate::testing::malformed::texts;
    use proptest::prelude::*;

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
    #[test]
    fn values_that_double_line_by_line_end_before_the_memory() {
        let doubled = |line: u32| format!("A{line}=$A{before}$A{before}\n", before = line - 1);
        let text = "A0=0123456789abcdef\n".to_owned() + &(1..60).map(doubled).collect::<String>();
        let error = dotenv(&text, Path::new(".env")).unwrap_err().to_string();
        assert!(error.contains("a value is longer than 4096 bytes"), "{error}");
        let endless = "A=b\n".repeat(100_000);
        let error = dotenv(&endless, Path::new(".env")).unwrap_err().to_string();
        assert!(error.contains("it is longer than 65536 bytes"), "{error}");
    }

    proptest! {
        #[test]
        fn what_is_wrong_in_an_env_file_is_told_without_its_values(text in texts(&files())) {
            match dotenv(&text, Path::new(".env")) {
                Ok(found) => prop_assert!(found.values().all(|value| value.len() <= LONGEST_VALUE)),
                Err(error) => {
                    let said = error.to_string();
                    prop_assert!(said.contains(".env") && said.len() < 300, "{}", said);
                    prop_assert!(!said.contains("s3cret"), "{}", said);
                }
            }
        }
    }

    fn files() -> Vec<String> {
        vec![
            "# keys\nKIE_API_KEY='s3cret key'\nexport OPENAI_API_KEY=\"s3cret\\n\"\n".to_owned(),
            "HOME_DIR=/home/anna\nREELBOT_DATABASE=${HOME_DIR}/reelbot.db\n".to_owned(),
        ]
    }
}
