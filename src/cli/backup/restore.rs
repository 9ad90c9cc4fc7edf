//! `reelbot backup restore`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::{
    backup::show::{contents, findings, named, useless},
    confirm::confirmed,
    context::Context,
    exit::{CliError, Exit},
    open::{backups, unusable},
    output::{print, print_json},
    table::{count, pairs},
};
use crate::clock::SystemClock;
use crate::domain::ports::Clock;
use crate::store::{
    backup::contents::Contents,
    error::StoreError,
    lock::RunLock,
    restore::{Before, Candidate, present},
};

/// The options of `backup restore`.
#[derive(Args, Clone, Debug)]
pub(crate) struct RestoreBackup {
    /// The backup: a path, or a name from `backup list`
    pub file: PathBuf,
    /// Only say what would be done, and what would be lost
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl RestoreBackup {
    /// Puts a backup in the place of the database.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let folder = backups(&context.load_for_database()?)?;
        let file = named(&folder, &self.file)?;
        let now = SystemClock.now();
        let database = folder.database();
        let refused = |error: StoreError| unusable(&error, database);
        // Held from the look at what is there until something else is.
        let lock = RunLock::take(database, now).map_err(refused)?;
        let beside = database.parent().unwrap_or(database);
        let candidate =
            Candidate::fetch(&file, beside, now).map_err(|error| useless(&file, &error))?;
        let inspected = candidate.inspected.clone();
        let since = present(database).map(|present| present.since(inspected.contents));
        if !self.json {
            print(&pairs([
                ("backup", file.display().to_string()),
                ("holds", contents(&inspected.contents)),
                ("audit", findings(&inspected)),
                ("replaces", database.display().to_string()),
                ("since then", since.as_ref().map_or("nothing".to_owned(), came)),
            ]))?;
        }
        if !self.dry_run && !self.yes && !confirmed("Put it there?", HINT)? {
            return Err(CliError::because(Exit::Failed, "nothing was changed"));
        }
        let before = if self.dry_run {
            None
        } else {
            Some(candidate.put(&folder, &lock, now).map_err(refused)?)
        };
        if self.json {
            return print_json(&json!({
                "path": file,
                "database": database,
                "restored": before.is_some(),
                "contents": inspected.contents,
                "findings": inspected.findings,
                "since": since,
                "before": before.as_ref().and_then(place),
            }));
        }
        match before {
            None => print("\nnothing was changed: this was a dry run\n"),
            Some(before) => print(&done(&before, since.as_ref())),
        }
    }
}

const HINT: &str = "--yes puts it there without asking, --dry-run only looks";

fn place(before: &Before) -> Option<&PathBuf> {
    match before {
        Before::Nothing => None,
        Before::BackedUp(path) | Before::MovedAside(path) => Some(path),
    }
}

fn came(since: &Contents) -> String {
    let Contents { users, orders, videos, delivered, entries } = *since;
    if since == &Contents::default() {
        return "nothing".to_owned();
    }
    let people = if users == 1 { "1 person".to_owned() } else { format!("{users} people") };
    format!(
        "{people}, {} of {} ({delivered} delivered), {} in the ledger",
        count(orders, "order"),
        count(videos, "video"),
        if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") },
    )
}

/// What the file does not know, and Telegram and KIE do.
fn done(before: &Before, since: Option<&Contents>) -> String {
    let kept = match before {
        Before::Nothing => String::new(),
        Before::BackedUp(path) => format!("as it was before, it is {}\n", path.display()),
        Before::MovedAside(path) => {
            format!("it could not be read before, and lies as it was at {}\n", path.display())
        }
    };
    let lost = since.filter(|since| since.orders > 0 || since.delivered > 0);
    let lost = lost.map_or_else(String::new, |since| {
        format!(
            "What came since is not in it: {}. Videos that have arrived since come once more.\n",
            came(since)
        )
    });
    format!(
        "\nthe backup is in its place; `reelbot run` goes on from it\n{kept}\n{lost}\
         KIE is asked again for the videos that were under way then. Telegram sends again what \
         the bot\nhad not yet taken; what it took since it does not.\n"
    )
}
