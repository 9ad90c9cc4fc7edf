//! What backups look like to people, and how one is named.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cli::{
    exit::{CliError, Exit},
    open::unusable,
    table::count,
};
use crate::store::{
    backup::{
        contents::Contents,
        folder::{Backup, BackupFolder},
    },
    error::{StoreError, StoreErrorKind},
};

/// The file of a backup that is named by its path, or by its name in the folder of the backups.
pub(crate) fn named(folder: &BackupFolder, file: &Path) -> Result<PathBuf, CliError> {
    let in_folder = folder.path().join(file);
    [file.to_owned(), in_folder].into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let sentence = format!("there is no backup {}", file.display());
        CliError::because(Exit::Failed, sentence)
            .hint(format!("`reelbot backup list` shows those in {}", folder.path().display()))
    })
}

/// The newest backup of the database.
pub(crate) fn newest(folder: &BackupFolder) -> Result<Backup, CliError> {
    let newest = folder.own().map_err(|error| unreadable(folder, &error.into()))?.pop();
    newest.ok_or_else(|| {
        let sentence = format!("there is no backup yet in {}", folder.path().display());
        CliError::because(Exit::Failed, sentence).hint("`reelbot backup create` makes one")
    })
}

/// A backup that could not be made: the database can be read, so it is a matter of the folder.
pub(crate) fn not_made(folder: &BackupFolder, error: &StoreError) -> CliError {
    let dir = folder.path().display();
    let hint = match error.kind {
        StoreErrorKind::Full => {
            format!("make room on the disk of {dir}, or name another folder as backup.dir")
        }
        StoreErrorKind::ReadOnly | StoreErrorKind::CannotOpen => {
            format!(
                "see that {dir} is a folder that this user may write, or name another as backup.dir"
            )
        }
        _ => return unusable(error, folder.database()),
    };
    CliError::because(Exit::Failed, format!("the backup cannot be made: {}", error.text)).hint(hint)
}

/// A folder that cannot be read.
pub(crate) fn unreadable(folder: &BackupFolder, error: &StoreError) -> CliError {
    let sentence = format!("cannot read {}: {}", folder.path().display(), error.text);
    CliError::because(Exit::Failed, sentence)
        .hint("run this as the user who owns the database, or name another folder as backup.dir")
}

/// A backup that is of no use.
pub(crate) fn useless(file: &Path, error: &StoreError) -> CliError {
    let sentence = format!("the backup {} is of no use: {}", file.display(), error.text);
    CliError::because(Exit::Failed, sentence).hint("take an older one: `reelbot backup list`")
}

/// `12 people, 40 orders, 90 videos (88 delivered)`.
pub(crate) fn contents(contents: &Contents) -> String {
    let Contents { users, orders, videos, delivered, .. } = *contents;
    let people = if users == 1 { "1 person".to_owned() } else { format!("{users} people") };
    format!(
        "{people}, {}, {} ({delivered} delivered)",
        count(orders, "order"),
        count(videos, "video")
    )
}

/// What the audit found in a backup.
pub(crate) fn findings(findings: &[String]) -> String {
    if findings.is_empty() { "in order".to_owned() } else { findings.join("; ") }
}

/// A backup as JSON.
pub(crate) fn as_json(backup: &Backup) -> Value {
    json!({ "path": backup.path, "manifest": backup.manifest })
}
