//! `reelbot backup drill`

use std::time::Instant;

use clap::Args;
use serde_json::json;

use crate::cli::{
    backup::show::{contents, findings, newest, useless},
    context::Context,
    exit::CliError,
    open::backups,
    output::{print, print_json},
    table::pairs,
};
use crate::clock::SystemClock;
use crate::domain::ports::Clock;
use crate::store::{backup::source::Source, error::StoreError, restore::Candidate};

/// The options of `backup drill`.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct DrillBackup {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl DrillBackup {
    /// Restores the newest backup on trial; the database is not touched.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let folder = backups(&context.load_for_database()?)?;
        let (backup, now, began) = (newest(&folder)?, SystemClock.now(), Instant::now());
        let found = Source::open(&backup.path)
            .map_err(StoreError::from)
            .and_then(|source| Candidate::fetch(&source, folder.path(), now)?.try_out(now))
            .map_err(|error| useless(&backup.path, &error))?;
        let seconds = began.elapsed().as_secs_f64();
        if self.json {
            return print_json(&json!({
                "path": backup.path,
                "seconds": seconds,
                "version": found.version,
                "contents": found.contents,
                "findings": found.findings,
            }));
        }
        print(&pairs([
            ("backup", backup.path.display().to_string()),
            ("restored", format!("on trial, in {seconds:.1} s; a bot could run on it")),
            ("holds", contents(&found.contents)),
            ("audit", findings(&found.findings)),
        ]))
    }
}
