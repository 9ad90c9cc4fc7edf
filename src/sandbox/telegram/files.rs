//! The files of the stand-in, in a temporary directory.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::{TempDir, TempPath};

use crate::sandbox::clip::task_of;

/// The largest file a bot can download: 20 MB (tdsrv `MAX_DOWNLOAD_FILE_SIZE`).
pub(crate) const MAX_DOWNLOAD: u64 = 20 << 20;

/// The largest upload of a bot: 50 MB.
pub(crate) const MAX_UPLOAD: u64 = 50 << 20;

/// The largest photo, as a photo: 10 MB.
pub(crate) const MAX_PHOTO: u64 = 10 << 20;

/// A file that Telegram keeps.
#[derive(Debug)]
pub struct StoredFile {
    /// The id for sending and downloading it.
    pub id: String,
    /// The bot that this id is good for.
    pub bot: i64,
    /// The id that is the same for every bot.
    pub unique_id: String,
    /// Where it is on this machine.
    pub path: PathBuf,
    /// The `file_path` of getFile, such as `photos/file_3.jpg`.
    pub remote: String,
    /// Its name, as the sender gave it.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// The task on its label, if it is a whole clip of KIE's stand-in.
    pub task: Option<String>,
}

/// A file of a request; it is deleted unless it is kept.
#[derive(Debug)]
pub struct Upload {
    /// Where it is.
    pub path: TempPath,
    /// The name that the request gives it.
    pub name: String,
    /// The media type that the request gives it.
    pub mime: Option<String>,
    /// Bytes.
    pub size: u64,
}

/// All files.
#[derive(Debug)]
pub struct Files {
    dir: TempDir,
    /// The bot that gets the ids of new files.
    pub(super) bot: i64,
    all: BTreeMap<String, Arc<StoredFile>>,
    forgets: bool,
}

impl Files {
    /// An empty directory of its own; the ids are for this bot.
    pub fn new(bot: i64) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("reelbot-sandbox-").tempdir()?;
        Ok(Self { dir, bot, all: BTreeMap::new(), forgets: false })
    }

    /// Where it keeps them.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// From now on the bytes of an upload are read to the end, checked and not kept.
    pub fn forget_uploads(&mut self) {
        self.forgets = true;
    }

    /// Keeps bytes under `folder` (`photos`, `videos`, …), which getFile shows.
    pub fn keep(
        &mut self,
        folder: &str,
        name: &str,
        mime: &str,
        bytes: &[u8],
    ) -> io::Result<Arc<StoredFile>> {
        let file = self.plan(folder, name, mime, bytes.len() as u64);
        std::fs::write(&file.path, bytes)?;
        Ok(self.insert(file))
    }

    /// Keeps an upload.
    pub fn adopt(
        &mut self,
        folder: &str,
        mime: &str,
        upload: &Upload,
    ) -> io::Result<Arc<StoredFile>> {
        let planned = self.plan(folder, &upload.name, mime, upload.size);
        let file = StoredFile { task: task_of(&std::fs::read(&upload.path)?), ..planned };
        if !self.forgets {
            // The clean-up of the upload then finds no file, which is no error.
            std::fs::rename(&upload.path, &file.path)?;
        }
        Ok(self.insert(file))
    }

    /// From now on an id stands for the file with another one.
    pub fn replace(&mut self, id: &str, by: &str) {
        if let Some(other) = self.all.get(by).cloned() {
            self.all.insert(id.to_owned(), other);
        }
    }

    /// Another id for the same bytes, for the smaller size of a photo.
    pub fn alias(&mut self, of: &StoredFile) -> Arc<StoredFile> {
        let planned = self.plan("thumbnails", &of.name, &of.mime, of.size);
        self.insert(StoredFile { path: of.path.clone(), ..planned })
    }

    /// The file with this id.
    pub fn by_id(&self, id: &str) -> Option<&Arc<StoredFile>> {
        self.all.get(id)
    }

    /// The file with this `file_path`.
    pub fn by_remote(&self, remote: &str) -> Option<&Arc<StoredFile>> {
        self.all.values().find(|file| file.remote == remote)
    }

    fn plan(&self, folder: &str, name: &str, mime: &str, size: u64) -> StoredFile {
        let number = self.all.len() + 1;
        let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
        let ending = ending.filter(|ending| ending.bytes().all(|b| b.is_ascii_alphanumeric()));
        let usual = match mime {
            "image/jpeg" => "jpg",
            "video/mp4" => "mp4",
            _ => "bin",
        };
        let remote = format!("{folder}/file_{number}.{}", ending.unwrap_or(usual));
        StoredFile {
            id: format!("AgACAgIAAx{}{number:06}", uuid::Uuid::new_v4().simple()),
            bot: self.bot,
            unique_id: format!("AQAD{number:012}"),
            path: self.dir().join(format!("{number}")),
            remote,
            name: name.to_owned(),
            mime: mime.to_owned(),
            size,
            task: None,
        }
    }

    fn insert(&mut self, file: StoredFile) -> Arc<StoredFile> {
        let file = Arc::new(file);
        self.all.insert(file.id.clone(), Arc::clone(&file));
        file
    }
}
