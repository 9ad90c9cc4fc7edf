//! The folder of the backups: their names, and which there are.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, ErrorKind, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

use crate::domain::time::Timestamp;
use crate::store::{
    backup::manifest::{Manifest, Reason},
    place::canonical,
};

/// What the name of an unfinished file begins and ends with. Nobody else's does.
const PREFIX: &str = ".reelbot-";
const PART: &str = ".part";

/// The ends of what a copy or a restore leaves behind when it is killed.
const ENDS: [&str; 2] = [PART, ".part-journal"];

/// What the name of a folder for a restore begins with.
pub(crate) const RESTORE: &str = ".reelbot-restore-";

/// A finished backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// What is known of it.
    pub manifest: Manifest,
}

impl Backup {
    /// Where the manifest of a file is.
    pub(super) fn manifest_of(file: &Path) -> PathBuf {
        file.with_extension("json")
    }

    /// The backup of which this is the file, if it has a manifest that can be read.
    pub(crate) fn at(file: &Path) -> Option<Self> {
        let text = fs::read_to_string(Self::manifest_of(file)).ok()?;
        let manifest: Manifest = serde_json::from_str(&text).ok()?;
        let is_its_own = file.file_name().is_some_and(|name| name == manifest.file.as_str());
        is_its_own.then(|| Self { path: file.to_owned(), manifest })
    }

    /// Removes it: first its manifest, so that nobody takes half of it for a whole.
    pub(crate) fn remove(&self) -> io::Result<()> {
        fs::remove_file(Self::manifest_of(&self.path))?;
        fs::remove_file(&self.path)
    }
}

/// Where the backups of a database are.
#[derive(Clone, Debug)]
pub struct BackupFolder {
    database: PathBuf,
    dir: PathBuf,
    /// Whether it lies beside the database, which may have been moved along with it.
    is_beside: bool,
}

impl BackupFolder {
    /// The folder `dir`, or where that is empty `backups` beside the database.
    pub fn new(database: &Path, dir: &Path) -> Self {
        let is_named = !dir.as_os_str().is_empty();
        let dir = if is_named { dir.to_owned() } else { database.with_file_name("backups") };
        let whole = || std::path::absolute(database).unwrap_or_else(|_| database.to_owned());
        let database = canonical(database).unwrap_or_else(|_| whole());
        Self { database, dir, is_beside: !is_named }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// The database.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// The finished backups in it, the oldest first; none where there is no folder.
    pub fn list(&self) -> io::Result<Vec<Backup>> {
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
        let files = paths.filter(|path| path.extension().is_some_and(|end| end == "db"));
        let mut backups: Vec<Backup> = files.filter_map(|file| Backup::at(&file)).collect();
        backups.sort_by(|a, b| {
            // Of one second, the later have a number at their end.
            let length = |backup: &Backup| backup.path.as_os_str().len();
            let key =
                |backup: &Backup| (backup.manifest.made_at, length(backup), backup.path.clone());
            key(a).cmp(&key(b))
        });
        Ok(backups)
    }

    /// Those of this database: two bots may share a folder.
    pub fn own(&self) -> io::Result<Vec<Backup>> {
        let mut backups = self.list()?;
        let name = self.database.file_name();
        backups.retain(|Backup { manifest, .. }| {
            let is_of_that_name = manifest.database.file_name() == name;
            manifest.database == self.database || (self.is_beside && is_of_that_name)
        });
        Ok(backups)
    }

    /// The newest of the daily ones. One that was made by a clock which ran ahead says nothing.
    pub(crate) fn newest_daily(&self, now: Timestamp) -> io::Result<Option<Backup>> {
        let is_daily = |Backup { manifest, .. }: &Backup| {
            manifest.reason == Reason::Daily && manifest.made_at <= now
        };
        Ok(self.own()?.into_iter().rfind(is_daily))
    }

    /// Makes the folder, for its owner alone, where there is none.
    pub(super) fn create(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)
    }

    /// A new empty file in it, private, which goes when it is dropped.
    pub(super) fn part(&self) -> io::Result<NamedTempFile> {
        Builder::new().prefix(PREFIX).suffix(PART).tempfile_in(&self.dir)
    }

    /// Removes what an earlier process left unfinished. No other may be at work.
    pub(crate) fn sweep(&self, older_than: std::time::Duration) -> io::Result<()> {
        for entry in fs::read_dir(&self.dir)?.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_part = name.starts_with(PREFIX) && ENDS.iter().any(|end| name.ends_with(end));
            let age = entry.metadata().and_then(|file| file.modified());
            let age = age.ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
            if is_part && age >= older_than {
                let is_folder = entry.file_type()?.is_dir();
                let remove = if is_folder { fs::remove_dir_all } else { fs::remove_file };
                remove(entry.path())?;
            }
        }
        Ok(())
    }

    /// A name that no backup has: `reelbot-20261126T041000Z-daily.db`.
    pub(super) fn free_name(&self, made_at: Timestamp, reason: Reason) -> PathBuf {
        let stem = self.database.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let time = made_at.to_string().replace(['-', ':'], "");
        let name = format!("{}-{time}-{}", stem.unwrap_or_default(), reason.word());
        let names = (1_u32..).map(|number| match number {
            1 => self.dir.join(format!("{name}.db")),
            _ => self.dir.join(format!("{name}-{number}.db")),
        });
        let is_free = |path: &PathBuf| !path.exists() && !Backup::manifest_of(path).exists();
        names.into_iter().find(is_free).expect("the numbers do not end")
    }

    /// Puts a finished file at its place and writes its manifest, each whole on the disk before
    /// the next.
    pub(super) fn place(&self, file: NamedTempFile, manifest: Manifest) -> io::Result<Backup> {
        let path = self.dir.join(&manifest.file);
        file.as_file().sync_all()?;
        file.persist_noclobber(&path)?;
        self.sync()?;
        let mut part = self.part()?;
        part.write_all(&serde_json::to_vec_pretty(&manifest)?)?;
        part.write_all(b"\n")?;
        part.as_file().sync_all()?;
        part.persist(Backup::manifest_of(&path))?;
        self.sync()?;
        Ok(Backup { path, manifest })
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.dir)?.sync_all()
    }
}
