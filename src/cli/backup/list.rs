//! `reelbot backup list`

use clap::Args;
use serde_json::Value;

use crate::cli::{
    backup::show::{as_json, size, unreadable},
    context::Context,
    exit::CliError,
    open::backups,
    output::{note, print, print_json},
    table::{numbers, table, text, words},
};
use crate::store::backup::folder::Backup;

/// The options of `backup list`.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ListBackups {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

impl ListBackups {
    /// Lists the backups in the folder, whatever database they are of.
    pub(crate) fn run(self, context: &Context) -> Result<(), CliError> {
        let folder = backups(&context.load_for_database()?)?;
        let mut found = folder.list().map_err(|error| unreadable(&folder, &error.into()))?;
        found.reverse();
        if self.json {
            return print_json(&found.iter().map(as_json).collect::<Value>());
        }
        if found.is_empty() {
            print(&format!("there is no backup yet in {}\n", folder.path().display()))?;
            return Ok(());
        }
        let columns = [
            words("made"),
            words("why"),
            numbers("size"),
            numbers("people"),
            numbers("orders"),
            words("audit"),
            text("file"),
        ];
        print(&table(&columns, found.iter().map(row)))?;
        note(&format!("they are in {}", folder.path().display()));
        Ok(())
    }
}

fn row(backup: &Backup) -> Vec<String> {
    let manifest = &backup.manifest;
    let audit = match manifest.findings.len() {
        0 => "✓".to_owned(),
        many => format!("✗ {many}"),
    };
    vec![
        manifest.made_at.to_string(),
        manifest.reason.word().to_owned(),
        size(manifest.bytes),
        manifest.contents.users.to_string(),
        manifest.contents.orders.to_string(),
        audit,
        manifest.file.clone(),
    ]
}
