//! The operator's commands, as a shell sees them: the real binary, its output and exit codes.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::net::TcpListener;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::thread;

use reelbot::actions::add_key::know_environment_keys;
use reelbot::clock::SystemClock;
use reelbot::domain::id::UserId;
use reelbot::domain::secret::Secret;
use reelbot::store::db::Db;
use reelbot::store::error::StoreError;
use reelbot::store::users;
use reelbot::store::users::Profile;
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

const GOOD: &str = "0123456789abcdef0123456789abgood";
const DEAD: &str = "0123456789abcdef0123456789abdead";
const EMPTY: &str = "0123456789abcdef0123456789empty";

/// A shell in a folder of its own, beside a KIE of its own.
struct Shell {
    dir: TempDir,
    kie: String,
}

/// What a command answered.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Shell {
    fn new() -> Self {
        let shell = Self { dir: tempfile::tempdir().unwrap(), kie: kie() };
        shell.configure(&shell.kie);
        shell
    }

    fn configure(&self, kie: &str) {
        let config = format!("[kie]\napi_url = \"{kie}\"\n");
        fs::write(self.dir.path().join("config.toml"), config).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn database(&self) -> PathBuf {
        self.path("data/reelbot.db")
    }

    /// `reelbot` with the words of a line, and nothing of this machine around it.
    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reelbot"));
        command
            .args(line.split_whitespace())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("REELBOT_CONFIG", self.path("config.toml"))
            .env("REELBOT_DATABASE", self.database())
            .env("RUST_LOG", "trace")
            .current_dir(self.dir.path());
        command
    }

    /// Runs a line; no output of any command ever holds a key.
    #[track_caller]
    fn run(&self, line: &str, stdin: &str) -> Said {
        let mut child = self
            .command(line)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read leaves a broken pipe behind.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        let [out, err] =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        for key in [GOOD, DEAD, EMPTY] {
            assert!(!out.contains(key) && !err.contains(key), "a key is shown\n{out}\n{err}");
        }
        Said { code: output.status.code().unwrap(), out, err }
    }

    #[track_caller]
    fn does(&self, line: &str) -> String {
        let said = self.run(line, "");
        assert_eq!(said.code, 0, "{line}: {said:?}");
        said.out
    }

    #[track_caller]
    fn fails(&self, line: &str, code: i32, error: &str, hint: &str) {
        self.fails_with(line, "", code, error, hint);
    }

    #[track_caller]
    fn fails_with(&self, line: &str, stdin: &str, code: i32, error: &str, hint: &str) {
        let said = self.run(line, stdin);
        assert_eq!(said.code, code, "{line}: {said:?}");
        assert_eq!(said.out, "", "{line}");
        assert!(said.err.contains("error: ") && said.err.contains(error), "{line}: {}", said.err);
        assert!(said.err.contains("hint: ") && said.err.contains(hint), "{line}: {}", said.err);
    }

    #[track_caller]
    fn adds(&self, line: &str, key: &str) -> String {
        let said = self.run(line, &format!("{key}\n"));
        assert_eq!(said.code, 0, "{line}: {said:?}");
        said.out
    }

    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.does(line)).unwrap()
    }

    /// Anna presses Start.
    fn anna_comes(&self) {
        let db = Db::open(&self.database(), Arc::new(SystemClock)).unwrap();
        let anna = Profile {
            id: UserId(7001),
            username: Some("Anna".to_owned()),
            first_name: "Anna".to_owned(),
            language_code: Some("ru".to_owned()),
        };
        db.write::<_, StoreError>(move |tx| users::add(tx, &anna)).unwrap();
    }

    fn sql(&self, sql: &str) {
        Connection::open(self.database()).unwrap().execute_batch(sql).unwrap();
    }
}

/// A KIE that knows its keys by their ends. Its thread ends with the test's process.
fn kie() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || listener.incoming().flatten().for_each(answer));
    address
}

