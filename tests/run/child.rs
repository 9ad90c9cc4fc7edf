//! `reelbot run` as a child process. It does not outlive its handle.

use std::io::Read;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::thread;
use std::thread::JoinHandle;
use std::time::Instant;

use crate::servers::KEYS;
use crate::servers::PATIENCE;
use crate::servers::Servers;
use crate::servers::TOKEN;

/// What a process says, and whether it has fallen silent for good.
#[derive(Default)]
struct Said {
    text: Mutex<(String, bool)>,
    more: Condvar,
}

/// A running bot.
pub struct Bot {
    child: Child,
    said: Arc<Said>,
    ears: Vec<JoinHandle<()>>,
}

impl Servers {
    /// `reelbot run` with nothing of this machine around it.
    pub fn command(&self) -> Command {
        self.reelbot(&["run"])
    }

    /// Any command of reelbot's.
    pub fn reelbot(&self, words: &[&str]) -> Command {
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
    pub fn run(&self) -> Bot {
        let bot = Bot::start(self.command());
        bot.says("reelbot runs");
        bot
    }
}

impl Bot {
    pub fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::<Said>::default();
        let out = listen(child.stdout.take().unwrap(), Arc::clone(&said), false);
        let err = listen(child.stderr.take().unwrap(), Arc::clone(&said), true);
        Self { child, said, ears: vec![out, err] }
    }

    /// Waits until it has said this.
    #[track_caller]
    pub fn says(&self, words: &str) {
        self.says_often(words, 1);
    }

    /// Waits until it has said this so many times.
    #[track_caller]
    pub fn says_often(&self, words: &str, times: usize) {
        let often = |text: &str| text.matches(words).count() >= times;
        let said = self.wait(|(text, over)| *over || often(text));
        assert!(often(&said), "it did not say {words:?}:\n{said}");
    }

    /// Its number in the system.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All that it has said so far.
    pub fn said(&self) -> String {
        self.said.text.lock().unwrap().0.clone()
    }

    /// A signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
    }

    /// Kills it, at once and without warning, and returns all that it has said.
    pub fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.over().1
    }

    /// SIGTERM, and a clean end.
    #[track_caller]
    pub fn stop(self) -> String {
        self.signal("TERM");
        let (code, said) = self.ends();
        assert_eq!(code, 0, "{said}");
        said
    }

    /// Whether it has ended, though nobody asked it to.
    pub fn is_silent(&self) -> bool {
        self.said.text.lock().unwrap().1
    }

    /// Waits until it has nothing more to say: its end, though the system still knows it.
    #[track_caller]
    pub fn falls_silent(&self) {
        self.wait(|(_, over)| *over);
    }

    /// Waits for its end: the exit code and all that it has said.
    #[track_caller]
    pub fn ends(mut self) -> (i32, String) {
        let (code, said) = self.over();
        (code.unwrap_or_else(|| panic!("a signal ended it:\n{said}")), said)
    }

    #[track_caller]
    fn over(&mut self) -> (Option<i32>, String) {
        self.falls_silent();
        let code = self.child.wait().unwrap().code();
        self.ears.drain(..).for_each(|ear| ear.join().unwrap());
        (code, self.said.text.lock().unwrap().0.clone())
    }

    #[track_caller]
    fn wait(&self, is_so: impl Fn(&(String, bool)) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        let mut said = self.said.text.lock().unwrap();
        while !is_so(&said) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain; it said:\n{}", said.0);
            said = self.said.more.wait_timeout(said, left).unwrap().0;
        }
        said.0.clone()
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
fn listen(
    mut from: impl Read + Send + 'static,
    said: Arc<Said>,
    tells_end: bool,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut chunk = [0; 8192];
        loop {
            let length = from.read(&mut chunk).unwrap_or(0);
            let mut text = said.text.lock().unwrap();
            text.0.push_str(&String::from_utf8_lossy(&chunk[..length]));
            text.1 |= tells_end && length == 0;
            said.more.notify_all();
            if length == 0 {
                return;
            }
        }
    })
}
