//! The place of a file: whether what is open is still what is found at its path.

use std::{
    fs::{self, File, Metadata},
    io::{self, ErrorKind},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use crate::store::error::{StoreError, StoreErrorKind};

/// A file beside a database: its name, with this at its end.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What lies at the place of a database before a run opens it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Traces {
    /// The database itself.
    has_database: bool,
    /// What was written to it last.
    has_log: bool,
    /// The mark of an earlier run.
    has_lock: bool,
}

impl Traces {
    /// Looks. Fails where the log of a database is there and the database is not: a new one would
    /// take the place of one that was moved away, and its last changes with it.
    pub(crate) fn of(database: &Path) -> Result<Self, StoreError> {
        let target = canonical(database).unwrap_or_else(|_| database.to_owned());
        let length = |path: &Path| fs::metadata(path).map(|file| file.len()).ok();
        let traces = Self {
            has_database: length(&target).is_some_and(|length| length > 0),
            has_log: length(&beside(&target, "-wal")).is_some_and(|length| length > 0),
            has_lock: length(&beside(&target, ".lock")).is_some(),
        };
        if traces.has_log && !traces.has_database {
            let text = "it is gone, and the log of its last changes (-wal) is still there";
            return Err(StoreError::new(StoreErrorKind::Moved, text));
        }
        Ok(traces)
    }

    /// Logs what the operator may not have meant.
    pub(crate) fn log(self, database: &Path, was_cut_off: bool) {
        let database = database.display();
        if !self.has_database && self.has_lock {
            tracing::warn!(
                %database,
                hint = "if it was moved, stop the bot and put it back",
                "a bot ran here before and its database is gone: a new one is made"
            );
        } else if was_cut_off && !self.has_log {
            tracing::warn!(
                %database,
                hint = "it lies beside the name that the last run used, as -wal: use that name; a copy \
                        that Litestream has restored has none, and lacks nothing",
                "the last run was cut off, and the log of its last changes is not here"
            );
        }
    }
}

/// The most links that a path may lead through, as in Linux.
const MOST_LINKS: usize = 40;

/// Where a path leads, through all links. The file itself need not be there yet.
pub(super) fn canonical(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match path.canonicalize() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            found => return found,
        }
        let name = path.file_name().ok_or(ErrorKind::NotFound)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize()?;
        let file = folder.join(name);
        match fs::read_link(&file) {
            Ok(target) => path = folder.join(target),
            Err(_) => return Ok(file),
        }
    }
    Err(io::Error::other("too many links"))
}

/// Which file something is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    fn of(file: &Metadata) -> Self {
        Self { device: file.dev(), inode: file.ino() }
    }

    /// The file at a path; `None` where there is none.
    fn at(path: &Path) -> io::Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(file) => Ok(Some(Self::of(&file))),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether an open file is the one at a path.
pub(super) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    Ok(FileId::at(path)? == Some(FileId::of(&file.metadata()?)))
}

/// The files of an open database, and where they were when it was opened.
#[derive(Debug)]
pub(crate) struct Place(Vec<(PathBuf, FileId)>);

impl Place {
    /// Of the database that has just been opened at this path: its file, write-ahead log and index
    /// of that.
    pub(crate) fn of(database: &Path) -> io::Result<Self> {
        let target = canonical(database)?;
        let log = ["-wal", "-shm"].map(|suffix| beside(&target, suffix));
        let mut files = Vec::new();
        for path in [database.to_owned()].into_iter().chain(log) {
            if let Some(id) = FileId::at(&path)? {
                files.push((path, id));
            }
        }
        Ok(Self(files))
    }

    /// The length of the write-ahead log, in bytes; 0 where it cannot be looked at.
    pub(super) fn log_size(&self) -> u64 {
        let is_log = |path: &&PathBuf| path.to_string_lossy().ends_with("-wal");
        let log = self.0.iter().map(|(path, _)| path).find(is_log);
        log.and_then(|path| fs::metadata(path).ok()).map_or(0, |log| log.len())
    }

