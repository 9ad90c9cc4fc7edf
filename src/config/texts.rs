//! `[texts]`: the operator's own wording.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Where the operator's own texts are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Texts {
    /// A folder with `ru.ftl` and `en.ftl`, whose messages replace the shipped ones, relative
    /// to the config file's folder; empty: none.
    pub dir: PathBuf,
}

impl Texts {
    /// The folder, if there is one.
    pub fn folder(&self) -> Option<&Path> {
        Some(self.dir.as_path()).filter(|dir| !dir.as_os_str().is_empty())
    }
}
