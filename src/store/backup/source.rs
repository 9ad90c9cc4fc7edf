//! The files of a backup, open: what is checked is what is copied, whoever may read them by then.

use std::{
    fs::File,
    io::{self, ErrorKind, Seek, Write},
    path::{Path, PathBuf},
};

use crate::store::{
    backup::{draft::checksum, folder::Backup, manifest::Manifest},
    error::{StoreError, StoreErrorKind},
    place::beside,
};

/// A backup, or any copy of a database with the log that lies beside it.
#[derive(Debug)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    file: File,
    log: Option<File>,
    manifest: Option<Manifest>,
}

impl Source {
    /// Opens the files.
    pub fn open(path: &Path) -> io::Result<Self> {
        let log = match File::open(beside(path, "-wal")) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            log => Some(log?),
        };
        let manifest = Backup::at(path).map(|backup| backup.manifest);
        Ok(Self { path: path.to_owned(), file: File::open(path)?, log, manifest })
    }

    /// Whether the secrets of the keys are in it, as far as its manifest tells.
    pub(crate) fn has_keys(&self) -> bool {
        self.manifest.as_ref().is_none_or(|manifest| manifest.with_keys)
    }

    /// Whether there is a checksum to compare it with.
    pub(crate) fn has_checksum(&self) -> bool {
        self.manifest.is_some()
    }

    /// Its length in bytes, without the log.
    pub(crate) fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Fails where the file is not as its manifest says. One without a manifest, such as a copy made
    /// by hand, has nothing to be compared with.
    pub(crate) fn expect_checksum(&self) -> Result<(), StoreError> {
        let Some(manifest) = &self.manifest else { return Ok(()) };
        (&self.file).rewind()?;
        let (bytes, sha256) = checksum(&self.file)?;
        if (bytes, &sha256) == (manifest.bytes, &manifest.sha256) {
            return Ok(());
        }
        let text = "it has changed since it was made: its checksum is not that of its manifest";
        Err(StoreError::new(StoreErrorKind::Corrupt, text))
    }

    /// Copies it, with its log, into new files of the present user.
    pub(crate) fn copy(
        &self,
        to: &Path,
        create: impl Fn(&Path) -> io::Result<File>,
    ) -> io::Result<()> {
        let parts = [(Some(&self.file), ""), (self.log.as_ref(), "-wal")];
        for (part, suffix) in parts {
            let Some(mut part) = part else { continue };
            part.rewind()?;
            let mut copy = create(&beside(to, suffix))?;
            io::copy(&mut part, &mut copy)?;
            copy.flush()?;
            copy.sync_all()?;
        }
        Ok(())
    }
}
