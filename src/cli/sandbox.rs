//! `reelbot sandbox`: everything without accounts.

use clap::Args;

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot sandbox --open
  reelbot sandbox --port 9000 --speed 1
  reelbot sandbox --demo";

/// Try the whole bot in the browser, without accounts and without network.
///
/// Starts stand-ins of Telegram, KIE and GPT on this machine, the bot itself with a fresh database,
/// a key and some credits, and a chat page. Nothing costs anything, nothing leaves the machine.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct SandboxArgs {
    /// The port of the chat page on 127.0.0.1; 0: any free one
    #[arg(long, value_name = "N", default_value_t = 8088)]
    pub port: u16,
    /// How many times faster than real time passes: a render of 5 minutes takes 10 s at 30
    #[arg(long, value_name = "TIMES", default_value_t = 30.0, value_parser = speed)]
    pub speed: f64,
    /// Open the chat page in the browser
    #[arg(long)]
    pub open: bool,
    /// Let a person who is played by the sandbox order videos, to watch
    #[arg(long)]
    pub demo: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.1..=10_000.0).contains(&speed) => Ok(speed),
        _ => Err("write a number from 0.1 to 10000".to_owned()),
    }
}
