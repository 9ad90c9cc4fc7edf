//! What surrounds the process, as a value: tests pass their own.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, ErrorKind, Read},
    path::{Path, PathBuf},
};

use directories::{BaseDirs, ProjectDirs};

use crate::config::{
    dotenv::{Dotenv, Variables, dotenv},
    findings::Finding,
    names::{advice, canonical, is_reserved, meant},
    text_file::decode,
};
use crate::domain::pasted::unwrapped;

/// How much of a `.env` file is read, in bytes: far more than anybody writes.
const LONGEST_DOTENV: u64 = 4 << 20;

/// Variables and folders. It holds secrets in plain text and so has no `Debug`.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    /// The variables of the process.
    pub vars: Variables,
    /// Those of `.env`, which give way to those of the process.
    pub dotenv: Dotenv,
    /// The home of this user, `~`.
    pub home: Option<PathBuf>,
    /// Where the platform keeps configs, `~/.config/reelbot` on Linux.
    pub config_dir: Option<PathBuf>,
    /// Where the platform keeps data, `~/.local/share/reelbot` on Linux.
    pub data_dir: Option<PathBuf>,
    /// The machine's config file, for when the user has none.
    pub system_file: Option<PathBuf>,
    /// Where the data of every config beside that one is.
    pub system_data_dir: Option<PathBuf>,
    /// The config file and its text, where it was read before the rights to do so were given up.
    pub read_before: Option<(PathBuf, String)>,
}

impl Environment {
    /// That of this process, with the `.env` of its working directory.
    pub(crate) fn of_process() -> Self {
        // What is not Unicode is kept as such a character: it will be named, not passed over.
        let readable = |text: OsString| text.to_string_lossy().into_owned();
        let vars = env::vars_os().map(|(name, value)| (readable(name), readable(value))).collect();
        let dirs = ProjectDirs::from("", "", "reelbot");
        Self {
            dotenv: read_dotenv(Path::new(".env"), &vars),
            vars,
            home: BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()),
            config_dir: dirs.as_ref().map(|dirs| dirs.config_dir().to_owned()),
            data_dir: dirs.as_ref().map(|dirs| dirs.data_dir().to_owned()),
            system_file: Some(PathBuf::from("/etc/reelbot/config.toml")),
            system_data_dir: Some(PathBuf::from("/var/lib/reelbot")),
            read_before: None,
        }
    }

    /// What of it decides where the config and the database are: all that a command needs which
    /// calls nobody. A key that was copied badly, or another program's proxy, must not stop it.
    pub(crate) fn of_places(&self) -> Self {
        let is_place = |name: &str| name.to_ascii_uppercase().starts_with("REELBOT");
        let places = |all: &Variables| -> Variables {
            let places = all.iter().filter(|(name, _)| is_place(name));
            places.map(|(name, value)| (name.clone(), value.clone())).collect()
        };
        let findings = self.dotenv.findings.iter().filter(|finding| is_place(&finding.key));
        Self {
            vars: places(&self.vars),
            dotenv: Dotenv {
                variables: places(&self.dotenv.variables),
                findings: findings.cloned().collect(),
                ..Dotenv::default()
            },
            home: self.home.clone(),
            config_dir: self.config_dir.clone(),
            data_dir: self.data_dir.clone(),
            system_file: self.system_file.clone(),
            system_data_dir: self.system_data_dir.clone(),
            read_before: self.read_before.clone(),
        }
    }

    /// A variable of the process, else of `.env`.
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        let layers = [&self.vars, &self.dotenv.variables];
        layers.into_iter().find_map(|layer| spellings(layer, name).first().map(|found| found.1))
    }

    /// What may have been meant for reelbot and is not read.
    pub(crate) fn unread(&self) -> Vec<Finding> {
        let set = self.vars.iter().filter(|(_, value)| !unwrapped(value).is_empty());
        let process = set.map(|(name, _)| (name, ""));
        let dotenv = self.dotenv.unread.iter().map(|name| (name, " in .env"));
        let strangers = process.chain(dotenv).filter_map(|(name, place)| {
            let meant = meant(name)?;
            let problem = "is no variable of reelbot's and is not read".to_owned();
            // What another program calls so is no slip where ours is there.
            let is_slip = is_reserved(name) || !self.is_set(meant);
            let key = format!("{name}{place}");
            is_slip.then(|| Finding { key, problem, hint: advice(meant) })
        });
        let twice = shadowed(&self.vars, "").chain(shadowed(&self.dotenv.variables, " in .env"));
        self.dotenv.warnings.iter().cloned().chain(strangers).chain(twice).collect()
    }

    /// Where the data of a config file is: for one of the machine's, and so for everybody who takes it,
    /// the machine's place, whatever their own variables say.
    pub(crate) fn data_dir_of(&self, config: Option<&Path>) -> Option<&Path> {
        let folder = config.and_then(Path::parent);
        let is_systems =
            folder.is_some() && folder == self.system_file.as_deref().and_then(Path::parent);
        if is_systems { self.system_data_dir.as_deref() } else { self.data_dir.as_deref() }
    }

    /// Whether the variable, or that for its file, has a value.
    fn is_set(&self, name: &str) -> bool {
        self.var(name).or_else(|| self.var(&format!("{name}_FILE"))).is_some()
    }
}

