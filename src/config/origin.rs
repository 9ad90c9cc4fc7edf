//! Where a value comes from.

use std::{fmt, path::PathBuf};

/// The layer that decided a value; later ones here win over earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Not decided: reelbot's own value.
    Default,
    /// The config file.
    File,
    /// A file that the config names, `token_file` or `api_key_file`.
    NamedFile(PathBuf),
    /// A file in `$CREDENTIALS_DIRECTORY`.
    Credential(PathBuf),
    /// A variable of the `.env` file in the working directory.
    Dotenv(String),
    /// A variable of the environment.
    Environment(String),
    /// An option on the command line.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File => f.write_str("config file"),
            Self::NamedFile(path) | Self::Credential(path) => write!(f, "{}", path.display()),
            Self::Dotenv(name) => write!(f, "{name} in .env"),
            Self::Environment(name) => write!(f, "{name}"),
            Self::Flag(name) => f.write_str(name),
        }
    }
}
