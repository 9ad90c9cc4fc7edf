//! The commands of `reelbot credits`.

use clap::{Args, Subcommand};

use crate::cli::{
    context::Context,
    credits::{book::MoveCredits, show::ShowCredits},
    exit::CliError,
};

const CREDITS: &str = "\
Examples:
  reelbot credits grant @anna 10
  reelbot credits show 123456789";

const GRANT: &str = "\
Examples:
  reelbot credits grant @anna 10
  reelbot credits grant 123456789 5 --note \"sorry for Tuesday\"
  reelbot credits grant @anna 10 --once invoice-2026-17 --json";

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
pub(crate) struct CreditsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: CreditsCommand,
}

/// What can be done with credits.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum CreditsCommand {
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

impl CreditsArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        match self.command {
            CreditsCommand::Grant(args) => args.grant(context),
            CreditsCommand::Take(args) => args.take(context),
            CreditsCommand::Show(args) => args.run(context),
        }
    }
}
