//! One `run` for each database, by two locks that are held while the process lives: on a lock file
//! beside it, and on the database itself, which may have another name elsewhere.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::domain::time::Timestamp;
use crate::store::{
    error::{StoreError, StoreErrorKind},
    identity::expect_no_foreign,
    place::{beside, canonical, is_at},
};

/// Creates the folder of a database, for its owner alone: keys and people's
/// texts are in it. A folder that is already there keeps its mode.
pub(crate) fn create_folder(database: &Path) -> std::io::Result<()> {
    match database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => DirBuilder::new().recursive(true).mode(0o700).create(folder),
        None => Ok(()),
    }
}

/// Opens the file of a database, or creates it, for its owner alone. When any such file is closed,
/// SQLite's own locks on the database are gone from the process: close it before SQLite
/// has opened the database, or after it has closed it.
pub(super) fn open_private(database: &Path) -> std::io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(database)
}

/// The right to run on a database. The system takes it back when the process
/// ends, however it ends.
#[derive(Debug)]
pub struct RunLock {
    /// The lock file.
    path: PathBuf,
    /// Who holds it, for people.
    holder: String,
    file: Mutex<File>,
    _database: Option<File>,
}

impl RunLock {
    /// Takes the lock, or says which process holds it. Whatever link leads to the database, its
    /// lock is the same.
    pub fn take(database: &Path, now: Timestamp) -> Result<Self, StoreError> {
        create_folder(database).map_err(|error| named(database, error))?;
        let target = canonical(database).map_err(|error| named(database, error))?;
        if target.is_dir() {
            return Err(StoreError::new(StoreErrorKind::CannotOpen, "it is a folder"));
        }
        // Nothing is made beside another program's; what is damaged may yet be restored.
        match expect_no_foreign(&target) {
            Err(error) if error.kind == StoreErrorKind::Foreign => return Err(error),
            _ => {}
        }
        let path = beside(&target, ".lock");
        let mut file = lock_file(&path, database)?;
        let database_file = lock_database(&target, || held(&mut file, database))?;
        let holder = format!("process {} since {now}", std::process::id());
        sign(&mut file, &holder).map_err(|error| named(&path, error))?;
        Ok(Self { path, holder, file: Mutex::new(file), _database: database_file })
    }

    /// Makes the lock file anew where somebody has removed it. The lock on the database holds
    /// meanwhile.
    pub(crate) fn renew(&self) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if is_at(&file, &self.path).unwrap_or(true) {
            return;
        }
        let renewed = lock_file(&self.path, &self.path).and_then(|mut new| {
            sign(&mut new, &self.holder)?;
            Ok(new)
        });
        match renewed {
            Ok(new) => {
                *file = new;
                tracing::warn!("the lock file was removed; it is made anew");
            }
            // A second run may just have found that it may not run.
            Err(error) => tracing::warn!(%error, "the lock file was removed; no new one yet"),
        }
    }
}

fn lock_file(path: &Path, database: &Path) -> Result<File, StoreError> {
    loop {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(|error| named(path, error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&mut file, database)),
            Err(TryLockError::Error(error)) => return Err(named(path, error)),
        }
        // It may have been removed before it was locked: then another run makes its own.
        if is_at(&file, path).map_err(|error| named(path, error))? {
            return Ok(file);
        }
    }
}

/// Locks the database itself: a hard link to it, or a mount of it at another place, has another lock
/// file. On Linux's own file systems this lock and those of SQLite do not meet; elsewhere they are
/// of one kind, and SQLite's would never be free.
fn lock_database(
    database: &Path,
    held: impl FnOnce() -> StoreError,
) -> Result<Option<File>, StoreError> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let file = open_private(database).map_err(|error| named(database, error))?;
    if is_remote(&file) {
        return Ok(None);
    }
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(held()),
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "the file system has no lock for the database itself");
            Ok(None)
        }
    }
}

/// Fails when a run works on this database under another name, as a hard link gives it: SQLite keeps
/// what is written last beside the name, so what is written here the run would never see.
pub(crate) fn expect_own_name(database: &Path) -> Result<(), StoreError> {
    let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
    let is_locked = |path: &Path| {
        let Ok(file) = fs::metadata(path) else { return false };
        let (major, minor) = device(file.dev());
        has_lock(&locks, &format!("{major:02x}:{minor:02x}:{}", file.ino()))
    };
    // A path that cannot be followed is for the attempt to open it to explain.
    let Ok(target) = canonical(database) else { return Ok(()) };
    if !is_locked(&target) || is_locked(&beside(&target, ".lock")) {
        return Ok(());
    }
    let text = format!("{} has another name, by which a run uses it", database.display());
    Err(StoreError::new(StoreErrorKind::Locked, text))
}

/// Whether Linux's table of locks has one of `flock` on a file, by device and inode.
fn has_lock(locks: &str, file: &str) -> bool {
    locks.lines().any(|line| line.contains(" FLOCK ") && line.split(' ').any(|part| part == file))
}

