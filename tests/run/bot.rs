//! `reelbot run` as a child process. It does not outlive its handle.

use std::{
    io::Read,
    process::{Child, Command, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread::{self, JoinHandle},
    time::Instant,
};

use crate::servers::{KEYS, PATIENCE, Servers, TOKEN};

/// The output of a process, and whether it has ended.
#[derive(Default)]
struct Output {
    text: Mutex<(String, bool)>,
    more: Condvar,
}

/// A running bot.
pub(crate) struct Bot {
    child: Child,
    output: Arc<Output>,
    readers: Vec<JoinHandle<()>>,
}

impl Servers {
    /// `reelbot run` with nothing of this machine around it.
    pub(crate) fn command(&self) -> Command {
        self.reelbot(&["run"])
    }

    /// Any command of reelbot's.
    pub(crate) fn reelbot(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reelbot"));
        command
            .args(words)
            .env_clear()
            .env("HOME", self.path("."))
            .env("REELBOT_CONFIG", self.config())
            .env("REELBOT_DATABASE", self.database())
            .env("TELEGRAM_BOT_TOKEN", TOKEN)
            .env("KIE_API_KEY", KEYS.join(","))
            .env("RUST_LOG", "debug")
            .current_dir(self.path("."));
        command
    }

    /// The bot, up and running.
    pub(crate) fn run(&self) -> Bot {
        let bot = Bot::start(self.command());
        bot.logs("reelbot runs");
        bot
    }
}

impl Bot {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let output = Arc::<Output>::default();
        let out = collect(child.stdout.take().unwrap(), Arc::clone(&output), false);
        let err = collect(child.stderr.take().unwrap(), Arc::clone(&output), true);
        Self { child, output, readers: vec![out, err] }
    }

    /// Waits until it has logged this.
    #[track_caller]
    pub(crate) fn logs(&self, words: &str) {
        self.logs_times(words, 1);
    }

    /// Waits until it has logged this so many times.
    #[track_caller]
    pub(crate) fn logs_times(&self, words: &str, times: usize) {
        let often = |text: &str| text.matches(words).count() >= times;
        let log = self.wait(|(text, ended)| *ended || often(text));
        assert!(often(&log), "it did not log {words:?}:\n{log}");
    }

    /// Its number in the system.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All that it has logged so far.
    pub(crate) fn log(&self) -> String {
        self.output.text.lock().unwrap().0.clone()
    }

    /// A signal by its name, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
    }

    /// Kills it, at once and without warning; returns its log.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.end().1
    }

    /// SIGTERM, and a clean end; returns its log.
    #[track_caller]
    pub(crate) fn stop(self) -> String {
        self.signal("TERM");
        let (code, log) = self.ends();
        assert_eq!(code, 0, "{log}");
        log
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&self) -> bool {
        self.output.text.lock().unwrap().1
    }

    /// Waits for its end, of which the system is not asked yet.
    #[track_caller]
    pub(crate) fn waits_for_end(&self) {
        self.wait(|(_, ended)| *ended);
    }

    /// Waits for its end: the exit code and its log.
    #[track_caller]
    pub(crate) fn ends(mut self) -> (i32, String) {
        let (code, log) = self.end();
        (code.unwrap_or_else(|| panic!("a signal ended it:\n{log}")), log)
    }

    #[track_caller]
    fn end(&mut self) -> (Option<i32>, String) {
        self.waits_for_end();
        let code = self.child.wait().unwrap().code();
        self.readers.drain(..).for_each(|reader| reader.join().unwrap());
        (code, self.output.text.lock().unwrap().0.clone())
    }

    #[track_caller]
    fn wait(&self, is_so: impl Fn(&(String, bool)) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        let mut text = self.output.text.lock().unwrap();
        while !is_so(&text) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain; it logged:\n{}", text.0);
            text = self.output.more.wait_timeout(text, left).unwrap().0;
        }
        text.0.clone()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Collects what comes; the end of the error stream is the end of the process.
fn collect(
    mut from: impl Read + Send + 'static,
    output: Arc<Output>,
    marks_end: bool,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut chunk = [0; 8192];
        loop {
            let length = from.read(&mut chunk).unwrap_or(0);
            let mut text = output.text.lock().unwrap();
            text.0.push_str(&String::from_utf8_lossy(&chunk[..length]));
            text.1 |= marks_end && length == 0;
            output.more.notify_all();
            if length == 0 {
                return;
            }
        }
    })
}
