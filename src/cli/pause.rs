//! `reelbot pause` and `reelbot resume`: whether orders are taken.

use clap::Args;

use crate::cli::{context::Context, exit::CliError, open::open_from, output::print};
use crate::store::switches;

/// The examples under the help of `pause`.
const PAUSE: &str = "\
Examples:
  reelbot pause
  reelbot pause --database ./reelbot.db";

/// The examples under the help of `resume`.
const RESUME: &str = "\
Examples:
  reelbot resume
  reelbot resume --database ./reelbot.db";

/// Take no more orders; what is ordered goes on.
///
/// A running bot sees it at once, and a restart does not forget it. People are told kindly and
/// charged nothing.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = PAUSE)]
pub(crate) struct PauseArgs {}

/// Take orders again.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = RESUME)]
pub(crate) struct ResumeArgs {}

impl PauseArgs {
    /// Runs the command.
    #[expect(clippy::unused_self, reason = "a command without options runs like every other")]
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let is_new = open_from(context)?.write(switches::pause)?;
        print(if is_new { "no more orders are taken\n" } else { "no orders are taken already\n" })
    }
}

impl ResumeArgs {
    /// Runs the command.
    #[expect(clippy::unused_self, reason = "a command without options runs like every other")]
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let is_new = open_from(context)?.write(switches::resume)?;
        print(if is_new { "orders are taken again\n" } else { "orders are taken already\n" })
    }
}
