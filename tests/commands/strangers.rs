//! Files of another program, of a sandbox and of another release: each is known by its mark.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Child, Command, Stdio},
};

use reelbot::testing::store::VERSION;
use rusqlite::Connection;

use crate::shell::{GOOD, Shell};

/// Every file of a folder with its bytes and its mode.
fn contents(folder: &Path) -> BTreeMap<String, (Vec<u8>, u32)> {
    let files = fs::read_dir(folder).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        (path.display().to_string(), (fs::read(&path).unwrap(), mode))
    });
    files.collect()
}

/// `reelbot run` with a token that nobody is asked about.
fn bot(shell: &Shell) -> Command {
    let mut command = shell.command("run");
    command.env("TELEGRAM_BOT_TOKEN", "1:AA").env("RUST_LOG", "warn");
    command
}

#[track_caller]
fn refuses(command: &mut Command, error: &str) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{err}");
    assert!(err.contains(error) && err.contains("hint: name another place"), "{err}");
}

#[test]
fn another_programs_database_is_refused_and_nothing_of_it_is_touched() {
    for sql in [
        "create table songs (title text); pragma user_version = 2",
        "create table songs (title text)",
        "pragma user_version = 7",
        "pragma application_id = 1196444487; pragma journal_mode = wal; create table t (a)",
    ] {
        let shell = Shell::new();
        let folder = shell.path("data");
        fs::create_dir(&folder).unwrap();
        Connection::open(shell.database()).unwrap().execute_batch(sql).unwrap();
        fs::set_permissions(shell.database(), fs::Permissions::from_mode(0o644)).unwrap();
        let before = contents(&folder);
        let stranger = "it is another program's database, not reelbot's";
        for line in ["migrate", "migrate --dry-run", "users list", "pause", "audit"] {
            shell.fails(line, 78, stranger, "name another place with --database");
        }
        shell.fails_with("keys add --no-test", GOOD, 78, stranger, "name another place");
        let sandbox = format!("sandbox --port 0 --database {}", shell.database().display());
        refuses(&mut shell.command(&sandbox), stranger);
        refuses(&mut bot(&shell), stranger);
        assert!(contents(&folder) == before, "{sql}");
    }
}

#[test]
fn whatever_a_database_is_called_it_is_looked_at_with_its_log() {
    let shell = Shell::new();
    shell.runs("migrate");
    symlink("data/reelbot.db", shell.path("link.db")).unwrap();
    let open = Connection::open(shell.database()).unwrap();
    open.execute_batch("pragma wal_autocheckpoint = 0; pragma user_version = 99").unwrap();
    for name in ["data/reelbot.db", "link.db"] {
        let line = format!("migrate --dry-run --database {}", shell.path(name).display());
        shell.fails(&line, 1, "(version 99)", "update");
    }
}

#[test]
fn what_another_program_has_only_in_its_log_is_refused_and_stays() {
    let shell = Shell::new();
    let folder = shell.path("data");
    fs::create_dir(&folder).unwrap();
    let theirs = Connection::open(shell.path("theirs.db")).unwrap();
    theirs.execute_batch("pragma journal_mode = wal; create table songs (title text)").unwrap();
    for end in ["", "-wal", "-shm"] {
        let name = shell.path(&format!("theirs.db{end}"));
        fs::copy(name, folder.join(format!("reelbot.db{end}"))).unwrap();
    }
    let bytes =
        || ["reelbot.db", "reelbot.db-wal"].map(|name| fs::read(folder.join(name)).unwrap());
    let before = bytes();
    for line in ["migrate", "users list"] {
        shell.fails(line, 78, "it is another program's database", "name another place");
    }
    assert!(bytes() == before);
}

/// A sandbox that runs. It ends with its handle.
struct Sandbox(Child);

impl Sandbox {
    fn starts(shell: &Shell, database: &str) -> Self {
        let path = shell.path(database);
        let line = format!("sandbox --port 0 --database {}", path.display());
        let mut command = shell.command(&line);
        command.env("RUST_LOG", "warn").stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|line| line.contains("Stop")), "the sandbox does not start");
        Self(child)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn a_sandbox_takes_no_real_database_and_a_run_takes_no_sandboxs() {
    let shell = Shell::new();
    shell.runs("migrate");
    let before = contents(&shell.path("data"));
    let real = format!("sandbox --port 0 --database {}", shell.database().display());
    refuses(&mut shell.command(&real), "it is a real bot's");
    assert!(contents(&shell.path("data")) == before);
    // One that is there and empty is as good as none.
    fs::create_dir(shell.path("own")).unwrap();
    fs::write(shell.path("own/play.db"), "").unwrap();
    drop(Sandbox::starts(&shell, "own/play.db"));
    drop(Sandbox::starts(&shell, "own/play.db"));
    let with = |line: &str| format!("{line} --database {}", shell.path("own/play.db").display());
    assert!(shell.runs(&with("keys list")).contains("sandbox"), "commands may look at it");
    shell.runs(&with("pause"));
    assert!(shell.runs(&with("migrate")).contains("up to date"));
    let mut run = bot(&shell);
    run.env("REELBOT_DATABASE", shell.path("own/play.db"));
    refuses(&mut run, "it is a sandbox's");
}

#[test]
fn a_database_names_the_releases_that_wrote_it() {
    let shell = Shell::new();
    shell.runs("migrate");
    let releases = || -> Vec<String> {
        let database = Connection::open(shell.database()).unwrap();
        let mut rows = database.prepare("select version from releases order by id").unwrap();
        let rows = rows.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let this = env!("CARGO_PKG_VERSION");
    assert_eq!(releases(), [this]);
    shell.runs("migrate");
    shell.runs("pause");
    assert_eq!(releases(), [this], "it is noted once");
    shell.sql("insert into releases (version, since) values ('0.4.0', 1)");
    shell.runs("resume");
    assert_eq!(releases(), [this, "0.4.0"], "of the same version of the schema it may be used");
    shell.sql(&format!("pragma user_version = {}", VERSION + 2));
    let both = format!(
        "it was written by reelbot 0.4.0 (version {}); this is reelbot {this} (version {VERSION})",
        VERSION + 2
    );
    fs::set_permissions(shell.database(), fs::Permissions::from_mode(0o640)).unwrap();
    let but_the_lock = || {
        let mut files = contents(&shell.path("data"));
        files.remove(&format!("{}.lock", shell.database().display()));
        files
    };
    let before = but_the_lock();
    for line in ["migrate", "migrate --dry-run", "users list"] {
        shell.fails(line, 1, &both, "update");
    }
    assert!(but_the_lock() == before);
}
