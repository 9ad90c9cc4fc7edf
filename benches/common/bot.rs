//! `reelbot run`, a process of its own that talks to the stand-ins of this one.

use std::fs;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use reelbot::house::Plan;

/// The process; it ends with its handle.
pub struct Bot(Child);

impl Bot {
    /// Starts the bot on that plan's database, addresses and limits.
    pub fn start(folder: &Path, plan: &Plan) -> Self {
        let (telegram, kie, gpt) = (&plan.config.telegram, &plan.config.kie, &plan.config.gpt);
        let config = folder.join("config.toml");
        let text = format!(
            "[telegram]\napi_url = \"{}\"\nmessages_per_second = {}\n\
             messages_per_second_per_chat = {}\n\
             [database]\npath = \"reelbot.db\"\n\
             [kie]\napi_url = \"{}\"\nupload_url = \"{}\"\npoll_interval = \"{}ms\"\n\
             creates_per_10s = {}\nin_flight = {}\npolls_per_second = {}\n\
             [gpt]\napi_url = \"{}\"\n[credits]\nwelcome = {}\n",
            telegram.api_url,
            telegram.messages_per_second,
            telegram.messages_per_second_per_chat,
            kie.api_url,
            kie.upload_url,
            kie.poll_interval.as_millis(),
            kie.creates_per_10s,
            kie.in_flight,
            kie.polls_per_second,
            gpt.api_url,
            plan.config.credits.welcome,
        );
        fs::write(&config, text).expect("the folder can be written");
        let child = Command::new(env!("CARGO_BIN_EXE_reelbot"))
            .args(["run", "--config"])
            .arg(&config)
            .env("TELEGRAM_BOT_TOKEN", telegram.token.expose())
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .spawn();
        Self(child.expect("the bot starts"))
    }

    /// Its number among the processes.
    pub fn id(&self) -> u32 {
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
