//! `reelbot migrate`: the database in its newest version.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{
    context::Context,
    exit::CliError,
    open::{adopting, unusable},
    output::{print, print_done, print_json},
};
use crate::clock::SystemClock;
use crate::domain::ports::Clock;
use crate::store::{
    error::StoreError,
    file,
    lock::RunLock,
    schema::{Migrated, VERSION},
};

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot migrate --dry-run
  reelbot migrate --json
  reelbot migrate --database ./reelbot.db";

/// Create the database, or bring it up to date.
///
/// Does nothing to one that is up to date, and refuses one that a newer reelbot wrote. An older
/// one is copied first, beside itself; no bot may run on it meanwhile.
#[derive(Args, Clone, Copy, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct MigrateArgs {
    /// Only say what would be done
    #[arg(long)]
    pub dry_run: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl MigrateArgs {
    /// Runs the command, and prints what was done.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load_for_database()?;
        let path = loaded.database()?;
        let done = if self.dry_run { plan(path) } else { migrate(path) };
        let done = done.map_err(|error| unusable(&error, path))?;
        let json = self.json.then(|| self.as_json(path, done));
        let sentence = format!("{}\n", self.sentence(path, done));
        match json {
            json if !self.dry_run => print_done(&sentence, json.as_ref()),
            Some(json) => print_json(&json)?,
            None => print(&sentence)?,
        }
        Ok(())
    }

    fn sentence(self, path: &Path, done: Migrated) -> String {
        let place = path.display();
        let verb = if self.dry_run { "would be" } else { "is" };
        match done {
            Migrated::Created => format!("{place} {verb} created, with version {VERSION}"),
            Migrated::Already => format!("{place} is up to date, with version {VERSION}"),
            Migrated::From(old) => format!(
                "{place} {verb} brought from version {old} to {VERSION}; the copy of before \
                 {verb} {}",
                file::copy_name(path, old).display()
            ),
        }
    }

    fn as_json(self, path: &Path, done: Migrated) -> Value {
        let (from, copy) = match done {
            Migrated::From(old) => {
                (Some(old), Some(file::copy_name(path, old).to_string_lossy().into_owned()))
            }
            Migrated::Already => (Some(VERSION), None),
            Migrated::Created => (None, None),
        };
        json!({
            "database": path.to_string_lossy(),
            "from_version": from,
            "version": VERSION,
            "copy": copy,
            "dry_run": self.dry_run,
            "already": done == Migrated::Already,
        })
    }
}

/// What would be done.
fn plan(path: &Path) -> Result<Migrated, StoreError> {
    let Some(found) = file::look(path)? else { return Ok(Migrated::Created) };
    found.expect_known()?;
    Ok(match found.version {
        VERSION => Migrated::Already,
        older => Migrated::From(older),
    })
}

fn migrate(path: &Path) -> Result<Migrated, StoreError> {
    adopting(path, || {
        let now = SystemClock.now();
        let _lock = RunLock::take(path, now)?;
        file::migrate(path, now)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_changes_nothing_and_a_second_run_neither() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data/reelbot.db");
        assert_eq!(plan(&path).unwrap(), Migrated::Created);
        assert!(!path.exists());
        assert_eq!(migrate(&path).unwrap(), Migrated::Created);
        assert_eq!(migrate(&path).unwrap(), Migrated::Already);
        assert_eq!(plan(&path).unwrap(), Migrated::Already);
    }
}
