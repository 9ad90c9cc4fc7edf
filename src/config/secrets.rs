//! Values from outside the config file: variables, files they name, credentials.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use crate::config::{
    environment::{Environment, spellings},
    error::{plain, unreadable},
    findings::{Finding, Findings},
    names::{canonical, key_number},
    origin::Origin,
    paths::resolve,
    text_file::read_text,
};
use crate::domain::{key::EnvironmentKey, pasted::unwrapped, secret::Secret};

/// What to do about a KIE key that is none.
const KEY_HINT: &str = "copy it again from https://kie.ai/api-key; put commas between several";

/// What `packaging/reelbot.service` has in place of a credential that is not there: systemd refuses
/// to start a unit with neither.
const NOT_GIVEN: &[u8] = b"\n";

/// A value and where it was found.
pub(crate) type Found = (String, Origin);

/// The KIE keys of the environment, and what is wrong with some of them.
#[derive(Debug, Default)]
pub(crate) struct KieKeys {
    /// Each key once.
    pub keys: Vec<EnvironmentKey>,
    /// Those that are none.
    pub findings: Findings,
}

/// Looks for a value by its variable's name: in the variable itself, in the file that `NAME_FILE`
/// names, first of the process and then of `.env`, and last in `$CREDENTIALS_DIRECTORY`, under
/// the variable's name, the same as `lower-case-with-dashes`, or an `alias`.
pub(crate) fn find(
    environment: &Environment,
    name: &str,
    alias: Option<&str>,
) -> Result<Option<Found>, Finding> {
    let found = find_all(environment, name, alias)?.into_iter().next();
    Ok(found.map(|(_, found)| found))
}

