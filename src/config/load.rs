//! How the config is put together: flag over environment over file over default.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::config::{
    check::{check, warnings},
    environment::Environment,
    error::ConfigError,
    findings::Finding,
    gpt::Gpt,
    locate::{Flags, locate, whole},
    options::{known, leaves},
    origin::Origin,
    parse::{Parsed, UnknownKey, parse},
    paths::resolve,
    place,
    proxy::{Proxy, ProxyVariables},
    samples,
    secrets::{self, Found, KieKeys, read_secret},
    settings::Config,
    telegram::Telegram,
    text_file,
};
use crate::domain::{key::EnvironmentKey, secret::Secret};

/// The commented example, which parses to the defaults.
pub(crate) const EXAMPLE: &str = include_str!("../../config.example.toml");

/// The config with all that was learnt on the way to it.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The values.
    pub config: Config,
    /// The KIE keys of the environment: known to this run, never written to the database.
    pub env_keys: Vec<EnvironmentKey>,
    /// The file that was read, if there is one.
    pub path: Option<PathBuf>,
    /// Names in it that mean nothing to reelbot. Nothing starts with one: what it was to change
    /// would silently stay as it was.
    pub unknown: Vec<UnknownKey>,
    /// What of the environment is not used, and why.
    pub unused: Vec<Finding>,
    /// Where each value comes from, by dotted name.
    pub origins: BTreeMap<String, Origin>,
    /// What is wrong with paths, keys and lines of `.env`, and is not seen in the values any more.
    slips: Vec<Finding>,
    /// The database file; `None` when none is named and the user has no home.
    database: Option<PathBuf>,
}

impl Loaded {
    /// The database file.
    pub(crate) fn database(&self) -> Result<&Path, ConfigError> {
        self.database.as_deref().ok_or(ConfigError::NoHome)
    }

    /// Every secret that must never be printed.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let Config { telegram, kie, gpt, health, .. } = &self.config;
        let keys = self.env_keys.iter().map(|key| &key.secret);
        let named =
            [&telegram.token, &gpt.api_key, &health.ping_url].into_iter().chain(keys).cloned();
        let proxies =
            [&telegram.proxy, &kie.proxy, &gpt.proxy].into_iter().flat_map(Proxy::secrets);
        named.chain(proxies).filter(|secret| !secret.is_empty()).collect()
    }

    /// Everything that is wrong: what was found on the way to the values, then the values.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let unknown = self.unknown.iter().map(UnknownKey::finding);
        self.slips.iter().cloned().chain(check(&self.config)).chain(unknown).collect()
    }

    /// What is in order and yet may not be what was meant.
    pub(crate) fn warnings(&self) -> Vec<Finding> {
        self.unused.iter().cloned().chain(warnings(&self.config)).collect()
    }
}

/// Finds, reads and checks the config.
pub(crate) fn load(flags: &Flags, environment: &Environment) -> Result<Loaded, ConfigError> {
    let loaded = read(flags, environment)?;
    let findings = loaded.findings();
    if findings.is_empty() { Ok(loaded) } else { Err(ConfigError::Invalid(findings)) }
}

