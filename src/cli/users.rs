//! `reelbot users …`: the people.

use clap::Args;
use clap::Subcommand;

use crate::cli::who::Who;

const USERS: &str = "\
Examples:
  reelbot users list
  reelbot users show @anna";

const LIST: &str = "\
Examples:
  reelbot users list
  reelbot users list --limit 100 --json";

const SHOW: &str = "\
Examples:
  reelbot users show @anna
  reelbot users show 123456789 --json";

/// Show who uses the bot.
#[derive(Args, Clone, Debug)]
#[command(after_help = USERS)]
pub struct UsersArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: UsersCommand,
}

/// What can be seen of people.
#[derive(Clone, Debug, Subcommand)]
pub enum UsersCommand {
    /// List people with their balances, the newest first
    #[command(after_help = LIST)]
    List(ListUsers),
    /// Show one person: balance, orders, videos
    #[command(after_help = SHOW)]
    Show(ShowUser),
}

/// The options of `users list`.
#[derive(Args, Clone, Copy, Debug)]
pub struct ListUsers {
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The options of `users show`.
#[derive(Args, Clone, Debug)]
pub struct ShowUser {
    /// A Telegram id or a @username
    pub user: Who,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
