//! `reelbot migrate`: the database in its newest version.

use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{
    context::Context,
    exit::CliError,
    open::{backups, unusable},
    output::{print, print_done, print_json},
};
use crate::clock::SystemClock;
use crate::domain::ports::Clock;
use crate::store::{
    backup::folder::Backup,
    error::StoreError,
    file::{self, Terms},
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
/// one is backed up first; no bot may run on it meanwhile.
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
        let folder = backups(&loaded)?;
        let terms = Terms::migrating(&folder, loaded.config.database.checkpoints);
        let plan = || plan(path).map(|planned| (planned, None));
        let done = if self.dry_run { plan() } else { migrate(path, terms) };
        let (done, backup) = done.map_err(|error| unusable(&error, path))?;
        let backup = backup.as_ref().map(|backup| backup.path.as_path());
        let json = self.json.then(|| self.as_json(path, done, backup));
        let sentence = format!("{}\n", self.sentence(path, done, backup));
        match json {
            json if !self.dry_run => print_done(&sentence, json.as_ref()),
            Some(json) => print_json(&json)?,
            None => print(&sentence)?,
        }
        Ok(())
    }

    fn sentence(self, path: &Path, done: Migrated, backup: Option<&Path>) -> String {
        let place = path.display();
        let verb = if self.dry_run { "would be" } else { "is" };
        let kept = match backup {
            Some(backup) => format!("; the backup of before is {}", backup.display()),
            None => ", after a backup".to_owned(),
        };
        match done {
            Migrated::Created => format!("{place} {verb} created, with version {VERSION}"),
            Migrated::Already => format!("{place} is up to date, with version {VERSION}"),
            Migrated::From(old) => {
                format!("{place} {verb} brought from version {old} to {VERSION}{kept}")
            }
        }
    }

    fn as_json(self, path: &Path, done: Migrated, backup: Option<&Path>) -> Value {
        let from = match done {
            Migrated::From(old) => Some(old),
            Migrated::Already => Some(VERSION),
            Migrated::Created => None,
        };
        json!({
            "database": path.display().to_string(),
            "from_version": from,
            "version": VERSION,
            "backup": backup.map(Path::to_string_lossy),
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

fn migrate(path: &Path, terms: Terms<'_>) -> Result<(Migrated, Option<Backup>), StoreError> {
    let now = SystemClock.now();
    let _lock = RunLock::take(path, now)?;
    file::migrate(path, terms, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::checkpoints::Checkpoints;
    use crate::store::backup::folder::BackupFolder;

    #[test]
    fn a_dry_run_changes_nothing_and_a_second_run_neither() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data/reelbot.db");
        assert_eq!(plan(&path).unwrap(), Migrated::Created);
        assert!(!path.exists());
        let backups = BackupFolder::new(&path, Path::new(""));
        let terms = Terms::migrating(&backups, Checkpoints::Own);
        assert_eq!(migrate(&path, terms).unwrap().0, Migrated::Created);
        assert_eq!(migrate(&path, terms).unwrap().0, Migrated::Already);
        assert_eq!(plan(&path).unwrap(), Migrated::Already);
    }
}