/// Finds and reads the config without asking whether its values make sense.
pub(crate) fn read(flags: &Flags, environment: &Environment) -> Result<Loaded, ConfigError> {
    let path = locate(flags, environment).map_err(|slip| ConfigError::Invalid(vec![slip]))?;
    let Parsed { mut config, given, unknown, mistyped } = match &path {
        Some(path) => {
            let unreadable = |source| ConfigError::Unreadable { path: path.clone(), source };
            let text = match &environment.read_before {
                Some((before, text)) if before == path => text.clone(),
                _ => text_file::read_text(path).map_err(unreadable)?,
            };
            parse(&text, path)?
        }
        None => parse("", Path::new(""))?,
    };
    let folder = path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let mut origins: BTreeMap<String, Origin> =
        leaves(&known()).into_iter().map(|key| (key, Origin::Default)).collect();
    origins.extend(given.into_iter().map(|key| (key, Origin::File)));
    for url in urls(&mut config) {
        url.truncate(url.trim_end_matches('/').len());
    }
    let mut slips = environment.dotenv.findings.clone();
    slips.extend(mistyped);
    for (key, file) in paths(&mut config) {
        match resolve(&key, file, environment.home.as_deref()) {
            Ok(path) if path.as_os_str().is_empty() => *file = path,
            Ok(path) => *file = folder.join(path),
            Err(finding) => {
                slips.push(finding);
                file.clear();
            }
        }
    }
    overrule(&mut config, &mut origins, &mut slips, flags, environment);
    let mut unused = environment.unread();
    unused.extend(use_openai_key(&mut config, &mut origins, &mut slips, environment));
    let variables = ProxyVariables::of(environment);
    for proxy in [&mut config.telegram.proxy, &mut config.kie.proxy, &mut config.gpt.proxy] {
        proxy.take_environment(&variables);
    }
    let database = config.database_path(environment.data_dir_of(path.as_deref()));
    let from = origins
        .get("database.path")
        .filter(|origin| !matches!(origin, Origin::Default | Origin::File));
    let key = from.map_or("database.path".to_owned(), ToString::to_string);
    slips.extend(database.as_deref().and_then(|path| place::slip(&key, path)));
    slips.extend(samples::slips(&config.presets));
    slips.extend(place::folder_slip("backup.dir", &config.backup.dir));
    let KieKeys { keys: env_keys, findings } = secrets::kie_keys(environment);
    slips.extend(findings.0);
    Ok(Loaded { config, env_keys, path, unknown, unused, origins, slips, database })
}

/// Puts the values of flags, environment and secret files in the place of the config file's.
fn overrule(
    config: &mut Config,
    origins: &mut BTreeMap<String, Origin>,
    slips: &mut Vec<Finding>,
    flags: &Flags,
    environment: &Environment,
) {
    let Telegram { token, token_file, .. } = &mut config.telegram;
    let found = secrets::find(environment, "TELEGRAM_BOT_TOKEN", Some("telegram-token"));
    let named = ("telegram.token_file", token_file.as_path());
    if let Some(origin) = overrule_secret(token, found, named, slips) {
        origins.insert("telegram.token".to_owned(), origin);
    }
    let database = match &flags.database {
        Some(path) => Ok(Some((path.clone(), Origin::Flag("--database")))),
        None => secrets::find(environment, "REELBOT_DATABASE", None)
            .map(|found| found.map(|(path, origin)| (PathBuf::from(path), origin))),
    };
    let database = database.unwrap_or_else(|finding| {
        slips.push(finding);
        None
    });
    if let Some((path, origin)) = database {
        match whole(&origin.to_string(), &path, environment) {
            Ok(path) => config.database.path = path,
            Err(finding) => slips.push(finding),
        }
        origins.insert("database.path".to_owned(), origin);
    }
}

/// Takes the key of GPT. `OPENAI_API_KEY` may be there for another program, so it is given to an
/// address that the operator chose alone, never to the one that is chosen by default.
fn use_openai_key(
    config: &mut Config,
    origins: &mut BTreeMap<String, Origin>,
    slips: &mut Vec<Finding>,
    environment: &Environment,
) -> Option<Finding> {
    let Gpt { api_url, api_key, api_key_file, .. } = &mut config.gpt;
    let is_chosen = *api_url != Gpt::default().api_url;
    let found = secrets::find(environment, "OPENAI_API_KEY", None);
    let given = found.as_ref().ok().and_then(Option::as_ref);
    let unused = given.filter(|_| !is_chosen).map(|(_, origin)| Finding {
        key: origin.to_string(),
        problem: format!("is not used: gpt.api_url is {api_url}, which takes a KIE key"),
        hint: "where it is meant for GPT, write gpt.api_url = \"https://api.openai.com/v1\""
            .to_owned(),
    });
    let found = if is_chosen { found } else { Ok(None) };
    let named = ("gpt.api_key_file", api_key_file.as_path());
    if let Some(origin) = overrule_secret(api_key, found, named, slips) {
        origins.insert("gpt.api_key".to_owned(), origin);
    }
    unused
}

