//! Which config file is meant.

use std::path::{self, PathBuf};

use crate::config::environment::Environment;

/// What the command line decides.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flags {
    /// `--config FILE`
    pub config: Option<PathBuf>,
    /// `--database FILE`
    pub database: Option<PathBuf>,
}

/// The config file, with its whole path: one that is named must exist, the others are taken if
/// they do.
pub(crate) fn locate(flags: &Flags, environment: &Environment) -> Option<PathBuf> {
    let named = || environment.var("REELBOT_CONFIG").map(PathBuf::from);
    let own = || environment.config_dir.as_ref().map(|dir| dir.join("config.toml"));
    let there = |path: &PathBuf| path.try_exists().unwrap_or(true);
    let usual = || own().filter(there).or_else(|| environment.system_file.clone().filter(there));
    flags.config.clone().or_else(named).or_else(usual).map(whole)
}

/// The path from the root, so that it means the same wherever it is shown.
pub(crate) fn whole(path: PathBuf) -> PathBuf {
    path::absolute(&path).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_file_is_looked_for_in_four_places() {
        let dir = tempfile::tempdir().unwrap();
        let [flag, var, own, system] =
            ["flag.toml", "var.toml", "config.toml", "system.toml"].map(|name| {
                let path = dir.path().join(name);
                fs::write(&path, "").unwrap();
                path
            });
        let name = "REELBOT_CONFIG".to_owned();
        let mut environment = Environment {
            vars: [(name, var.to_str().unwrap().to_owned())].into(),
            config_dir: Some(dir.path().to_owned()),
            system_file: Some(system.clone()),
            ..Environment::default()
        };
        let named = Flags { config: Some(flag.clone()), database: None };
        assert_eq!(locate(&named, &environment), Some(flag));
        assert_eq!(locate(&Flags::default(), &environment), Some(var));
        environment.vars.clear();
        assert_eq!(locate(&Flags::default(), &environment), Some(own.clone()));
        fs::remove_file(own).unwrap();
        assert_eq!(locate(&Flags::default(), &environment), Some(system.clone()));
        fs::remove_file(system).unwrap();
        assert_eq!(locate(&Flags::default(), &environment), None);
    }
}