fn answer(mut stream: TcpStream) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let is = |key: &str| head.iter().any(|line| line.ends_with(&format!("Bearer {key}")));
    let asked = head.first().is_some_and(|line| line.starts_with("GET /api/v1/chat/credit "));
    let body = match () {
        () if asked && is(GOOD) => r#"{"code":200,"msg":"success","data":1250.5}"#.to_owned(),
        () if asked && is(EMPTY) => r#"{"code":402,"msg":"Credits insufficient"}"#.to_owned(),
        // A server that repeats what it was sent must not make us tell it.
        () => format!(r#"{{"code":401,"msg":"unknown key {DEAD}"}}"#),
    };
    let length = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
}

#[test]
fn a_new_machine_needs_no_step_before_its_first_key() {
    let shell = Shell::new();
    shell.fails("keys list", 1, "there is no database yet", "`reelbot keys add`");
    assert!(!shell.database().exists());
    let told = shell.adds("keys add", GOOD);
    assert_eq!(
        told,
        "added      main-1\nnumber     1\naccount    main\nkey        …good\n\
         credits    1250.5 at KIE\n"
    );
    let list = shell.does("keys list");
    assert!(
        list.ends_with(" 1  main-1  main     …good  database   1250.5      0  ✓ on\n"),
        "{list}"
    );
    let json = shell.json("keys list --json");
    assert_eq!((&json[0]["key"], &json[0]["credits"]), (&"…good".into(), &1250.5.into()));
}

#[test]
fn keys_that_are_none_are_refused() {
    let shell = Shell::new();
    shell.fails_with("keys add", DEAD, 1, "KIE does not know the key …dead", "nothing was added");
    shell.fails_with("keys add", "\n", 2, "no key was given", "kie.ai");
    shell.fails_with("keys add", "two words\n", 2, "this is no key", "kie.ai");
    assert_eq!(shell.json("keys list --json"), Value::Array(Vec::new()));
}

#[test]
fn an_unreachable_kie_is_69_and_the_key_can_be_taken_untested() {
    let shell = Shell::new();
    // Nobody listens on port 1; a port that was just free may be another test's by now.
    shell.configure("http://127.0.0.1:1");
    shell.fails_with("keys add", GOOD, 69, "KIE could not be asked", "--no-test");
    assert!(shell.adds("keys add --no-test", GOOD).contains("not asked"));
    let said = shell.run("keys test", "");
    assert_eq!(said.code, 69, "{said:?}");
    assert!(said.out.contains("◌ not asked"), "{}", said.out);
}

#[test]
fn labels_are_unique_and_each_key_is_there_once() {
    let shell = Shell::new();
    shell.adds("keys add", GOOD);
    assert!(shell.adds("keys add", EMPTY).contains("main-2"));
    shell.fails_with("keys add", GOOD, 1, "as “main-1”", "keys remove main-1");
    shell.fails_with("keys add --no-test --label MAIN-1", DEAD, 1, "MAIN-1", "another --label");
    let list = shell.does("keys list");
    assert!(list.contains("✗ off: account empty"), "{list}");
    shell.fails("keys enable studio", 1, "there is no key “studio”", "1 (main-1, …good)");
}

#[test]
fn keys_are_tested_switched_and_removed() {
    let shell = Shell::new();
    shell.adds("keys add --label studio", GOOD);
    shell.adds("keys add --label spare --account second --no-test", DEAD);
    assert!(shell.does("keys test studio").contains("✓ works, 1250.5 credits"));
    let said = shell.run("keys test", "");
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("error: KIE does not know spare\n"), "{}", said.err);
    assert!(shell.does("keys list").contains("✗ off: KIE does not know it"));
    assert_eq!(shell.does("keys disable 1"), "studio is disabled\n");
    assert!(shell.does("keys list").contains("✗ disabled"));
    assert_eq!(shell.does("keys enable studio"), "studio is enabled\n");
    shell.fails("keys remove spare", 2, "no terminal", "--yes");
    assert_eq!(shell.does("keys remove spare --yes"), "spare is removed\n");
    assert!(!shell.does("keys list").contains("spare"));
}