/// The same for a variable that may be there in several spellings, as `KIE_API_KEY_1` and
/// `KIE_API_KEY_01`: all of the first place that has any, each with its spelling.
fn find_all(
    environment: &Environment,
    name: &str,
    alias: Option<&str>,
) -> Result<Vec<(String, Found)>, Finding> {
    type Layer = fn(String) -> Origin;
    let layers: [(_, Layer); 2] =
        [(&environment.vars, Origin::Environment), (&environment.dotenv.variables, Origin::Dotenv)];
    for (vars, origin) in layers {
        let mut found = Vec::new();
        for (written, value) in spellings(vars, name) {
            found.push((spelling(written), (value.to_owned(), origin(written.to_owned()))));
        }
        for (written, path) in spellings(vars, &format!("{name}_FILE")) {
            let spelling = spelling(written);
            if !found.iter().any(|(known, _)| *known == spelling) {
                let path = resolve(written, Path::new(path), environment.home.as_deref())?;
                found.push((spelling, (read_secret(written, &path)?, origin(written.to_owned()))));
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let is_named = |file: &str| canonical(file).as_deref() == Some(name) || alias == Some(file);
    let files = credentials(environment).into_iter().filter(|(file, _)| is_named(file));
    let read = |(file, path): (String, PathBuf)| {
        let secret = read_secret(&format!("the credential {file}"), &path)?;
        Ok((spelling(&file), (secret, Origin::Credential(path))))
    };
    files.map(read).collect()
}

/// How a variable is written, but for what is written in many ways and for `_FILE`.
fn spelling(written: &str) -> String {
    let name = written.to_uppercase().replace('-', "_");
    name.strip_suffix("_FILE").unwrap_or(&name).to_owned()
}

/// The KIE keys from `KIE_API_KEY`, `KIE_API_KEY_1`, `KIE_API_KEY_2`, … in the order of their
/// numbers, gaps allowed, several in one with commas between them, each key once. Those of a
/// variable belong to the account that `KIE_ACCOUNT` with the same number names.
pub(crate) fn kie_keys(environment: &Environment) -> KieKeys {
    let mut all = KieKeys::default();
    for name in key_names(environment) {
        if let Err(finding) = all.add_found(environment, &name) {
            all.findings.0.push(finding);
        }
    }
    all
}

impl KieKeys {
    /// Adds the keys of a variable.
    fn add_found(&mut self, environment: &Environment, name: &str) -> Result<(), Finding> {
        let accounts = find_all(environment, &name.replace("API_KEY", "ACCOUNT"), None)?;
        for (spelling, (text, origin)) in find_all(environment, name, None)? {
            let own = spelling.replace("API_KEY", "ACCOUNT");
            let account = accounts.iter().find(|(spelling, _)| *spelling == own);
            let account = account.or(accounts.first()).map(|(_, (account, _))| account.clone());
            self.add(&text, account.as_deref(), &origin);
        }
        Ok(())
    }

    /// Adds the keys of a list.
    fn add(&mut self, list: &str, account: Option<&str>, origin: &Origin) {
        let keys = list.split([',', ';', '\n', '\r']).map(Secret::from_input);
        for (secret, number) in keys.filter(|key| !key.is_empty()).zip(1..) {
            if let Some(fault) = secret.fault() {
                let place = match number {
                    1 => "is".to_owned(),
                    _ => format!("has as number {number} what is"),
                };
                let problem = format!("{place} no KIE key: {fault}");
                self.findings.add(origin.to_string(), problem, KEY_HINT);
            }
            if !self.keys.iter().any(|known| known.secret == secret) {
                self.keys.push(EnvironmentKey { secret, account: account.map(str::to_owned) });
            }
        }
    }
}

/// The text of a file that holds a secret, which `key` names: a variable, an option or a credential.
/// An empty one is an error, since it was named on purpose.
pub(crate) fn read_secret(key: &str, path: &Path) -> Result<String, Finding> {
    let refused = |error: io::Error| Finding {
        key: key.to_owned(),
        problem: format!("cannot be used: cannot read {}: {}", path.display(), plain(&error)),
        hint: unreadable(path, &error),
    };
    let text = read_text(path).map_err(refused)?;
    let secret = unwrapped(&text);
    if secret.is_empty() {
        return Err(refused(io::Error::other("the file is empty")));
    }
    Ok(secret.to_owned())
}

/// The files of systemd's credentials by their names, but for those that our unit names and nobody
/// has given.
fn credentials(environment: &Environment) -> BTreeMap<String, PathBuf> {
    let directory = environment.var("CREDENTIALS_DIRECTORY").map(Path::new);
    let files = directory.and_then(|dir| fs::read_dir(dir).ok()).into_iter().flatten().flatten();
    let named = |file: fs::DirEntry| Some((file.file_name().into_string().ok()?, file.path()));
    let is_given =
        |path: &Path| path.is_file() && fs::read(path).map_or(true, |bytes| bytes != NOT_GIVEN);
    files.filter_map(named).filter(|(_, path)| is_given(path)).collect()
}

/// The variables for KIE keys that there are, in the order of their numbers; that without one first.
fn key_names(environment: &Environment) -> Vec<String> {
    let variables = environment.vars.keys().chain(environment.dotenv.variables.keys()).cloned();
    let names = variables.chain(credentials(environment).into_keys());
    let numbers: BTreeSet<u32> = names.filter_map(|name| key_number(&canonical(&name)?)).collect();
    let numbered = numbers.into_iter().map(|number| format!("KIE_API_KEY_{number}"));
    ["KIE_API_KEY".to_owned()].into_iter().chain(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Environment {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment { vars: pairs.collect(), ..Environment::default() }
    }

    /// The keys, of which each is one.
    #[track_caller]
    fn keys(environment: &Environment) -> Vec<EnvironmentKey> {
        let KieKeys { keys, findings } = kie_keys(environment);
        assert_eq!(findings.0, []);
        keys
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
        let keys = keys(&environment);
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
        assert_eq!(exposed(&keys(&environment)), ["first", "second", "two", "ten"]);
    }

    #[test]
    fn a_number_is_read_however_it_is_written_with_the_account_that_is_written_so() {
        let environment = with(&[
            ("KIE_API_KEY_01", "b"),
            ("KIE_API_KEY_1", "a"),
            ("kie_api_key2", "\"c, d\""),
            ("Kie_Api_Key", "'e'; Bearer f"),
            ("KIE_ACCOUNT_01", "studio"),
            ("kie_account_02", "\"shop\""),
        ]);
        let keys = keys(&environment);
        assert_eq!(exposed(&keys), ["e", "f", "a", "b", "c", "d"]);
        let accounts: Vec<_> = keys.iter().map(|key| key.account.as_deref()).collect();
        let [studio, shop] = ["studio", "shop"].map(Some);
        assert_eq!(accounts, [None, None, studio, studio, shop, shop]);
    }

    #[test]
    fn what_is_no_key_is_named_with_its_variable_and_not_shown() {
        // Its fifth letter is Cyrillic.
        let environment =
            with(&[("KIE_API_KEY_2", "0123456789,3210а56789"), ("KIE_API_KEY", "a b")]);
        let found = kie_keys(&environment);
        let said: Vec<String> = found.findings.0.iter().map(ToString::to_string).collect();
        let expected = [
            "KIE_API_KEY is no KIE key: character 2 is a space",
            "KIE_API_KEY_2 has as number 2 what is no KIE key: \
             character 5 is a Cyrillic letter that looks like Latin a",
        ];
        assert_eq!(said, expected);
        assert_eq!(found.keys.len(), 3, "all are known, so that none is shown");
    }

    #[test]
    fn a_path_that_no_file_can_have_is_refused() {
        let environment = with(&[("telegram_bot_token_file", "$HOME/token")]);
        let error = find(&environment, "TELEGRAM_BOT_TOKEN", None).unwrap_err();
        assert!(error.to_string().starts_with("telegram_bot_token_file is \"$HOME/token\""));
        assert_eq!(error.hint, "write ~/token");
    }

    #[test]
    fn secrets_come_from_files_and_from_the_credentials_directory() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let named = at("elsewhere", "\u{feff}\"from-file\"\r\n");
        at("kie-api-key-4", "from-credentials\n");
        at("telegram-token", "by-alias");
        at("kie-api-key-5", "\n");
        let environment = with(&[
            ("CREDENTIALS_DIRECTORY", dir.path().to_str().unwrap()),
            ("KIE_API_KEY_1_FILE", &named),
        ]);

        let keys = keys(&environment);
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
        let error = || kie_keys(&environment).findings.0[0].to_string();
        let missing = format!("KIE_API_KEY_FILE cannot be used: cannot read {}: ", path.display());
        assert_eq!(error(), missing.clone() + "No such file or directory");
        fs::write(&path, " \n").unwrap();
        assert_eq!(error(), missing + "the file is empty");
    }
}
