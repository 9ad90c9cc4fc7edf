//! The database of a command, and what to do when it cannot be used.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::process::geteuid;

use crate::cli::{
    container,
    context::Context,
    exit::{CliError, Exit},
};
use crate::clock::SystemClock;
use crate::config::{account::Account, load::Loaded};
use crate::store::{
    backup::folder::BackupFolder,
    db::Db,
    error::{StoreError, StoreErrorKind},
    file::Terms,
    lock::expect_own_name,
};

/// Opens the database, creating it if there is none yet: for commands that add to it.
pub(crate) fn open_or_create(loaded: &Loaded) -> Result<Db, CliError> {
    let path = loaded.database()?;
    let opened = expect_own_name(path).and_then(|()| open_current(loaded, path));
    opened.map_err(|error| unusable(&error, path))
}

/// Opens a database that is there: commands that read or change what it holds create none.
pub(crate) fn open(loaded: &Loaded) -> Result<Db, CliError> {
    let path = loaded.database()?;
    // Where even this check fails, the attempt to open explains why.
    if matches!(path.try_exists(), Ok(false)) {
        let sentence = format!("there is no database yet at {}", path.display());
        return Err(CliError::because(Exit::Failed, sentence).hint(
            "`reelbot keys add` or `reelbot migrate` creates it; if it lies elsewhere, \
             name it with --database",
        ));
    }
    let opened = expect_own_name(path).and_then(|()| open_current(loaded, path));
    opened.map_err(|error| unusable(&error, path))
}

fn open_current(loaded: &Loaded, path: &Path) -> Result<Db, StoreError> {
    let terms = Terms::as_is(loaded.config.database.checkpoints);
    let db = Db::open_with(path, Arc::new(SystemClock), Arc::default(), terms)?;
    let language = loaded.config.telegram.language;
    db.answer_in(move || language);
    Ok(db)
}

/// Where the backups of the database are.
pub(crate) fn backups(loaded: &Loaded) -> Result<BackupFolder, CliError> {
    Ok(BackupFolder::new(loaded.database()?, &loaded.config.backup.dir))
}

/// Opens a database that is there, by the config of the context.
pub(crate) fn open_from(context: &Context) -> Result<Db, CliError> {
    open(&context.load_for_database()?)
}

/// A failure of a database that could not be opened or migrated.
pub(crate) fn unusable(error: &StoreError, path: &Path) -> CliError {
    let named = format!("{}: ", path.display());
    let text = error.text.strip_prefix(&named).unwrap_or(&error.text);
    // The system's number adds nothing to its text.
    let text = text.split(" (os error").next().unwrap_or(text);
    let sentence = format!("cannot use the database {}: {text}", path.display());
    let hint = match error.kind {
        StoreErrorKind::ReadOnly | StoreErrorKind::CannotOpen => {
            container::hint(&folder_of(path)).unwrap_or_else(|| access_hint(path))
        }
        StoreErrorKind::Full => format!("make room on the disk of {}", folder_of(path).display()),
        kind => hint(kind).to_owned(),
    };
    CliError::because(exit(error.kind), sentence).hint(hint)
}

/// A failure of a database that was open.
impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let sentence = format!("the database failed: {}", error.text);
        Self::because(exit(error.kind), sentence).hint(hint(error.kind))
    }
}

fn exit(kind: StoreErrorKind) -> Exit {
    match kind {
        StoreErrorKind::Locked | StoreErrorKind::Moved | StoreErrorKind::Busy => Exit::Busy,
        StoreErrorKind::TooOld | StoreErrorKind::Foreign => Exit::Config,
        StoreErrorKind::Full
        | StoreErrorKind::ReadOnly
        | StoreErrorKind::Corrupt
        | StoreErrorKind::CannotOpen
        | StoreErrorKind::TooNew
        | StoreErrorKind::LostClaim
        | StoreErrorKind::Other => Exit::Failed,
    }
}

