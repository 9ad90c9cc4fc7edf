//! A terminal for one command: what is typed there, what is seen, and whether it is as before.

use std::{
    fs::File,
    io::{Read, Write},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, tcgetattr},
};

/// How long a command may take to print what is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// A terminal with a command in it.
pub(crate) struct Pty {
    keyboard: File,
    seen: Arc<Mutex<String>>,
    child: Child,
    /// Keeps the terminal when the command has ended.
    screen: File,
    watch: JoinHandle<()>,
}

impl Pty {
    /// Starts a command at a terminal of its own. It is in the foreground of the session of a shell, as if
    /// it had been typed there.
    pub(crate) fn start(command: &Command) -> Self {
        Self::open(command, &["sh", "-c", "set -m; \"$0\" \"$@\"; exit $?"])
    }

    /// The same without a shell, as `ssh host -t` and `docker run -it` start it.
    pub(crate) fn start_alone(command: &Command) -> Self {
        Self::open(command, &[])
    }

    fn open(command: &Command, beside: &[&str]) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let screen = File::options().read(true).write(true).open(name).unwrap();
        let mut shell = Command::new("setsid");
        // The shell waits for it beside the terminal, and ends with its exit code.
        shell.args(["--wait", "--ctty"]).args(beside);
        shell.arg(command.get_program()).args(command.get_args()).env_clear();
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env("PATH", std::env::var_os("PATH").unwrap());
        shell.current_dir(command.get_current_dir().unwrap());
        let stream = || Stdio::from(screen.try_clone().unwrap());
        let child = shell.stdin(stream()).stdout(stream()).stderr(stream()).spawn().unwrap();
        let seen = Arc::<Mutex<String>>::default();
        let watch = watch(File::from(master.try_clone().unwrap()), Arc::clone(&seen));
        Self { keyboard: File::from(master), seen, child, screen, watch }
    }

    pub(crate) fn types(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Waits until the screen has shown that.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        self.until(text, || self.screen().contains(text));
    }

    /// Waits until the terminal shows, or hides, what is typed.
    #[track_caller]
    pub(crate) fn echoes(&self, echo: bool) {
        self.until("the echo", || {
            tcgetattr(&self.keyboard).unwrap().local_modes.contains(LocalModes::ECHO) == echo
        });
    }

    /// Everything it has shown.
    pub(crate) fn screen(&self) -> String {
        self.seen.lock().unwrap().clone()
    }

    /// The process at the terminal.
    pub(crate) fn foreground(&self) -> String {
        let group = rustix::termios::tcgetpgrp(&self.keyboard).unwrap();
        group.as_raw_nonzero().to_string()
    }

    /// The exit code, when it ends.
    #[track_caller]
    pub(crate) fn ends(mut self) -> (i32, String) {
        let code = self.child.wait().unwrap().code().unwrap();
        self.echoes(true);
        drop(self.screen);
        self.watch.join().unwrap();
        let screen = self.seen.lock().unwrap().clone();
        let shown = screen.rfind("\u{1b}[?25l") <= screen.rfind("\u{1b}[?25h");
        assert!(shown, "the cursor is hidden: {screen:?}");
        (code, screen)
    }

    #[track_caller]
    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let began = Instant::now();
        while !is_so() {
            assert!(began.elapsed() < PATIENCE, "no {what}: {:?}", self.screen());
            thread::yield_now();
        }
    }
}

fn watch(mut master: File, seen: Arc<Mutex<String>>) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut bytes = [0; 1024];
        while let Ok(length @ 1..) = master.read(&mut bytes) {
            seen.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    })
}
