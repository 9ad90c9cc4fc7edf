//! `reelbot backup verify`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::{
    backup::show::{contents, findings, named, newest, useless},
    context::Context,
    exit::{CliError, Exit},
    open::backups,
    output::{print, print_json},
    table::pairs,
};
use crate::clock::SystemClock;
use crate::domain::ports::Clock;
use crate::store::{back_up::verify, backup::source::Source, schema::VERSION};

/// The options of `backup verify`.
#[derive(Args, Clone, Debug)]
pub(crate) struct VerifyBackup {
    /// The backup: a path, or a name from `backup list` [default: the newest]
    pub file: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl VerifyBackup {
    /// Looks through all of a backup, and writes nothing.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let folder = backups(&context.load_for_database()?)?;
        let file = match &self.file {
            Some(file) => named(&folder, file)?,
            None => newest(&folder)?.path,
        };
        let found = verify(&file, SystemClock.now()).map_err(|error| useless(&file, &error))?;
        let has_checksum = Source::open(&file).is_ok_and(|source| source.has_checksum());
        let sound = if has_checksum {
            "its checksum, every page and every reference"
        } else {
            "every page and every reference; it has no manifest with a checksum"
        };
        let audit = match found.version {
            VERSION => findings(&found.findings),
            older => format!("not done: it has version {older}"),
        };
        if self.json {
            print_json(&json!({
                "path": file,
                "version": found.version,
                "contents": found.contents,
                "findings": found.findings,
            }))?;
        } else {
            print(&pairs([
                ("backup", file.display().to_string()),
                ("sound", sound.to_owned()),
                ("holds", contents(&found.contents)),
                ("audit", audit),
            ]))?;
        }
        if found.findings.is_empty() {
            return Ok(());
        }
        let sentence = "the file is whole, but its books are not in order";
        Err(CliError::because(Exit::Failed, sentence)
            .hint("see when it began: verify older ones, and `reelbot audit` tells of today"))
    }
}
