//! `reelbot admin-log`: what operators did by command, and who.

use clap::Args;

use crate::cli::{
    context::Context,
    exit::CliError,
    number::limit,
    open::open_from,
    output::{note, note_cut, print, print_json},
    table::{table, text, words},
};
use crate::store::admin_log::{self, AdminLine};

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot admin-log
  reelbot admin-log --limit 200 --json";

/// Show which operator did what, the newest first.
///
/// Lists what was typed: credits given and taken, orders paused and resumed, keys added, removed
/// and switched, a webhook deleted. Who typed it is the user of the system; with sudo, who called
/// it.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AdminLogArgs {
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = limit)]
    pub limit: u32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl AdminLogArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let (lines, all) = open_from(context)?
            .read(|view| Ok((admin_log::list(view, self.limit)?, admin_log::count(view)?)))?;
        let listed = lines.len();
        if self.json {
            print_json(&lines)?;
        } else if lines.is_empty() {
            note("no operator has changed anything yet");
        } else {
            let columns = [words("when"), words("who"), words("did"), words("to"), text("details")];
            print(&table(&columns, lines.into_iter().map(as_row)))?;
        }
        note_cut(listed, all);
        Ok(())
    }
}

fn as_row(line: AdminLine) -> Vec<String> {
    let AdminLine { at, os_user, act, subject, details, .. } = line;
    vec![at.to_string(), os_user, act, subject, details.unwrap_or_default()]
}
