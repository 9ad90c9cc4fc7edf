//! `reelbot backup create`

use std::sync::Arc;

use clap::Args;

use crate::cli::{
    backup::show::{as_json, contents, findings, not_made},
    context::Context,
    exit::CliError,
    open::{backups, open},
    output::{note, print_done},
    table::{pairs, size},
};
use crate::clock::SystemClock;
use crate::domain::ports::Clock;
use crate::service::stop::Stop;
use crate::store::{
    back_up::{Secrets, back_up},
    backup::manifest::Reason,
};

/// The options of `backup create`.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct CreateBackup {
    /// Leave the secrets of the KIE keys out; after a restore they must be added again
    #[arg(long)]
    pub without_keys: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl CreateBackup {
    /// Makes a backup.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load_for_database()?;
        // Says what is wrong with the database before a copy is tried.
        drop(open(&loaded)?);
        let folder = backups(&loaded)?;
        let secrets = if self.without_keys { Secrets::Removed } else { Secrets::Kept };
        let never = Stop::new(&Arc::default());
        let made = back_up(&folder, Reason::Manual, secrets, SystemClock.now(), &never)
            .map_err(|error| not_made(&folder, &error))?;
        let manifest = &made.manifest;
        let done = pairs([
            ("backup", made.path.display().to_string()),
            ("size", size(manifest.bytes)),
            ("holds", contents(&manifest.contents)),
            ("audit", findings(&manifest.findings)),
        ]);
        print_done(&done, self.json.then(|| as_json(&made)).as_ref());
        if manifest.with_keys && !self.json {
            note("the KIE keys are in it in clear text: keep it as safe as the keys");
        }
        Ok(())
    }
}
