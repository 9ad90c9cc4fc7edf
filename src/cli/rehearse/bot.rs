//! The bot of a rehearsal: `reelbot run` as a process of its own, so that it can be killed.

use std::{
    env, fmt,
    fs::{self, File},
    io,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
};

use crate::cli::rehearse::memory::memory_kib;
use crate::clock::FastClock;
use crate::domain::secret::Secret;

/// The environment variables that the bot gets: none of them is a secret, and none names the
/// operator's own files.
const VARIABLES: [&str; 7] =
    ["PATH", "HOME", "LANG", "TMPDIR", "NO_COLOR", "RUST_LOG", "RUST_BACKTRACE"];

/// How a bot is started.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// The program, which is this one.
    pub program: PathBuf,
    /// Where it works, with its config and its log.
    pub folder: PathBuf,
    /// The database.
    pub database: PathBuf,
    /// The clock that it runs by.
    pub clock: FastClock,
    /// The token that the stand-in knows.
    pub token: Secret,
}

impl Setup {
    /// The config file.
    pub(crate) fn config(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    /// The bot's log, with all its runs one after the other.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("reelbot.log")
    }

    /// An error, with the bot's own if it ended with one.
    pub(crate) fn explain(&self, error: impl fmt::Display) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let own = log.lines().rev().find_map(|line| line.strip_prefix("error: "));
        own.map_or_else(|| error.to_string(), |own| format!("{error}: {own}"))
    }

    fn command(&self) -> io::Result<Command> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut command = Command::new(&self.program);
        command
            .args(["run", "--clock", &self.clock.to_string()])
            .arg("--config")
            .arg(self.config())
            .arg("--database")
            .arg(&self.database)
            .env_clear()
            .envs(VARIABLES.into_iter().filter_map(|name| Some((name, env::var_os(name)?))))
            .env("TELEGRAM_BOT_TOKEN", self.token.expose())
            // There is no .env in it, and no Ctrl-C reaches a group of its own.
            .current_dir(&self.folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log);
        Ok(command)
    }
}

/// The bot. It does not outlive its handle.
pub(crate) struct Bot {
    setup: Setup,
    child: Child,
    /// The most memory that any of its runs had resident, in KiB, where the system tells.
    most_memory: Option<u64>,
    kills: u32,
}

impl Bot {
    /// Starts it.
    pub(crate) fn start(setup: Setup) -> io::Result<Self> {
        let child = setup.command()?.spawn()?;
        Ok(Self { setup, child, most_memory: None, kills: 0 })
    }

    /// Kills it without warning, and starts it again.
    pub(crate) fn kill(&mut self) -> io::Result<()> {
        self.measure_memory();
        self.child.kill()?;
        self.child.wait()?;
        self.kills += 1;
        self.child = self.setup.command()?.spawn()?;
        Ok(())
    }

    /// Asks it to close, and waits for its end.
    pub(crate) fn close(&mut self) -> io::Result<ExitStatus> {
        self.measure_memory();
        drop(self.child.stdin.take());
        self.child.wait()
    }

    /// Its exit status, if it has ended by itself.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Measures the most memory it has had.
    pub(crate) fn measure_memory(&mut self) {
        self.most_memory = self.most_memory.max(memory_kib(self.child.id(), "VmHWM"));
    }

    /// The most memory that any of its runs had resident, in MiB, where the system tells.
    pub(crate) fn most_memory(&self) -> Option<f64> {
        let kib = u32::try_from(self.most_memory?).ok()?;
        Some(f64::from(kib) / 1024.0)
    }

    /// How often it was killed.
    pub(crate) fn kills(&self) -> u32 {
        self.kills
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