#[test]
fn keys_of_the_environment_are_listed_once_the_bot_knows_them_and_never_written_down() {
    let shell = Shell::new();
    shell.does("migrate");
    fs::write(shell.path(".env"), format!("KIE_API_KEY={GOOD}\n")).unwrap();
    let said = shell.run("keys list", "");
    assert!(said.err.contains("1 of the environment, unknown to the bot so far"), "{said:?}");
    let db = Db::open(&shell.database(), Arc::new(SystemClock)).unwrap();
    db.write(|tx| know_environment_keys(tx, &[Secret::new(GOOD)])).unwrap();
    let said = shell.run("keys list", "");
    assert!(said.out.contains("environment") && said.err.is_empty(), "{said:?}");
    assert!(shell.does("keys test").contains("✓ works, 1250.5 credits"));
    fs::remove_file(shell.path(".env")).unwrap();
    assert!(shell.does("keys test").contains("its secret is only in the bot's environment"));
    db.checkpoint().unwrap();
    let bytes = fs::read(shell.database()).unwrap();
    assert!(!bytes.windows(GOOD.len()).any(|part| part == GOOD.as_bytes()));
    let said = shell.run("keys remove 1 --yes", "");
    assert!(said.code == 0 && said.err.contains("it comes back"), "{said:?}");
}