/// The variables with this meaning that are set, as they are written and with their values; first
/// the one that is written as we do. One that is set to nothing counts as unset, and quotes
/// around a value, as Docker passes them on, are no part of it.
pub(crate) fn spellings<'a>(variables: &'a Variables, name: &str) -> Vec<(&'a str, &'a str)> {
    let exact = variables.get_key_value(name).into_iter();
    let others = variables.iter().filter(|(written, _)| {
        written.as_str() != name && canonical(written).as_deref() == Some(name)
    });
    let found = exact.chain(others).map(|(written, value)| (written.as_str(), unwrapped(value)));
    found.filter(|(_, value)| !value.is_empty()).collect()
}

/// Variables that give way to another spelling of theirs. Of keys and accounts all are read.
fn shadowed<'a>(
    variables: &'a Variables,
    place: &'a str,
) -> impl Iterator<Item = Finding> + use<'a> {
    variables.iter().filter_map(move |(name, value)| {
        let ours = canonical(name).filter(|ours| !ours.starts_with("KIE_"))?;
        let (read, other) = *spellings(variables, &ours).first()?;
        let value = unwrapped(value);
        (read != name && !value.is_empty() && value != other).then(|| Finding {
            key: format!("{name}{place}"),
            problem: format!("is not read beside {read}"),
            hint: "keep one of them".to_owned(),
        })
    })
}

/// Reads a `.env` file; none, and a folder of that name, is an empty one. It may be another
/// project's, so that it cannot be read is worth a warning and no more.
fn read_dotenv(path: &Path, process: &Variables) -> Dotenv {
    let mut bytes = Vec::new();
    let mut read = || File::open(path)?.take(LONGEST_DOTENV).read_to_end(&mut bytes);
    let warning = |problem: String, hint: &str| Finding {
        key: ".env".to_owned(),
        problem,
        hint: hint.to_owned(),
    };
    let length = match read() {
        Ok(length) => length,
        Err(error) if is_nothing(&error) => return Dotenv::default(),
        Err(error) => {
            let hint = "give this user the right to read it, or start reelbot in another folder";
            let warnings = vec![warning(format!("cannot be read: {error}"), hint)];
            return Dotenv { warnings, ..Dotenv::default() };
        }
    };
    let (text, what) = match decode(&bytes) {
        Ok(text) => (text, None),
        Err(what) => (String::from_utf8_lossy(&bytes).into_owned(), Some(what)),
    };
    let mut found = dotenv(&text, process);
    found.warnings.extend(what.map(|what| warning(what, "save it as UTF-8")));
    if length as u64 == LONGEST_DOTENV {
        let problem =
            format!("is longer than {} MiB, and only so much of it is read", LONGEST_DOTENV >> 20);
        found.warnings.push(warning(problem, "keep what is reelbot's at its beginning"));
    }
    found
}

