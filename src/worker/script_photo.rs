//! The photo of a script: checked before any credit moves, and shown to a writer that sees.

use std::cell::OnceCell;

use tempfile::NamedTempFile;

use crate::domain::{
    brief::SmallPhoto,
    id::PhotoId,
    photo::PhotoFault,
    ports::{FetchError, PhotoSource},
};
use crate::store::{db::Db, error::StoreError, photos, scratch::Scratch};
use crate::worker::{
    inspect::inspect,
    picture::{sides, small},
};

/// A photo that is fetched when it is first needed, and then once.
pub(super) struct ScriptPhoto<'a> {
    db: &'a Db,
    source: &'a dyn PhotoSource,
    scratch: &'a Scratch,
    photo: PhotoId,
    file: OnceCell<Option<Result<NamedTempFile, FetchError>>>,
}

impl<'a> ScriptPhoto<'a> {
    /// This photo, not fetched yet.
    pub(super) fn new(
        db: &'a Db,
        source: &'a dyn PhotoSource,
        scratch: &'a Scratch,
        photo: PhotoId,
    ) -> Self {
        Self { db, source, scratch, photo, file: OnceCell::new() }
    }

    /// What is wrong with its bytes. Where it cannot be fetched just now, the submission checks it.
    pub(super) fn fault(&self) -> Result<Option<PhotoFault>, StoreError> {
        let photo = self.photo;
        let (file_id, checked) = self.db.read(|view| photos::file(view, photo))?;
        let Some(file_id) = file_id else { return Ok(Some(PhotoFault::Gone)) };
        if checked {
            return Ok(None);
        }
        let file = match self.file(&file_id) {
            Some(Ok(file)) => file,
            Some(Err(FetchError::TooLarge)) => return Ok(Some(PhotoFault::TooLarge)),
            Some(Err(FetchError::Gone(_))) => return Ok(Some(PhotoFault::Gone)),
            Some(Err(
                FetchError::Unavailable(_)
                | FetchError::OutOfReach(_)
                | FetchError::Temporary(_)
                | FetchError::Disk(_),
            ))
            | None => return Ok(None),
        };
        match inspect(file.path()) {
            Ok(Err(fault)) => Ok(Some(fault)),
            Ok(Ok(_)) => {
                let sides = sides(file.path()).ok();
                // It only spares the next check, so there is no reason to retry.
                let _ = self.db.write(move |tx| {
                    sides.map_or(Ok(()), |sides| photos::set_sides(tx, photo, sides))?;
                    photos::mark_checked(tx, photo)
                });
                Ok(None)
            }
            Err(_) => Ok(None),
        }
    }

    /// The photo for a writer that sees; nothing where it cannot be had or decoded just now: then
    /// the writer does without.
    pub(super) fn small(&self) -> Result<Option<SmallPhoto>, StoreError> {
        let (file_id, _) = self.db.read(|view| photos::file(view, self.photo))?;
        let Some(Ok(file)) = file_id.as_deref().and_then(|id| self.file(id)) else {
            return Ok(None);
        };
        let small = small(file.path());
        if let Err(error) = &small {
            tracing::debug!(photo.id = self.photo.0, %error, "the photo is not shown to GPT");
        }
        Ok(small.ok())
    }

    fn file(&self, file_id: &str) -> Option<&Result<NamedTempFile, FetchError>> {
        let fetch = || {
            let file = self.scratch.file().ok()?;
            Some(self.source.fetch(file_id, file.path()).map(|()| file))
        };
        self.file.get_or_init(fetch).as_ref()
    }
}
