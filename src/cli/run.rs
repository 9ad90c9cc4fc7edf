//! `reelbot run`: the bot.

use clap::Args;

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot run
  TELEGRAM_BOT_TOKEN=123456789:AA… KIE_API_KEY=… reelbot run
  RUST_LOG=debug reelbot run --config ./reelbot.toml --log-format json";

/// Run the bot until SIGTERM or Ctrl-C.
///
/// Takes Telegram's messages, carries the videos through KIE and delivers them. Work in hand is
/// finished on the way out; whatever is left goes on at the next start. One run per database.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {}
