//! `reelbot credits …`: people's credits.

use clap::Args;
use clap::Subcommand;

use crate::cli::who::Who;

const CREDITS: &str = "\
Examples:
  reelbot credits grant @anna 10
  reelbot credits show 123456789";

const GRANT: &str = "\
Examples:
  reelbot credits grant @anna 10
  reelbot credits grant 123456789 5 --note \"sorry for Tuesday\"";

const TAKE: &str = "\
Examples:
  reelbot credits take @anna 3
  reelbot credits take 123456789 1 --note \"granted twice\"";

const SHOW: &str = "\
Examples:
  reelbot credits show @anna
  reelbot credits show 123456789 --json";

/// Give credits, take them back, and show where they went.
#[derive(Args, Clone, Debug)]
#[command(after_help = CREDITS)]
pub struct CreditsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: CreditsCommand,
}

/// What can be done with credits.
#[derive(Clone, Debug, Subcommand)]
pub enum CreditsCommand {
    /// Give a person credits and print the new balance
    #[command(after_help = GRANT)]
    Grant(MoveCredits),
    /// Take credits back and print the new balance; a balance never goes below 0
    #[command(after_help = TAKE)]
    Take(MoveCredits),
    /// Show a person's balance and how it came about
    #[command(after_help = SHOW)]
    Show(ShowCredits),
}

/// The options of `credits grant` and `credits take`.
#[derive(Args, Clone, Debug)]
pub struct MoveCredits {
    /// A Telegram id or a @username
    pub user: Who,
    /// How many, 1 or more
    #[arg(value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub credits: u32,
    /// Why, for the books
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// The options of `credits show`.
#[derive(Args, Clone, Debug)]
pub struct ShowCredits {
    /// A Telegram id or a @username
    pub user: Who,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
