//! `reelbot audit`: whether the books and the videos are in order.

use clap::Args;
use serde_json::json;

use crate::cli::{
    context::Context,
    exit::{CliError, Exit},
    open::open_from,
    output::{print, print_json},
    table::{numbers, table, text, words},
};
use crate::store::audit::{self, InvariantCheck, Orphan, Unconfirmed};

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot audit
  reelbot audit --json";

/// Check every invariant of money and videos over the whole database.
///
/// Reads one consistent view, also beside a running bot. Lists the submissions whose answer was
/// lost as well: each may be a paid task at KIE that is never fetched; and the videos that were sent
/// and never confirmed. Ends with 1 when anything is off.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AuditArgs {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl AuditArgs {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let db = open_from(context)?;
        let now = db.clock.now();
        let (checks, orphans, unconfirmed) = db.read(|view| {
            Ok((audit::check(view, now)?, audit::orphans(view)?, audit::unconfirmed(view)?))
        })?;
        let broken = checks.iter().filter(|check| check.broken > 0).count();
        if self.json {
            let green = broken == 0;
            print_json(&json!({
                "green": green,
                "invariants": checks,
                "orphans": orphans,
                "unconfirmed": unconfirmed,
            }))?;
        } else {
            print(&(report(&checks, &orphans) + &deliveries(&unconfirmed)))?;
        }
        if broken == 0 {
            return Ok(());
        }
        let sentence = format!("{broken} of {} invariants are broken", checks.len());
        Err(CliError::because(Exit::Failed, sentence)
            .hint("keep a copy of the database, and report this with the lines above"))
    }
}

/// Invariants and what their checks found, a line each.
pub(crate) fn invariants(checks: &[InvariantCheck]) -> String {
    let columns = [words(""), words("invariant"), numbers("checked"), numbers("off"), text("says")];
    table(&columns, checks.iter().map(row))
}

fn report(checks: &[InvariantCheck], orphans: &[Orphan]) -> String {
    let mut report = invariants(checks);
    if orphans.is_empty() {
        report += "\nNo answer of KIE's was lost.\n";
        return report;
    }
    report += "\nPossible orphans at KIE (answers that were lost): compare with KIE's log\n";
    let columns =
        [words("sent"), numbers("job"), words("key"), words("model"), text("what is known")];
    report + &table(&columns, orphans.iter().map(orphan))
}

/// Videos that were sent and never confirmed, where there are any.
fn deliveries(unconfirmed: &[Unconfirmed]) -> String {
    if unconfirmed.is_empty() {
        return String::new();
    }
    let columns = [words("given up"), numbers("job"), numbers("person"), text("what is known")];
    let row = |video: &Unconfirmed| {
        let (job, user) = (video.job.to_string(), video.user.to_string());
        vec![video.finished_at.to_string(), job, user, video.reason.clone()]
    };
    let title =
        "\nVideos sent whose arrival Telegram never confirmed: the chat shows whether they came\n";
    title.to_owned() + &table(&columns, unconfirmed.iter().map(row))
}

fn row(check: &InvariantCheck) -> Vec<String> {
    let mark = if check.broken == 0 { "✓" } else { "✗" };
    vec![
        mark.to_owned(),
        check.name.to_owned(),
        check.checked.to_string(),
        check.broken.to_string(),
        check.sentence.to_owned(),
    ]
}

fn orphan(orphan: &Orphan) -> Vec<String> {
    vec![
        orphan.sent_at.to_string(),
        orphan.job.to_string(),
        orphan.key.clone().unwrap_or_else(|| "–".to_owned()),
        orphan.model.clone(),
        orphan.reason.clone(),
    ]
}
