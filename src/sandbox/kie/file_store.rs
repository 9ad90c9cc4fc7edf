//! Uploaded photos and finished videos, in memory. Equal bytes are kept once.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
    time::Duration,
};

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::domain::time::Timestamp;
use crate::sandbox::kie::outcome::FileFault;

/// How long a file is kept: longer than its address is valid.
const KEPT: Duration = Duration::from_hours(14 * 24);
/// How long the address of a file is valid.
const LIFE: Duration = Duration::from_hours(24);
/// How long a temporary download link is valid.
const LINK: Duration = Duration::from_mins(20);

/// A file.
#[derive(Clone, Debug)]
pub struct HostedFile {
    /// What was stored.
    pub bytes: Bytes,
    /// A video's label, which is served after the bytes. It is apart, so that equal videos are
    /// kept once.
    pub label: Bytes,
    /// The SHA-256 of what was stored, in hexadecimal.
    pub hash: String,
    /// Its Content-Type, by its name.
    pub mime: &'static str,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// A fault of its next downloads, and of how many.
    pub fault: Option<(FileFault, u32)>,
}

impl HostedFile {
    /// All that is served.
    pub fn whole(&self) -> Bytes {
        if self.label.is_empty() {
            return self.bytes.clone();
        }
        [&self.bytes[..], &self.label[..]].concat().into()
    }
}

/// All files, by path.
#[derive(Debug, Default)]
pub struct FileStore {
    files: HashMap<String, HostedFile>,
    blobs: HashMap<String, Bytes>,
    links: HashMap<String, (String, Timestamp)>,
    clean_up_at: usize,
}

impl FileStore {
    /// Stores a file at a path, in place of an older one, and returns it.
    pub fn store(&mut self, path: &str, bytes: Bytes, now: Timestamp) -> HostedFile {
        let hash = hash(&bytes);
        let bytes = self.blobs.entry(hash.clone()).or_insert(bytes).clone();
        let (label, mime) = (Bytes::new(), mime(path));
        let file = HostedFile { bytes, label, hash, mime, stored_at: now, fault: None };
        self.files.insert(path.to_owned(), file.clone());
        if self.files.len() > self.clean_up_at {
            self.remove_expired(now);
        }
        file
    }

    /// Gives a file a label.
    pub fn set_label(&mut self, path: &str, label: Bytes) {
        if let Some(file) = self.files.get_mut(path) {
            file.label = label;
        }
    }

    /// Sets the fault of the next downloads of a file.
    pub fn set_fault(&mut self, path: &str, fault: Option<(FileFault, u32)>) {
        if let Some(file) = self.files.get_mut(path) {
            file.fault = fault;
        }
    }

    /// The file at a path or behind a temporary link, unless the address has expired.
    pub fn get(&mut self, path: &str, now: Timestamp) -> Option<&mut HostedFile> {
        if let Some((path, until)) = self.links.get(path) {
            return self.files.get_mut(path).filter(|_| now < *until);
        }
        self.files.get_mut(path).filter(|file| now.since(file.stored_at) < LIFE)
    }

    /// A new link to a file, also when its own address has expired.
    pub fn new_link(&mut self, path: &str, now: Timestamp) -> Option<String> {
        let file = self.files.get(path).filter(|file| now.since(file.stored_at) < KEPT)?;
        let name = path.rsplit('/').next().unwrap_or_default();
        let link = format!("/files/t/{}-{}/{name}", &file.hash[..12], self.links.len());
        self.links.insert(link.clone(), (path.to_owned(), now + LINK));
        Some(link)
    }

    fn remove_expired(&mut self, now: Timestamp) {
        self.files.retain(|_, file| now.since(file.stored_at) < KEPT);
        self.links.retain(|_, (_, until)| now < *until);
        let used: HashSet<&str> = self.files.values().map(|file| file.hash.as_str()).collect();
        self.blobs.retain(|hash, _| used.contains(hash.as_str()));
        self.clean_up_at = 2 * self.files.len() + 100;
    }
}

/// The path in an address of the file host.
pub(crate) fn path_of(url: &str) -> Option<&str> {
    let path = &url[url.find("/files/")?..];
    path.split('?').next()
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The media type by a file's name: KIE never looks into the file.
pub(crate) fn mime(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "mp4" => "video/mp4",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_expires_before_its_file_and_a_link_after_twenty_minutes() {
        let mut files = FileStore::default();
        files.store("/files/a.mp4", Bytes::from_static(b"abc"), Timestamp(0));
        assert_eq!(files.get("/files/a.mp4", Timestamp(1)).unwrap().mime, "video/mp4");
        let later = Timestamp(0) + LIFE;
        assert!(files.get("/files/a.mp4", later).is_none());
        let link = files.new_link("/files/a.mp4", later).unwrap();
        assert!(files.get(&link, later).is_some());
        assert!(files.get(&link, later + LINK).is_none());
        assert!(files.new_link("/files/b.mp4", later).is_none());
    }
}
