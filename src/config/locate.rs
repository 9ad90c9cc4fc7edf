//! Which config file is meant.

use std::path::{self, Path, PathBuf};

use crate::config::{environment::Environment, findings::Finding, paths::resolve};

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
pub(crate) fn locate(flags: &Flags, environment: &Environment) -> Result<Option<PathBuf>, Finding> {
    if let Some((path, _)) = &environment.read_before {
        return Ok(Some(path.clone()));
    }
    let flag = flags.config.clone().map(|path| ("--config", path));
    let var = || environment.var("REELBOT_CONFIG").map(|path| ("REELBOT_CONFIG", path.into()));
    if let Some((key, path)) = flag.or_else(var) {
        return whole(key, &path, environment).map(Some);
    }
    // One that cannot be looked at is there: it is named with what keeps it from being read.
    let is_there = |path: &PathBuf| path.try_exists().unwrap_or(true);
    Ok(usual_places(environment).into_iter().find(is_there))
}

/// Where the config file is looked for if none is named, in this order.
pub(crate) fn usual_places(environment: &Environment) -> Vec<PathBuf> {
    let own = environment.config_dir.as_ref().map(|dir| dir.join("config.toml"));
    let mut places: Vec<PathBuf> = own.into_iter().chain(environment.system_file.clone()).collect();
    places.dedup();
    places
}

/// The path from the root that is meant by the value of `key`, so that it means the same wherever
/// it is shown.
pub(crate) fn whole(key: &str, path: &Path, environment: &Environment) -> Result<PathBuf, Finding> {
    let path = resolve(key, path, environment.home.as_deref())?;
    Ok(path::absolute(&path).unwrap_or(path))
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
        assert_eq!(locate(&named, &environment), Ok(Some(flag)));
        assert_eq!(locate(&Flags::default(), &environment), Ok(Some(var)));
        environment.vars.clear();
        assert_eq!(locate(&Flags::default(), &environment), Ok(Some(own.clone())));
        fs::remove_file(own).unwrap();
        assert_eq!(locate(&Flags::default(), &environment), Ok(Some(system.clone())));
        fs::remove_file(system).unwrap();
        assert_eq!(locate(&Flags::default(), &environment), Ok(None));
        environment.home = Some("/home/anna".into());
        let at_home = Flags { config: Some("~/c.toml".into()), database: None };
        assert_eq!(locate(&at_home, &environment), Ok(Some("/home/anna/c.toml".into())));
        environment.vars.insert("reelbot_config".to_owned(), "$HOME/c.toml".to_owned());
        let refused = locate(&Flags::default(), &environment).unwrap_err();
        assert_eq!(
            (refused.key.as_str(), refused.hint.as_str()),
            ("REELBOT_CONFIG", "write ~/c.toml")
        );
    }
}
