//! The programs of a test: each ends when its guard is dropped.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use tempfile::TempDir;

/// How long a program may take to start, on a machine that is busy with builds.
const PATIENCE: Duration = Duration::from_mins(1);

/// The sandbox, with a page on a free port.
pub(crate) struct Sandbox {
    child: Child,
    folder: TempDir,
    /// The chat page.
    pub url: String,
}

impl Sandbox {
    /// Starts the real binary, in an empty environment.
    pub(crate) fn open() -> Self {
        Self::with_config("", 60)
    }

    /// The same with a config, so many times as fast as real time.
    pub(crate) fn with_config(config: &str, speed: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reelbot.toml");
        std::fs::write(&path, config).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_reelbot"));
        command
            .args(["sandbox", "--port", "0", "--speed", &speed.to_string(), "--config"])
            .arg(path)
            .env_clear()
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path())
            .env("RUST_LOG", "error")
            .current_dir(folder.path());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let url =
            read_line(&mut child, |line| Some(line.trim().strip_prefix("Chat")?.trim().to_owned()));
        Self { child, folder, url }
    }

    /// A file of zeros of this many bytes, for as long as the sandbox is there.
    pub(crate) fn file(&self, name: &str, size: u64) -> String {
        let path = self.folder.path().join(name);
        File::create(&path).unwrap().set_len(size).unwrap();
        path.to_str().expect("a folder with a plain name").to_owned()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// The driver of Chromium, and through it the browser.
pub(crate) struct Driver {
    child: Child,
    port: u16,
    /// Where the browser keeps its files.
    pub folder: TempDir,
}

impl Driver {
    /// Starts it on a free port.
    pub(crate) fn start() -> Self {
        for program in ["chromium", "chromedriver"] {
            let answer = Command::new(program).arg("--version").output();
            assert!(
                answer.is_ok_and(|answer| answer.status.success()),
                "{program} is not installed; `sh scripts/test` installs it and runs the tests"
            );
        }
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").env("HOME", folder.path()).env("TMPDIR", folder.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let port = read_line(&mut child, |line| {
            line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
        });
        Self { child, port, folder }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Driver {
    /// The driver is asked to shut down, because only it can end its browsers; then it is killed.
    fn drop(&mut self) {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let ask = format!("GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port);
            let _ = stream.write_all(ask.as_bytes());
            let _ = stream.read_to_end(&mut Vec::new());
        }
        end(&mut self.child);
    }
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// What `find` finds in a line of its output. The rest is read too, so that its
/// pipe is never full; the thread ends with the program.
fn read_line<T: Send + 'static>(child: &mut Child, find: fn(&str) -> Option<T>) -> T {
    let output = child.stdout.take().expect("its output is piped");
    let (found, wanted) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(it) = find(&line) {
                let _ = found.send(it);
            }
        }
    });
    wanted.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        end(child);
        panic!("a program of the test does not start");
    })
}
