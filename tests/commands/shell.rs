//! A shell for one story: a folder to work in, the binary, and a KIE.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
    thread,
};

use reelbot::testing::{
    clock::SystemClock,
    domain::UserId,
    store::{Db, Profile, users},
};
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

/// A key that works.
pub(crate) const GOOD: &str = "0123456789abcdef0123456789abgood";
/// A key that KIE does not know.
pub(crate) const DEAD: &str = "0123456789abcdef0123456789abdead";
/// A key whose account is empty.
pub(crate) const EMPTY: &str = "0123456789abcdef0123456789empty";

/// A shell in a folder of its own, beside a KIE of its own.
pub(crate) struct Shell {
    dir: TempDir,
    kie: String,
}

/// What a command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Output {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Shell {
    pub(crate) fn new() -> Self {
        let shell = Self { dir: tempfile::tempdir().unwrap(), kie: kie() };
        shell.configure(&shell.kie);
        shell
    }

    pub(crate) fn configure(&self, kie: &str) {
        let config = format!("[kie]\napi_url = \"{kie}\"\n");
        fs::write(self.dir.path().join("config.toml"), config).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path("data/reelbot.db")
    }

    /// `reelbot` with the arguments of a line, in an empty environment.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reelbot"));
        command
            .args(line.split_whitespace())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("TMPDIR", self.dir.path())
            .env("REELBOT_CONFIG", self.path("config.toml"))
            .env("REELBOT_DATABASE", self.database())
            .env("RUST_LOG", "trace")
            .current_dir(self.dir.path());
        command
    }

    /// Runs a line; no output of any command ever holds a key.
    #[track_caller]
    pub(crate) fn run(&self, line: &str, stdin: &str) -> Output {
        let mut child = self
            .command(line)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read leaves a broken pipe behind.
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let result = child.wait_with_output().unwrap();
        let [out, err] =
            [result.stdout, result.stderr].map(|text| String::from_utf8(text).unwrap());
        for key in [GOOD, DEAD, EMPTY] {
            assert!(!out.contains(key) && !err.contains(key), "a key is shown\n{out}\n{err}");
        }
        Output { code: result.status.code().unwrap(), out, err }
    }

    #[track_caller]
    pub(crate) fn runs(&self, line: &str) -> String {
        let output = self.run(line, "");
        assert_eq!(output.code, 0, "{line}: {output:?}");
        output.out
    }

    #[track_caller]
    pub(crate) fn fails(&self, line: &str, code: i32, error: &str, hint: &str) {
        self.fails_with(line, "", code, error, hint);
    }

    #[track_caller]
    pub(crate) fn fails_with(&self, line: &str, stdin: &str, code: i32, error: &str, hint: &str) {
        let output = self.run(line, stdin);
        assert_eq!(output.code, code, "{line}: {output:?}");
        assert_eq!(output.out, "", "{line}");
        assert!(
            output.err.contains("error: ") && output.err.contains(error),
            "{line}: {}",
            output.err
        );
        assert!(
            output.err.contains("hint: ") && output.err.contains(hint),
            "{line}: {}",
            output.err
        );
    }

    /// It fails with one JSON object on stderr, which is returned.
    #[track_caller]
    pub(crate) fn fails_in_json(&self, line: &str, code: i32) -> Value {
        let output = self.run(line, "");
        assert_eq!(output.code, code, "{line}: {output:?}");
        let error: Value = serde_json::from_str(&output.err)
            .unwrap_or_else(|error| panic!("{line}: {error}: {}", output.err));
        assert_eq!(error["exit"], code, "{error}");
        error
    }

    #[track_caller]
    pub(crate) fn adds_key(&self, line: &str, key: &str) -> String {
        let output = self.run(line, &format!("{key}\n"));
        assert_eq!(output.code, 0, "{line}: {output:?}");
        output.out
    }

    pub(crate) fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.runs(line)).unwrap()
    }

    /// Anna has pressed Start.
    pub(crate) fn adds_anna(&self) {
        self.sees(7001, Some("Anna"), "Anna");
    }

    /// Telegram tells of somebody who does something.
    pub(crate) fn sees(&self, id: i64, username: Option<&str>, first_name: &str) {
        let db = Db::open(&self.database(), Arc::new(SystemClock)).unwrap();
        let profile = Profile {
            id: UserId(id),
            username: username.map(str::to_owned),
            first_name: first_name.to_owned(),
            language_code: Some("ru".to_owned()),
        };
        db.write(move |tx| users::see(tx, &profile)).unwrap();
    }

    pub(crate) fn sql(&self, sql: &str) {
        Connection::open(self.database()).unwrap().execute_batch(sql).unwrap();
    }
}

/// A KIE that knows these keys. Its thread ends with the test's process.
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
    let is_credit = head.first().is_some_and(|line| line.starts_with("GET /api/v1/chat/credit "));
    let body = match () {
        () if is_credit && is(GOOD) => r#"{"code":200,"msg":"success","data":1250.5}"#.to_owned(),
        () if is_credit && is(EMPTY) => r#"{"code":402,"msg":"Credits insufficient"}"#.to_owned(),
        // A server may repeat what it was sent; no command may print that.
        () => format!(r#"{{"code":401,"msg":"unknown key {DEAD}"}}"#),
    };
    let length = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
}

/// A failed and a waiting video of Anna's order 17.
pub(crate) const ANNAS_ORDER: &str = "
    insert into photos (id, tg_user_id, file_id) values (1, 7001, 'her photo');
    insert into orders (id, tg_user_id, draft_id, revision, photo_id, prompt, count, price, created_at)
        values (17, 7001, 1, 1, 1, 'her prompt', 2, 1, 1764000000000);
    insert into generation_jobs (id, order_id, tg_user_id, number, model, status, step, task_id,
            submitted_at, failure_kind, error_message, finished_at, created_at)
        values (41, 17, 7001, 1, 'm', 'failed', null, 'task-41', 1764000001000, 'user_violation',
                '400: people', 1764000002000, 1764000000000),
               (42, 17, 7001, 2, 'm', 'queued', 'submit', null, null, null, null, null,
                1764000000000);";
