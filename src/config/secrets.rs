//! Values from outside the config file: variables, files they name, credentials.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::config::{environment::Environment, error::ConfigError, origin::Origin};
use crate::domain::{key::EnvironmentKey, secret::Secret};

/// A value and where it was found.
pub(crate) type Found = (String, Origin);

/// Looks for a value by its variable's name: in the variable itself, in the file that `NAME_FILE`
/// names, first of the process and then of `.env`, and last in `$CREDENTIALS_DIRECTORY`, under
/// the variable's name, the same as `lower-case-with-dashes`, or an `alias`.
pub(crate) fn find(
    environment: &Environment,
    name: &str,
    alias: Option<&str>,
) -> Result<Option<Found>, ConfigError> {
    type Layer = fn(String) -> Origin;
    let layers: [(_, Layer); 2] =
        [(&environment.vars, Origin::Environment), (&environment.dotenv, Origin::Dotenv)];
    for (vars, origin) in layers {
        let value = |name: &str| vars.get(name).map(|value| value.trim()).filter(|v| !v.is_empty());
        if let Some(value) = value(name) {
            return Ok(Some((value.to_owned(), origin(name.to_owned()))));
        }
        let file_name = format!("{name}_FILE");
        if let Some(path) = value(&file_name) {
            return Ok(Some((read_secret(Path::new(path))?, origin(file_name))));
        }
    }
    let dashed = name.to_lowercase().replace('_', "-");
    for file in [Some(name), Some(dashed.as_str()), alias].into_iter().flatten() {
        if let Some(path) = credential(environment, file) {
            return Ok(Some((read_secret(&path)?, Origin::Credential(path))));
        }
    }
    Ok(None)
}

/// The KIE keys from `KIE_API_KEY`, `KIE_API_KEY_1`, `KIE_API_KEY_2`, … in the order of their
/// numbers, gaps allowed, several in one with commas between them, each key once. Those of a
/// variable belong to the account that `KIE_ACCOUNT` with the same number names.
pub(crate) fn kie_keys(environment: &Environment) -> Result<Vec<EnvironmentKey>, ConfigError> {
    let value = |name: &str| find(environment, name, None).map(|found| found.map(|found| found.0));
    let mut keys: Vec<EnvironmentKey> = Vec::new();
    for name in kie_names(environment) {
        let account = value(&name.replace("API_KEY", "ACCOUNT"))?;
        let found = value(&name)?.unwrap_or_default();
        for secret in found.split([',', '\n']).map(Secret::new).filter(|key| !key.is_empty()) {
            if !keys.iter().any(|known| known.secret == secret) {
                keys.push(EnvironmentKey { secret, account: account.clone() });
            }
        }
    }
    Ok(keys)
}

/// The text of a file that holds a secret; an empty one is an error, since it was named on purpose.
pub(crate) fn read_secret(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let secret = text.trim();
    if secret.is_empty() {
        return Err(unreadable(io::Error::other("the file is empty")));
    }
    Ok(secret.to_owned())
}

fn credential(environment: &Environment, file: &str) -> Option<PathBuf> {
    let path = Path::new(environment.var("CREDENTIALS_DIRECTORY")?).join(file);
    path.is_file().then_some(path)
}

/// The variables for KIE keys that there are, in the order of their numbers; that without one first.
fn kie_names(environment: &Environment) -> Vec<String> {
    let directory = environment.var("CREDENTIALS_DIRECTORY").map(Path::new);
    let files = directory.and_then(|dir| fs::read_dir(dir).ok()).into_iter().flatten().flatten();
    let files = files.filter_map(|file| file.file_name().into_string().ok());
    let vars = environment.vars.keys().chain(environment.dotenv.keys()).cloned();
    let numbers: BTreeSet<u32> = vars.chain(files).filter_map(|name| kie_number(&name)).collect();
    let numbered = numbers.into_iter().map(|number| format!("KIE_API_KEY_{number}"));
    ["KIE_API_KEY".to_owned()].into_iter().chain(numbered).collect()
}

/// 7 for `KIE_API_KEY_7`, `KIE_API_KEY_7_FILE` and `kie-api-key-7`.
fn kie_number(name: &str) -> Option<u32> {
    let name = name.to_uppercase().replace('-', "_");
    let number = name.strip_prefix("KIE_API_KEY_")?;
    number.strip_suffix("_FILE").unwrap_or(number).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Environment {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment { vars: pairs.collect(), ..Environment::default() }
    }

    fn exposed(keys: &[EnvironmentKey]) -> Vec<&str> {
        keys.iter().map(|key| key.secret.expose()).collect()
    }

    #[test]
    fn a_key_belongs_to_the_account_with_its_number_or_to_none() {
        let environment = with(&[
            ("KIE_API_KEY", "zero"),
            ("KIE_API_KEY_1", "one"),
            ("KIE_API_KEY_2", "two,deux"),
            ("KIE_ACCOUNT_2", "shared"),
            ("KIE_ACCOUNT", "main"),
        ]);
        let keys = kie_keys(&environment).unwrap();
        let accounts: Vec<_> = keys.iter().map(|key| key.account.as_deref()).collect();
        assert_eq!(accounts, [Some("main"), None, Some("shared"), Some("shared")]);
    }

    #[test]
    fn kie_keys_come_in_order_with_gaps_lists_and_no_key_twice() {
        let environment = with(&[
            ("KIE_API_KEY_10", "ten"),
            ("KIE_API_KEY_2", "two"),
            ("KIE_API_KEY", "first, second,,two"),
            ("KIE_API_KEY_X", "not a number"),
            ("KIE_API_KEY_3", ""),
        ]);
        assert_eq!(exposed(&kie_keys(&environment).unwrap()), ["first", "second", "two", "ten"]);
    }

    #[test]
    fn secrets_come_from_files_and_from_the_credentials_directory() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let named = at("elsewhere", "from-file\n");
        at("kie-api-key-4", "from-credentials\n");
        at("telegram-token", "by-alias");
        let environment = with(&[
            ("CREDENTIALS_DIRECTORY", dir.path().to_str().unwrap()),
            ("KIE_API_KEY_1_FILE", &named),
        ]);

        let keys = kie_keys(&environment).unwrap();
        let token = find(&environment, "TELEGRAM_BOT_TOKEN", Some("telegram-token")).unwrap();

        assert_eq!(exposed(&keys), ["from-file", "from-credentials"]);
        let place = Origin::Credential(dir.path().join("telegram-token"));
        assert_eq!(token, Some(("by-alias".to_owned(), place)));
    }

    #[test]
    fn a_named_file_that_is_missing_or_empty_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let environment = with(&[("KIE_API_KEY_FILE", path.to_str().unwrap())]);
        assert!(kie_keys(&environment).is_err());
        fs::write(&path, " \n").unwrap();
        let error = kie_keys(&environment).unwrap_err().to_string();
        assert!(error.ends_with("key: the file is empty"), "{error}");
    }
}
