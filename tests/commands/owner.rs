//! One rule for files and owner: whoever types, a config in `/etc/reelbot` means `/var/lib/reelbot`, and
//! what root does there is done as its owner. These need root, as CI has it: another user cannot be
//! played without. The real folders are out of sight, in a mount namespace.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::shell::GOOD;

/// The service's user, and a person with an account of her own.
const REELBOT: u32 = 60_996;
const ANNA: u32 = 61_001;

/// A machine with a config in `/etc/reelbot`.
struct Machine {
    dir: TempDir,
}

/// What a command printed.
struct Output {
    code: i32,
    out: String,
    err: String,
}

impl Machine {
    /// None where the tests are not run by root.
    fn new() -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            eprintln!("not root: nothing is tested");
            return None;
        }
        let machine = Self { dir: tempfile::tempdir().unwrap() };
        let folder = |name: &str, mode: u32| {
            fs::create_dir_all(machine.path(name)).unwrap();
            fs::set_permissions(machine.path(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        folder(".", 0o755);
        folder("etc/reelbot", 0o755);
        folder("lib/reelbot", 0o700);
        folder("home/anna", 0o700);
        folder("home/root", 0o700);
        chown(machine.path("lib/reelbot"), Some(REELBOT), Some(REELBOT)).unwrap();
        chown(machine.path("home/anna"), Some(ANNA), Some(ANNA)).unwrap();
        let users = format!(
            "root:x:0:0::/root:/bin/sh\nreelbot:x:{REELBOT}:{REELBOT}::/var/lib/reelbot:\n\
             anna:x:{ANNA}:{ANNA}::/home/anna:\n"
        );
        fs::write(machine.path("etc/passwd"), users).unwrap();
        let groups = format!("root:x:0:\nreelbot:x:{REELBOT}:\nanna:x:{ANNA}:\n");
        fs::write(machine.path("etc/group"), groups).unwrap();
        machine.config(0o644, None, "");
        // Where the target folder is may not be reached by others.
        fs::copy(env!("CARGO_BIN_EXE_reelbot"), machine.path("reelbot")).unwrap();
        Some(machine)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    fn config(&self, mode: u32, group: Option<u32>, text: &str) {
        let path = self.path("etc/reelbot/config.toml");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        chown(path, Some(0), group.or(Some(0))).unwrap();
    }

    /// Runs a line as that user, with these variables.
    fn run(&self, user: u32, line: &str, variables: &[(&str, &str)]) -> Output {
        let [etc, lib] = ["etc", "lib"].map(|name| self.path(name).display().to_string());
        let home = match user {
            0 => self.path("home/root"),
            ANNA => self.path("home/anna"),
            _ => Path::new("/nonexistent").to_owned(),
        };
        let become_user = match user {
            0 => String::new(),
            user => format!("setpriv --reuid {user} --regid {user} --clear-groups "),
        };
        let script = format!(
            "set -e; mount --bind '{etc}' /etc; mount --bind '{lib}' /var/lib; umask 022\n\
             exec {become_user}'{}' {line}",
            self.path("reelbot").display()
        );
        let output = Command::new("unshare")
            .args(["--mount", "sh", "-c", &script])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", home)
            .envs(variables.iter().copied())
            .current_dir("/")
            .stdin(fs::File::open(self.key()).unwrap())
            .output()
            .unwrap();
        let [out, err] =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        Output { code: output.status.code().unwrap(), out, err }
    }

    fn key(&self) -> std::path::PathBuf {
        let path = self.path("key");
        fs::write(&path, GOOD).unwrap();
        path
    }

    #[track_caller]
    fn runs(&self, user: u32, line: &str, variables: &[(&str, &str)]) -> String {
        let output = self.run(user, line, variables);
        assert_eq!(output.code, 0, "{line}: {}", output.err);
        output.out
    }

    /// All that is beside the database is its owner's alone.
    #[track_caller]
    fn all_is_the_services(&self) {
        for file in fs::read_dir(self.path("lib/reelbot")).unwrap() {
            let file = file.unwrap();
            let found = file.metadata().unwrap();
            assert_eq!((found.uid(), found.gid()), (REELBOT, REELBOT), "{file:?}");
            assert_eq!(found.mode() & 0o077, 0, "{file:?}");
        }
        assert!(self.path("lib/reelbot/reelbot.db").exists());
        assert_eq!(fs::read_dir(self.path("home/root")).unwrap().count(), 0);
    }
}

/// The service as its unit starts it.
const SERVICE: [(&str, &str); 2] = [("XDG_CONFIG_HOME", "/etc"), ("XDG_DATA_HOME", "/srv")];

#[test]
fn root_and_the_service_see_one_database_and_it_stays_the_services() {
    let Some(machine) = Machine::new() else { return };
    machine.runs(0, "keys add --no-test --label studio", &[]);
    machine.all_is_the_services();
    for (user, variables) in [(REELBOT, &SERVICE[..]), (REELBOT, &[]), (0, &[]), (0, &SERVICE)] {
        let keys: Value =
            serde_json::from_str(&machine.runs(user, "keys list --json", variables)).unwrap();
        assert_eq!(keys[0]["label"], "studio", "{user}");
        machine.all_is_the_services();
    }
    machine.runs(0, "migrate", &[]);
    machine.runs(0, "config check", &[]);
    machine.runs(0, "keys remove studio --yes", &[]);
    let log = machine.runs(REELBOT, "admin-log", &[]);
    assert!(log.contains("root") && !log.contains("reelbot"), "{log}");
    machine.all_is_the_services();
}

#[test]
fn root_reads_a_config_and_secrets_that_others_may_not() {
    let Some(machine) = Machine::new() else { return };
    let token = machine.path("etc/reelbot/token");
    fs::write(&token, "123456789:AAtokenTOKENtokenTOKENtokenTOKEN123").unwrap();
    fs::set_permissions(&token, fs::Permissions::from_mode(0o600)).unwrap();
    chown(&token, Some(REELBOT), Some(REELBOT)).unwrap();
    machine.config(0o600, None, "[telegram]\ntoken_file = \"token\"\n");
    machine.runs(0, "keys add --no-test", &[]);
    machine.all_is_the_services();
    // A config of root's own, that names the service's database.
    fs::create_dir_all(machine.path("home/root/.config/reelbot")).unwrap();
    let own = machine.path("home/root/.config/reelbot/config.toml");
    fs::write(&own, "[database]\npath = \"/var/lib/reelbot/reelbot.db\"\n").unwrap();
    assert!(machine.runs(0, "keys list", &[]).contains("key-1"));
}

#[test]
fn somebody_else_is_told_where_it_is_and_what_to_type() {
    let Some(machine) = Machine::new() else { return };
    machine.runs(0, "keys add --no-test", &[]);
    let database = |variables: &[(&str, &str)]| -> Value {
        let report = machine.runs(ANNA, "config check --json", variables);
        serde_json::from_str::<Value>(&report).unwrap()["database"].clone()
    };
    assert_eq!(database(&[]), "/var/lib/reelbot/reelbot.db");
    let output = machine.run(ANNA, "keys list", &[]);
    assert_ne!(output.code, 0);
    assert!(output.err.contains("type `sudo -u reelbot reelbot …`"), "{}", output.err);
    machine.config(0o640, Some(REELBOT), "");
    let output = machine.run(ANNA, "keys list", &[]);
    assert_eq!(output.code, 78, "{}", output.err);
    assert!(
        output.err.contains("cannot read /etc/reelbot/config.toml: Permission denied"),
        "{}",
        output.err
    );
    assert!(output.err.contains("type `sudo -u reelbot reelbot …`"), "{}", output.err);
    // Her own config goes before it.
    let own = machine.path("home/anna/.config/reelbot");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("config.toml"), "").unwrap();
    for path in [".config", ".config/reelbot", ".config/reelbot/config.toml"] {
        chown(machine.path("home/anna").join(path), Some(ANNA), Some(ANNA)).unwrap();
    }
    let hers = machine.path("home/anna/.local/share/reelbot/reelbot.db");
    assert_eq!(database(&[]), hers.to_str().unwrap());
}

#[test]
fn without_a_config_a_run_names_the_places_where_it_was_looked_for() {
    let Some(machine) = Machine::new() else { return };
    fs::remove_file(machine.path("etc/reelbot/config.toml")).unwrap();
    let output = machine.run(0, "run", &[]);
    assert_eq!(output.code, 78);
    let own = machine.path("home/root/.config/reelbot/config.toml");
    let places = format!("no config file at {} or /etc/reelbot/config.toml", own.display());
    assert!(output.err.contains(&places), "{}", output.err);
}