fn hint(kind: StoreErrorKind) -> &'static str {
    match kind {
        StoreErrorKind::Busy => {
            "a backup or an open sqlite3 shell may hold it; try again when it is done"
        }
        StoreErrorKind::Full => "make room on its disk",
        StoreErrorKind::ReadOnly | StoreErrorKind::CannotOpen => {
            "run this as the user who owns the database and its folder"
        }
        StoreErrorKind::Corrupt => {
            "put the file aside and restore a backup, or name another database with --database"
        }
        StoreErrorKind::Foreign => {
            "name another place with --database; nothing was changed in this one"
        }
        StoreErrorKind::TooNew => {
            "a newer reelbot wrote it: update this one, or name another database with --database"
        }
        StoreErrorKind::TooOld => {
            "`reelbot migrate` brings it up to date, after a copy beside it; stop the bot before"
        }
        StoreErrorKind::Locked => "stop that run first, or name another database with --database",
        StoreErrorKind::Moved => {
            "see to it that the right file is at that path, then start again; what came last is in \
             the file that was there before"
        }
        StoreErrorKind::LostClaim | StoreErrorKind::Other => {
            "try again; if it stays so, look into the log with RUST_LOG=debug"
        }
    }
}

/// What keeps a file from being opened: another thing at its path, its owner, or its disk.
fn access_hint(path: &Path) -> String {
    let place = if path.exists() { path.to_owned() } else { folder_of(path) };
    let Ok(found) = fs::metadata(&place) else {
        return format!("check that {} can be reached", place.display());
    };
    let wants_file = place == path;
    let place = place.display();
    let owner = Account::owning(&found);
    let folder = fs::metadata(folder_of(path)).ok().filter(|_| wants_file);
    let folder = folder.as_ref().map(Account::owning);
    match geteuid().as_raw() {
        _ if wants_file && found.is_dir() => format!("{place} is a folder; name a file in it"),
        _ if !wants_file && !found.is_dir() => {
            format!("{place} is a file, not a folder; name another place")
        }
        uid if uid != found.uid() && uid != 0 => match folder.filter(|folder| folder.uid == uid) {
            // Another program of root's has made it in the folder of the bot.
            Some(own) => format!(
                "{place} belongs to {}: type `sudo chown {}: {place}*`",
                owner.name, own.name
            ),
            None => format!("{place} belongs to {0}: type `sudo -u {0} reelbot …`", owner.name),
        },
        _ => format!("check the modes of {place} and its folder, and that the disk can be written"),
    }
}

/// The nearest thing that exists above a file.
fn folder_of(path: &Path) -> PathBuf {
    let above = path.ancestors().skip(1).find(|folder| folder.exists());
    above.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: StoreErrorKind) -> (Exit, String, String) {
        let path = Path::new("/data/reelbot.db");
        let failed = unusable(&StoreError::new(kind, "/data/reelbot.db: so it is"), path);
        (failed.exit, failed.error.to_string(), failed.hint.unwrap())
    }

    #[test]
    fn each_kind_of_error_has_its_exit_code_and_a_hint() {
        for (kind, code, word) in [
            (StoreErrorKind::Busy, Exit::Busy, "try again"),
            (StoreErrorKind::Locked, Exit::Busy, "stop that run"),
            (StoreErrorKind::Moved, Exit::Busy, "start again"),
            (StoreErrorKind::TooNew, Exit::Failed, "update"),
            (StoreErrorKind::Foreign, Exit::Config, "--database"),
            (StoreErrorKind::Corrupt, Exit::Failed, "backup"),
            (StoreErrorKind::Full, Exit::Failed, "make room on the disk of /"),
            (StoreErrorKind::ReadOnly, Exit::Failed, "/"),
            (StoreErrorKind::CannotOpen, Exit::Failed, "/"),
        ] {
            let (exit, error, hint) = failure(kind);
            assert_eq!(exit, code, "{kind:?}");
            assert_eq!(error, "cannot use the database /data/reelbot.db: so it is");
            assert!(hint.contains(word), "{kind:?}: {hint}");
        }
    }

    #[test]
    fn the_nearest_folder_that_exists_is_named() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(folder_of(&dir.path().join("a/b/reelbot.db")), dir.path());
        assert_eq!(folder_of(Path::new("reelbot.db")), Path::new("."));
    }
}
