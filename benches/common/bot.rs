//! `reelbot run`, a process of its own that talks to the stand-ins of this one.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use reelbot::testing::app::Plan;

/// The process; it ends with its handle.
pub(crate) struct Bot(Child);

impl Bot {
    /// Starts the bot on that plan's database, addresses and limits.
    pub(crate) fn start(folder: &Path, plan: &Plan) -> Self {
        let config = folder.join("config.toml");
        let text = toml::to_string(&plan.config).expect("a config is TOML");
        fs::write(&config, text).expect("the folder can be written");
        let child = Command::new(env!("CARGO_BIN_EXE_reelbot"))
            .args(["run", "--config"])
            .arg(&config)
            .arg("--database")
            .arg(&plan.database)
            .env("TELEGRAM_BOT_TOKEN", plan.config.telegram.token.expose())
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .spawn();
        Self(child.expect("the bot starts"))
    }

    /// Its number among the processes.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        // A bot that has ended by itself needs no end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