/// Takes the secret of the environment; else, if the config gives none itself, that of the file
/// that an option names.
fn overrule_secret(
    secret: &mut Secret,
    found: Result<Option<Found>, Finding>,
    (option, file): (&str, &Path),
    slips: &mut Vec<Finding>,
) -> Option<Origin> {
    let is_named = secret.is_empty() && !file.as_os_str().is_empty();
    let found = match found {
        Ok(None) if is_named => {
            read_secret(option, file).map(|text| Some((text, Origin::NamedFile(file.to_owned()))))
        }
        found => found,
    };
    match found {
        Ok(found) => found.map(|(text, origin)| {
            *secret = Secret::from_input(&text);
            origin
        }),
        Err(finding) => {
            slips.push(finding);
            None
        }
    }
}

/// The addresses, to which paths are added: they do without a `/` at the end.
fn urls(config: &mut Config) -> [&mut String; 5] {
    let Config { telegram: Telegram { api_url, file_url, .. }, kie, gpt, .. } = config;
    [api_url, file_url, &mut kie.api_url, &mut kie.upload_url, &mut gpt.api_url]
}

/// The paths by their names, which the file gives relative to its own folder.
fn paths(config: &mut Config) -> impl Iterator<Item = (String, &mut PathBuf)> {
    let Config { telegram, database, gpt, backup, texts, presets, .. } = config;
    let options = [
        ("telegram.token_file", &mut telegram.token_file),
        ("database.path", &mut database.path),
        ("gpt.api_key_file", &mut gpt.api_key_file),
        ("backup.dir", &mut backup.dir),
        ("texts.dir", &mut texts.dir),
    ];
    let options = options.into_iter().map(|(key, path)| (key.to_owned(), path));
    options.chain(presets.iter_mut().map(|preset| (samples::key(&preset.id), &mut preset.sample)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::dotenv::dotenv;
    use std::fs;

    fn world(vars: &[(&str, &str)]) -> Environment {
        let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment { vars: vars.collect(), ..Environment::default() }
    }

    fn file(dir: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn named(path: &Path) -> Flags {
        Flags { config: Some(path.to_owned()), database: None }
    }

    #[test]
    fn the_example_is_the_defaults_and_names_every_option() {
        let parsed = parse(EXAMPLE, Path::new("config.example.toml")).unwrap();
        assert_eq!(parsed.config, Config::default());
        assert_eq!(parsed.unknown, []);
        for leaf in leaves(&known()) {
            let commented = leaf == "models" && EXAMPLE.contains("# [[models]]");
            assert!(commented || parsed.given.contains(&leaf), "{leaf} is not in the example");
        }
    }

    #[test]
    fn flag_wins_over_environment_over_file_over_default() {
        let dir = tempfile::tempdir().unwrap();
        let path = file(&dir, "config.toml", "[database]\npath = \"file.db\"\n");
        let environment = world(&[("REELBOT_DATABASE", "/env.db")]);
        let flags = Flags { database: Some("/flag.db".into()), ..named(&path) };
        let decided = |flags: &Flags, environment: &Environment| {
            let loaded = load(flags, environment).unwrap();
            let origin = loaded.origins["database.path"].to_string();
            (loaded.database().unwrap().to_owned(), origin)
        };
        let mut home = world(&[]);
        home.data_dir = Some("/data".into());

        let of = |path: &str, origin: &str| (PathBuf::from(path), origin.to_owned());
        assert_eq!(decided(&flags, &environment), of("/flag.db", "--database"));
        assert_eq!(decided(&named(&path), &environment), of("/env.db", "REELBOT_DATABASE"));
        let beside = dir.path().join("file.db");
        assert_eq!(decided(&named(&path), &home), (beside, "config file".to_owned()));
        assert_eq!(decided(&Flags::default(), &home), of("/data/reelbot.db", "default"));
        let homeless = load(&Flags::default(), &world(&[])).unwrap();
        assert!(matches!(homeless.database(), Err(ConfigError::NoHome)));
    }

    #[test]
    fn a_config_of_the_machine_means_its_data_whoever_types() {
        let dir = tempfile::tempdir().unwrap();
        let [etc, home] = ["etc", "home"].map(|name| {
            fs::create_dir(dir.path().join(name)).unwrap();
            dir.path().join(name)
        });
        let system = file(&dir, "etc/config.toml", "");
        let other = file(&dir, "etc/other.toml", "");
        let decided = |config_dir: &Path, flags: &Flags| {
            let environment = Environment {
                config_dir: Some(config_dir.to_owned()),
                data_dir: Some("/home/anna/data".into()),
                system_file: Some(system.clone()),
                system_data_dir: Some("/var/lib/reelbot".into()),
                ..Environment::default()
            };
            load(flags, &environment).unwrap().database().unwrap().to_owned()
        };
        let machines = Path::new("/var/lib/reelbot/reelbot.db");
        // A service whose variables name both places, somebody without a config, and a named file.
        assert_eq!(decided(&etc, &Flags::default()), machines);
        assert_eq!(decided(&home, &Flags::default()), machines);
        assert_eq!(decided(&home, &named(&other)), machines);
        file(&dir, "home/config.toml", "");
        assert_eq!(decided(&home, &Flags::default()), Path::new("/home/anna/data/reelbot.db"));
    }

    #[test]
    fn a_token_file_lies_beside_the_config_and_gives_way_to_the_environment() {
        let dir = tempfile::tempdir().unwrap();
        let token = format!("123456789:{}", "A".repeat(35));
        file(&dir, "token", &format!("{token}\n"));
        let path = file(&dir, "config.toml", "[telegram]\ntoken_file = \"token\"\n");
        let loaded = load(&named(&path), &world(&[])).unwrap();
        assert_eq!(loaded.config.telegram.token.expose(), token);
        assert_eq!(loaded.origins["telegram.token"], Origin::NamedFile(dir.path().join("token")));

        let other = token.replace('A', "B");
        let environment = world(&[("TELEGRAM_BOT_TOKEN", &other), ("KIE_API_KEY", "k1,k2")]);
        let loaded = load(&named(&path), &environment).unwrap();
        assert_eq!(loaded.config.telegram.token.expose(), other);
        assert_eq!(loaded.secrets().len(), 3);
    }

    #[test]
    fn a_token_in_the_config_wins_over_its_file_which_is_not_even_read() {
        let dir = tempfile::tempdir().unwrap();
        let token = format!("123456789:{}", "A".repeat(35));
        let text = format!("[telegram]\ntoken = \"{token}\"\ntoken_file = \"none\"\n");
        let loaded = load(&named(&file(&dir, "c.toml", &text)), &world(&[])).unwrap();
        assert_eq!(loaded.config.telegram.token.expose(), token);
        assert_eq!(loaded.origins["telegram.token"], Origin::File);
    }

    #[test]
    fn a_config_with_presets_of_its_own_has_only_those_but_keeps_the_shipped_models() {
        let dir = tempfile::tempdir().unwrap();
        let text = "[[presets]]\nid = \"a\"\nlabel = { ru = \"А\", en = \"A\" }\nidea = \"A.\"\n";
        let loaded = load(&named(&file(&dir, "c.toml", text)), &world(&[])).unwrap();
        assert_eq!(loaded.config.presets.len(), 1);
        assert!(loaded.config.model("kling-3.0/video").is_some());
    }

    #[test]
    fn a_sample_lies_beside_the_config_and_is_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let preset = "[[presets]]\nid = \"a\"\nlabel = { ru = \"А\", en = \"A\" }\nidea = \"A.\"\n";
        let text = format!("{preset}sample = \"up.mp4\"\n");
        let config = file(&dir, "c.toml", &text);
        let refused = load(&named(&config), &world(&[])).unwrap_err();
        assert!(refused.to_string().contains("presets \"a\": sample"), "{refused}");
        fs::write(dir.path().join("up.mp4"), include_bytes!("samples/orbit.mp4")).unwrap();
        let loaded = load(&named(&config), &world(&[])).unwrap();
        assert_eq!(loaded.config.presets[0].sample, dir.path().join("up.mp4"));
    }

    #[test]
    fn a_folder_a_missing_file_and_nonsense_are_refused_with_a_hint() {
        let dir = tempfile::tempdir().unwrap();
        let refused = |path: &Path| load(&named(path), &world(&[])).unwrap_err();

        let folder = refused(dir.path());
        assert!(matches!(folder, ConfigError::Unreadable { .. }), "{folder}");
        assert!(folder.hint().contains("config.toml"), "{}", folder.hint());
        let missing = refused(&dir.path().join("none.toml"));
        assert!(missing.hint().starts_with("check the path"), "{}", missing.hint());
        let broken = refused(&file(&dir, "broken.toml", "[kie\n"));
        assert!(broken.to_string().contains("line 1, column 5"), "{broken}");
        let nonsense = refused(&file(&dir, "nonsense.toml", "[workers]\ncount = 0\n"));
        assert_eq!(nonsense.to_string(), "workers.count is 0");
        assert_eq!(nonsense.hint(), "write a number from 1 to 256");
    }

    #[test]
    fn what_was_pasted_badly_is_found_in_one_go_wherever_it_stands() {
        let dir = tempfile::tempdir().unwrap();
        let token = format!("123456789:{}", "A".repeat(34));
        // Each ends with a Cyrillic letter.
        let text = format!(
            "[telegram]\ntoken = \"{token}А\"\n[gpt]\napi_key = \"sk-0123456789е\"\n\
             [database]\npath = \"$HOME/reelbot.db\"\n[texts]\ndir = \"C:\\\\texts\"\n"
        );
        let path = file(&dir, "c.toml", &text);
        let mut environment = world(&[("kie_api_key_02", "0123456789о")]);
        environment.dotenv = dotenv("\nOPENAI_API_KEY='open\n", &environment.vars);
        let found = read(&named(&path), &environment).unwrap().findings();
        let keys: Vec<&str> = found.iter().map(|finding| finding.key.as_str()).collect();
        let expected = [
            "OPENAI_API_KEY in .env",
            "database.path",
            "texts.dir",
            "kie_api_key_02",
            "telegram.token",
            "gpt.api_key",
        ];
        assert_eq!(keys, expected);
        assert!(matches!(load(&named(&path), &environment), Err(ConfigError::Invalid(_))));
    }

    #[test]
    fn what_is_pasted_along_does_no_harm_wherever_it_stands() {
        let dir = tempfile::tempdir().unwrap();
        let token = format!("123456789:{}", "A".repeat(35));
        let text = format!(
            "\u{feff}[telegram]\ntoken = \" “{token}”\"\n[gpt]\napi_key = \"Bearer sk-0123456789\"\n\
             [database]\npath = \"~/reelbot.db\"\n[texts]\ndir = \" \"\n"
        );
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), &utf16] {
            let path = dir.path().join("c.toml");
            fs::write(&path, bytes).unwrap();
            let mut environment = world(&[("KIE_API_KEY", "\"k1, k2\"")]);
            environment.home = Some("/home/anna".into());
            let loaded = load(&named(&path), &environment).unwrap();
            let secrets = loaded.secrets();
            let exposed: Vec<&str> = secrets.iter().map(Secret::expose).collect();
            assert_eq!(exposed, [token.as_str(), "sk-0123456789", "k1", "k2"]);
            assert_eq!(loaded.database().unwrap(), Path::new("/home/anna/reelbot.db"));
            assert_eq!(loaded.config.texts.dir, PathBuf::new());
        }
    }

    #[test]
    fn addresses_lose_the_slash_at_their_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = file(&dir, "c.toml", "[kie]\napi_url = \"http://127.0.0.1:9/\"\n");
        let loaded = load(&named(&path), &world(&[])).unwrap();
        assert_eq!(loaded.config.kie.api_url, "http://127.0.0.1:9");
    }
}
