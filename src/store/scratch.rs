//! The scratch folder beside the database, for photos and videos on their way.

use std::{
    fs::DirBuilder,
    io::ErrorKind,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::store::{error::StoreError, place::beside};

/// A folder whose files live no longer than the step that made them. It is on
/// the disk of the database, so that the space for both is watched in one place.
#[derive(Clone, Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes the folder anew, under the run lock: what a killed process left in
    /// it is nobody's.
    pub fn sweep(database: &Path) -> Result<Self, StoreError> {
        let folder = beside(database, ".scratch");
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(Self(folder))
    }

    /// A new empty file, which goes when it is dropped.
    pub fn file(&self) -> std::io::Result<NamedTempFile> {
        NamedTempFile::new_in(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("reelbot.db");
        let scratch = Scratch::sweep(&database).unwrap();
        let (_, left) = scratch.file().unwrap().keep().unwrap();
        assert!(left.exists());
        let again = Scratch::sweep(&database).unwrap();
        assert!(!left.exists());
        assert!(again.file().is_ok());
    }
}
