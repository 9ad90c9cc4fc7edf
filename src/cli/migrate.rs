//! `reelbot migrate`: the database in its present form.

use clap::Args;

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot migrate --dry-run
  reelbot migrate
  reelbot migrate --database ./reelbot.db";

/// Create the database, or bring it up to date.
///
/// Does nothing to one that is up to date, and refuses one that a newer reelbot wrote.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = EXAMPLES)]
pub struct MigrateArgs {
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
}