#[test]
fn a_key_whose_videos_still_render_is_not_removed() {
    let shell = Shell::new();
    shell.adds("keys add", GOOD);
    shell.anna_comes();
    shell.sql(ANNAS_ORDER);
    shell.sql(
        "update generation_jobs set status = 'processing', step = 'poll', due_at = 0, key_id = 1,
             task_id = 'task-42', submitted_at = 0 where id = 42",
    );
    shell.fails("keys remove 1 --yes", 1, "still rendering", "keys disable main-1");
    let told = shell.does("keys disable 1");
    assert_eq!(told, "main-1 is disabled; 1 video under way with it will still be fetched\n");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let shell = Shell::new();
    shell.adds("keys add", GOOD);
    let mut child = shell.command("keys list").stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn credits_come_and_go_and_the_books_tell() {
    let shell = Shell::new();
    shell.does("migrate");
    shell.fails("credits grant @anna 5", 1, "does not know @anna", "pressed Start");
    shell.fails("credits grant 7001 5", 1, "does not know 7001", "pressed Start");
    shell.anna_comes();
    let anna = "@Anna (7001)";
    assert_eq!(
        shell.does("credits grant @ANNA 10 --note sorry"),
        format!("{anna} got 10 credits and now has 10\n")
    );
    assert_eq!(
        shell.does("credits take 7001 1"),
        format!("{anna} gave back 1 credit and now has 9\n")
    );
    shell.fails("credits take 7001 10", 1, "they have only 9 credits", "nothing was taken");
    let shown = shell.does("credits show @anna");
    assert!(shown.starts_with(&format!("{anna} has 9 credits\n\n")), "{shown}");
    assert!(shown.contains("grant      +10       sorry\n"), "{shown}");
    let json = shell.json("credits show @anna --json");
    assert_eq!((&json["credits"], &json["entries"][1]["credits"]), (&9.into(), &10.into()));
    assert_eq!(json["entries"][1]["note"], "sorry");
}

#[test]
fn people_and_jobs_are_shown_without_what_they_wrote() {
    let shell = Shell::new();
    shell.anna_comes();
    shell.sql(ANNAS_ORDER);
    assert!(shell.does("users list").contains("@Anna"));
    assert!(shell.does("users show @anna").contains("1 under way, 0 completed, 1 failed"));
    let list = shell.does("jobs list");
    assert!(list.contains("17/1") && list.contains("failed  user_violation\n"), "{list}");
    assert_eq!(shell.does("jobs list --status completed"), "");
    let shown = shell.does("jobs show 41");
    for line in ["task       task-41", "submitted  2025-11-24T16:00:01Z", "because    400: people"]
    {
        assert!(shown.contains(line), "{shown}");
    }
    let next = shell.does("jobs show 42");
    assert!(
        next.ends_with("next       submit to KIE, after the person's earlier videos\n"),
        "{next}"
    );
    assert_eq!(shell.json("jobs show 41 --json")["failure"], "user_violation");
    shell.fails("jobs show 43", 1, "there is no job 43", "jobs list");
    for line in
        ["jobs list --json", "jobs show 41", "jobs show 41 --json", "users show 7001 --json"]
    {
        let said = shell.does(line);
        assert!(!said.contains("her prompt") && !said.contains("her photo"), "{said}");
    }
}

/// A failed and a waiting video of Anna's order 17.
const ANNAS_ORDER: &str = "
    insert into photos (id, tg_user_id, file_id, created_at) values (1, 7001, 'her photo', 0);
    insert into drafts (id, tg_user_id, photo_id, state, prompt, created_at, updated_at)
        values (1, 7001, 1, 'ordered', 'her prompt', 0, 0);
    insert into orders (id, tg_user_id, draft_id, photo_id, prompt, count, price, created_at)
        values (17, 7001, 1, 1, 'her prompt', 2, 1, 1764000000000);
    insert into generation_jobs (id, order_id, tg_user_id, photo_id, number, prompt, model, status,
            step, task_id, submitted_at, failure_kind, error_message, finished_at, created_at)
        values (41, 17, 7001, 1, 1, 'her prompt', 'm', 'failed', null, 'task-41', 1764000001000,
                'user_violation', '400: people', 1764000002000, 1764000000000),
               (42, 17, 7001, 1, 2, 'her prompt', 'm', 'queued', 'submit', null, null, null, null,
                null, 1764000000000);";

#[test]
fn a_newer_database_is_refused_with_both_versions() {
    let shell = Shell::new();
    let created = shell.does("migrate");
    assert!(created.ends_with("is created, with version 1\n"), "{created}");
    shell.sql("pragma user_version = 99");
    for line in ["keys list", "migrate", "migrate --dry-run"] {
        shell.fails(line, 1, "it has version 99, this reelbot knows versions up to 1", "update");
    }
}

#[test]
fn a_file_that_is_no_database_is_called_so_and_left_alone() {
    let shell = Shell::new();
    fs::create_dir(shell.path("data")).unwrap();
    let list = "this is a shopping list, not a database\n".repeat(200);
    fs::write(shell.database(), &list).unwrap();
    for line in ["keys list", "keys add --no-test", "migrate", "migrate --dry-run"] {
        shell.fails_with(line, GOOD, 1, "file is not a database", "restore a backup");
    }
    assert_eq!(fs::read_to_string(shell.database()).unwrap(), list);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let shell = Shell::new();
    fs::create_dir(shell.path("data")).unwrap();
    fs::set_permissions(shell.path("data"), fs::Permissions::from_mode(0o500)).unwrap();
    let root = fs::write(shell.path("data/probe"), "").is_ok();
    // For root every folder can be written but those of the kernel.
    let folder = if root { Path::new("/proc").to_owned() } else { shell.path("data") };
    let line = format!("migrate --database {}", folder.join("reelbot.db").display());
    shell.fails(&line, 1, "cannot use the database", folder.to_str().unwrap());
}

#[test]
fn a_folder_cannot_be_a_file() {
    let shell = Shell::new();
    fs::write(shell.path("data"), "").unwrap();
    shell.fails("migrate", 1, "cannot use the database", "data is a file");
    fs::remove_file(shell.path("data")).unwrap();
    fs::create_dir_all(shell.database()).unwrap();
    shell.fails("keys list", 1, "cannot use the database", "is a folder");
}

#[test]
fn an_unreadable_config_is_78() {
    let shell = Shell::new();
    for line in ["keys list", "migrate", "credits show 7", "users list", "jobs list"] {
        shell.fails(&format!("{line} --config /nowhere/config.toml"), 78, "cannot read", "path");
    }
    fs::write(shell.path("config.toml"), "kie = 5").unwrap();
    shell.fails("keys list", 78, "is not a valid config", "config example");
}

#[test]
fn commands_work_beside_a_bot_that_has_the_database_open() {
    let shell = Shell::new();
    let _bot = Db::open(&shell.database(), Arc::new(SystemClock)).unwrap();
    shell.adds("keys add", GOOD);
    assert!(shell.does("keys list").contains("main-1"));
}
