//! `reelbot pause` and `reelbot resume`: whether orders are taken.

use clap::Args;
use serde_json::json;

use crate::cli::{
    context::Context, exit::CliError, open::open_from, output::print_done, table::iso,
};
use crate::domain::time::Timestamp;
use crate::store::switches;

/// The examples under the help of `pause`.
const PAUSE: &str = "\
Examples:
  reelbot pause
  reelbot pause --json
  reelbot pause --database ./reelbot.db";

/// The examples under the help of `resume`.
const RESUME: &str = "\
Examples:
  reelbot resume
  reelbot resume --json
  reelbot resume --database ./reelbot.db";

/// Take no more orders; what is ordered goes on.
///
/// A running bot sees it at once, and a restart does not forget it. People are told kindly and
/// charged nothing.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = PAUSE)]
pub(crate) struct PauseArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Take orders again.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = RESUME)]
pub(crate) struct ResumeArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What the log calls that which is paused.
const SUBJECT: &str = "orders";

impl PauseArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let operator = context.operator.clone();
        let (is_new, since) = open_from(context)?.write(move |tx| {
            let is_new = switches::pause(tx)?;
            if is_new {
                operator.log(tx, "pause", SUBJECT, None)?;
            }
            Ok((is_new, switches::paused_since(tx)?))
        })?;
        let done = if is_new { "no more orders are taken" } else { "no orders are taken already" };
        report(done, self.json, since, is_new);
        Ok(())
    }
}

impl ResumeArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let operator = context.operator.clone();
        let is_new = open_from(context)?.write(move |tx| {
            let is_new = switches::resume(tx)?;
            if is_new {
                operator.log(tx, "resume", SUBJECT, None)?;
            }
            Ok(is_new)
        })?;
        let done = if is_new { "orders are taken again" } else { "orders are taken already" };
        report(done, self.json, None, is_new);
        Ok(())
    }
}

fn report(done: &str, json: bool, paused_since: Option<Timestamp>, is_new: bool) {
    let json = json.then(|| {
        json!({
            "paused": paused_since.is_some(),
            "paused_since": iso(paused_since),
            "already": !is_new,
        })
    });
    print_done(&format!("{done}\n"), json.as_ref());
}