/// The two numbers of a device.
fn device(device: u64) -> (u64, u64) {
    let major = (device >> 8 & 0xFFF) | (device >> 32 & !0xFFF);
    let minor = (device & 0xFF) | (device >> 12 & !0xFF);
    (major, minor)
}

/// Whether a file is on another machine, by Linux's table of mounts.
fn is_remote(file: &File) -> bool {
    let Ok((major, minor)) = file.metadata().map(|file| device(file.dev())) else { return false };
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    is_remote_mount(&mounts, &format!("{major}:{minor}"))
}

fn is_remote_mount(mounts: &str, device: &str) -> bool {
    mounts.lines().any(|line| {
        let kind = line.split_once(" - ").and_then(|(_, rest)| rest.split(' ').next());
        let is_it = line.split(' ').nth(2) == Some(device);
        is_it
            && kind.is_some_and(|kind| {
                ["nfs", "cifs", "smb", "9p"].iter().any(|k| kind.starts_with(k))
            })
    })
}

/// Writes into a lock file who holds it.
fn sign(file: &mut File, holder: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(holder.as_bytes())
}

fn held(file: &mut File, database: &Path) -> StoreError {
    let mut holder = String::new();
    // Whoever holds it may not have written its name yet.
    let _ = file.take(200).read_to_string(&mut holder);
    let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
    let text = format!("{} is in use: {holder} runs on it", database.display());
    StoreError::new(StoreErrorKind::Locked, text)
}

fn named(path: &Path, error: std::io::Error) -> StoreError {
    let plain = StoreError::from(error);
    StoreError::new(plain.kind, format!("{}: {}", path.display(), plain.text))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn take(database: &Path) -> Result<RunLock, StoreErrorKind> {
        RunLock::take(database, Timestamp(0)).map_err(|error| error.kind)
    }

    #[test]
    fn whatever_a_database_is_called_there_is_one_lock_on_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let database = at("data/r.db");
        symlink("data", at("folder")).unwrap();
        symlink("data/r.db", at("link.db")).unwrap();
        let lock = take(&database).unwrap();
        fs::hard_link(&database, at("hard.db")).unwrap();
        let names = ["data/r.db", "folder/r.db", "link.db", "hard.db", "data/../link.db"];
        for name in names {
            assert_eq!(take(&at(name)).err(), Some(StoreErrorKind::Locked), "{name}");
        }
        drop(lock);
        for name in names {
            let lock = take(&at(name)).unwrap();
            assert_eq!(take(&database).err(), Some(StoreErrorKind::Locked), "{name}");
            drop(lock);
        }
    }

    #[test]
    fn a_lock_file_that_is_removed_is_made_anew_and_the_lock_holds() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("r.db");
        let lock_file = beside(&database, ".lock");
        let lock = take(&database).unwrap();
        for _ in 0..2 {
            fs::remove_file(&lock_file).unwrap();
            assert_eq!(take(&database).err(), Some(StoreErrorKind::Locked));
            lock.renew();
            let error = RunLock::take(&database, Timestamp(0)).unwrap_err();
            assert!(error.text.contains(&format!("process {}", std::process::id())), "{error}");
        }
    }

    #[test]
    fn a_command_uses_the_name_that_the_run_uses() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        expect_own_name(&at("r.db")).unwrap();
        let lock = take(&at("r.db")).unwrap();
        symlink("r.db", at("link.db")).unwrap();
        fs::hard_link(at("r.db"), at("hard.db")).unwrap();
        let refused = |name: &str| expect_own_name(&at(name)).err().map(|error| error.kind);
        // Where the table of locks names another device than the file has, nothing is known.
        let locks = fs::read_to_string("/proc/locks").unwrap_or_default();
        let file = fs::metadata(at("r.db")).unwrap();
        let (major, minor) = device(file.dev());
        let is_told = has_lock(&locks, &format!("{major:02x}:{minor:02x}:{}", file.ino()));
        assert_eq!((refused("r.db"), refused("link.db")), (None, None));
        assert_eq!(refused("hard.db"), is_told.then_some(StoreErrorKind::Locked));
        drop(lock);
        assert_eq!(refused("hard.db"), None);
    }

    #[test]
    fn a_folder_is_no_database_and_gets_no_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        assert_eq!(take(&inner).err(), Some(StoreErrorKind::CannotOpen));
        assert_eq!(take(&inner.join(".")).err(), Some(StoreErrorKind::CannotOpen));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_mount_from_another_machine_is_known_by_its_kind() {
        let mounts = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
                      90 21 0:53 / /srv rw shared:30 - nfs4 host:/srv rw,vers=4.2\n";
        assert!(is_remote_mount(mounts, "0:53"));
        assert!(!is_remote_mount(mounts, "8:1"));
        assert!(!is_remote_mount("", "8:1"));
    }
}
