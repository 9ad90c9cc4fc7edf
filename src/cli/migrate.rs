//! `reelbot migrate`: the database in its newest version.

use std::path::Path;

use clap::Args;

use crate::cli::{
    context::Context,
    exit::CliError,
    open::{adopting, backups, unusable},
    output::print,
};
use crate::clock::SystemClock;
use crate::domain::ports::Clock;
use crate::store::{
    backup::folder::BackupFolder,
    error::StoreError,
    file,
    lock::RunLock,
    schema::{Migrated, VERSION},
};

/// The examples under its help.
const EXAMPLES: &str = "\
Examples:
  reelbot migrate --dry-run
  reelbot migrate
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
}

impl MigrateArgs {
    /// Runs the command, and prints what was done.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load_for_database()?;
        let path = loaded.database()?;
        let backups = backups(&loaded)?;
        let sentence = if self.dry_run { plan(path) } else { migrate(path, &backups) };
        print(&format!("{}\n", sentence.map_err(|error| unusable(&error, path))?))
    }
}

fn plan(path: &Path) -> Result<String, StoreError> {
    let place = path.display();
    let Some(found) = file::look(path)? else {
        return Ok(format!("{place} would be created, with version {VERSION}"));
    };
    found.expect_known()?;
    Ok(match found.version {
        VERSION => format!("{place} is up to date, with version {VERSION}"),
        older => format!("{place} would be brought from version {older} to {VERSION}"),
    })
}

fn migrate(path: &Path, backups: &BackupFolder) -> Result<String, StoreError> {
    let place = path.display();
    let (migrated, backup) = adopting(path, || {
        let now = SystemClock.now();
        let _lock = RunLock::take(path, now)?;
        file::migrate(path, backups, now)
    })?;
    let kept = backup.map(|backup| format!("; as it was before it is {}", backup.path.display()));
    Ok(match migrated {
        Migrated::Created => format!("{place} is created, with version {VERSION}"),
        Migrated::From(old) => format!(
            "{place} is brought from version {old} to {VERSION}{}",
            kept.unwrap_or_default()
        ),
        Migrated::Already => format!("{place} is up to date, with version {VERSION}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dry_run_changes_nothing_and_a_second_run_neither() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data/reelbot.db");
        let created = format!("would be created, with version {VERSION}");
        assert!(plan(&path).unwrap().ends_with(&created));
        assert!(!path.exists());
        let backups = BackupFolder::new(&path, Path::new(""));
        assert!(migrate(&path, &backups).unwrap().contains("is created"));
        assert!(migrate(&path, &backups).unwrap().contains("is up to date"));
        assert!(plan(&path).unwrap().contains("is up to date"));
    }
}