    /// Fails once one of the files has been removed, moved or replaced: what is written from then
    /// on is found by nobody. A path that cannot be looked up just now says nothing.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        for (path, id) in &self.0 {
            let text = match FileId::at(path) {
                Ok(None) => format!("{} was removed while it was open", path.display()),
                Ok(Some(found)) if found != *id => {
                    format!("{} was replaced while it was open", path.display())
                }
                Ok(Some(_)) | Err(_) => continue,
            };
            return Err(StoreError::new(StoreErrorKind::Moved, text));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    type Change = fn(&Path);

    #[test]
    fn a_log_without_its_database_is_no_place_for_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("r.db");
        let traces = Traces::of(&database).unwrap();
        assert!(!traces.has_database && !traces.has_log && !traces.has_lock);
        fs::write(beside(&database, "-wal"), "").unwrap();
        Traces::of(&database).unwrap();
        fs::write(beside(&database, "-wal"), "changes").unwrap();
        assert_eq!(Traces::of(&database).unwrap_err().kind, StoreErrorKind::Moved);
        fs::write(&database, "a database").unwrap();
        fs::write(beside(&database, ".lock"), "").unwrap();
        let traces = Traces::of(&database).unwrap();
        assert!(traces.has_database && traces.has_log && traces.has_lock);
    }

    #[test]
    fn a_file_that_is_removed_moved_or_replaced_is_missed_and_one_that_is_written_is_not() {
        let changes: [(&str, Change, bool); 7] = [
            ("written", |file| fs::write(file, "more").unwrap(), true),
            ("touched by others", |file| fs::write(beside(file, ".v3"), "").unwrap(), true),
            ("removed", |file| fs::remove_file(file).unwrap(), false),
            ("moved", |file| fs::rename(file, beside(file, ".old")).unwrap(), false),
            (
                "replaced",
                |file| {
                    fs::copy(file, beside(file, ".copy")).unwrap();
                    fs::rename(beside(file, ".copy"), file).unwrap();
                },
                false,
            ),
            ("without its log", |file| fs::remove_file(beside(file, "-wal")).unwrap(), false),
            (
                "without its folder",
                |file| {
                    let folder = file.parent().unwrap();
                    fs::rename(folder, folder.with_file_name("moved")).unwrap();
                },
                false,
            ),
        ];
        for (what, change, stays) in changes {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("data/reelbot.db");
            fs::create_dir(file.parent().unwrap()).unwrap();
            for suffix in ["", "-wal", "-shm"] {
                fs::write(beside(&file, suffix), "").unwrap();
            }
            let link = folder.path().join("link.db");
            symlink(&file, &link).unwrap();
            let places = [&file, &link].map(|path| Place::of(path).unwrap());
            change(&file);
            for place in places {
                let checked = place.check().map_err(|error| error.kind);
                assert_eq!(checked.is_ok(), stays, "{what}: {checked:?}");
            }
        }
    }

    #[test]
    fn a_link_that_leads_elsewhere_is_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let [one, two, link] = ["one", "two", "link"].map(|name| folder.path().join(name));
        fs::write(&one, "").unwrap();
        fs::write(&two, "").unwrap();
        symlink(&one, &link).unwrap();
        let place = Place::of(&link).unwrap();
        fs::remove_file(&link).unwrap();
        symlink(&two, &link).unwrap();
        assert_eq!(place.check().unwrap_err().kind, StoreErrorKind::Moved);
    }

    #[test]
    fn a_path_leads_to_its_file_whether_that_is_there_or_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir(root.join("data")).unwrap();
        symlink("data", root.join("folder")).unwrap();
        symlink("data/a.db", root.join("link.db")).unwrap();
        symlink("../link.db", root.join("data/link.db")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        for _ in 0..2 {
            for path in ["data/a.db", "folder/a.db", "link.db", "folder/link.db", "data/../link.db"]
            {
                assert_eq!(canonical(&root.join(path)).unwrap(), root.join("data/a.db"), "{path}");
            }
            fs::write(root.join("data/a.db"), "").unwrap();
        }
        assert!(canonical(&root.join("loop")).is_err());
        assert!(canonical(&root.join("none/a.db")).is_err());
    }
}