fn is_nothing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn pairs(all: &[(&str, &str)]) -> Variables {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn with(process: &[(&str, &str)], dotenv: &[(&str, &str)]) -> Environment {
        let dotenv = Dotenv { variables: pairs(dotenv), ..Dotenv::default() };
        Environment { vars: pairs(process), dotenv, ..Environment::default() }
    }

    fn read(bytes: &[u8]) -> Dotenv {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".env");
        fs::write(&path, bytes).unwrap();
        read_dotenv(&path, &Variables::new())
    }

    #[test]
    fn a_variable_of_the_process_wins_over_the_env_file_unless_it_is_empty() {
        let process =
            [("RUST_LOG", "process"), ("REELBOT_CONFIG", " "), ("OPENAI_API_KEY", "\"\"")];
        let dotenv = [("RUST_LOG", "file"), ("REELBOT_CONFIG", "file"), ("OPENAI_API_KEY", "file")];
        let environment = with(&process, &dotenv);
        assert_eq!(environment.var("RUST_LOG"), Some("process"));
        assert_eq!(environment.var("REELBOT_CONFIG"), Some("file"));
        assert_eq!(environment.var("OPENAI_API_KEY"), Some("file"));
        assert_eq!(environment.var("REELBOT_DATABASE"), None);
    }

    #[test]
    fn a_variable_is_read_however_its_name_is_written_and_without_quotes() {
        let environment = with(&[("reelbot_config", "\"/c.toml\""), ("rust_log", "debug")], &[]);
        assert_eq!(environment.var("REELBOT_CONFIG"), Some("/c.toml"));
        assert_eq!(environment.var("RUST_LOG"), None);
        let both = pairs(&[("KIE_API_KEY_01", "b"), ("KIE_API_KEY_1", "a"), ("kie_api_key1", "c")]);
        let found = spellings(&both, "KIE_API_KEY_1");
        assert_eq!(found, [("KIE_API_KEY_1", "a"), ("KIE_API_KEY_01", "b"), ("kie_api_key1", "c")]);
    }

    #[test]
    fn what_looks_like_ours_and_is_not_read_is_named_with_what_was_meant() {
        let named = |process: &[(&str, &str)], dotenv: &[&str]| -> Vec<String> {
            let mut environment = with(process, &[]);
            environment.dotenv.unread = dotenv.iter().map(|name| (*name).to_owned()).collect();
            let unread = environment.unread().into_iter();
            unread.map(|finding| format!("{} → {}", finding.key, finding.hint)).collect()
        };
        let keys = "did you mean KIE_API_KEY? Several are KIE_API_KEY_1, KIE_API_KEY_2, …";
        let token = "did you mean TELEGRAM_BOT_TOKEN?";
        assert_eq!(
            named(&[("KIE_KEY", "a"), ("PATH", "/bin")], &["BOT_TOKEN"]),
            [format!("KIE_KEY → {keys}"), format!("BOT_TOKEN in .env → {token}")]
        );
        let ours = ("TELEGRAM_BOT_TOKEN_FILE", "/token");
        assert_eq!(named(&[ours, ("BOT_TOKEN", "1:a")], &[]), [""; 0]);
        let prefixed = ("TELEGRAM_BOT_TOKENS", "1:a");
        assert_eq!(named(&[ours, prefixed], &[]), [format!("TELEGRAM_BOT_TOKENS → {token}")]);
        assert_eq!(named(&[("KIE_KEY", " "), ("kie_api_key_01", "a")], &[]), [""; 0]);
        let [one, same, other] =
            [("OPENAI_API_KEY", "a"), ("Openai_Api_Key", "a"), ("openai_api_key", "b")];
        assert_eq!(named(&[one, same, other], &[]), ["openai_api_key → keep one of them"]);
    }

    #[test]
    fn an_env_file_is_read_in_whichever_encoding_it_was_saved() {
        let text = "# ключи\r\nKIE_API_KEY=a\r\n";
        let utf16: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [text.as_bytes(), format!("\u{feff}{text}").as_bytes(), &utf16] {
            let found = read(bytes);
            assert_eq!(found.variables["KIE_API_KEY"], "a");
            assert!(found.warnings.is_empty() && found.findings.is_empty());
        }
        // A comment in Windows-1251.
        let found = read(b"# \xea\xeb\xfe\xf7\xe8\nKIE_API_KEY=a\n");
        assert_eq!(found.variables["KIE_API_KEY"], "a");
        assert_eq!(found.warnings[0].to_string(), ".env line 1 is not UTF-8");
    }

    #[test]
    fn a_folder_is_no_env_file_and_one_that_is_too_long_is_read_as_far_as_it_goes() {
        let dir = tempfile::tempdir().unwrap();
        for path in [dir.path().to_owned(), dir.path().join("none")] {
            let found = read_dotenv(&path, &Variables::new());
            assert!(found.variables.is_empty() && found.warnings.is_empty());
        }
        let mut long = b"KIE_API_KEY=a\n".to_vec();
        long.resize(5 << 20, b'x');
        let found = read(&long);
        assert_eq!(found.variables["KIE_API_KEY"], "a");
        assert!(found.warnings[0].problem.starts_with("is longer than 4 MiB"));
    }
}
