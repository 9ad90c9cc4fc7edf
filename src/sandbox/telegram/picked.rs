//! Files that a person picks together. As in every client photos and videos make albums, documents
//! make others, and none has more than ten.

use std::io;

use serde_json::json;

use crate::domain::photo::PhotoFormat;
use crate::sandbox::telegram::{
    attachments::{document, new_album},
    files::MAX_PHOTO,
    message::{Media, MediaKind},
    person::Person,
};

/// The most messages of an album.
const LARGEST_ALBUM: usize = 10;

/// The longest side to the shorter, and both together in pixels, of what clients send as a photo.
const STEEPEST: usize = 20;
const MOST_PIXELS: usize = 10_000;

/// A file, and what is written under it.
#[derive(Clone, Debug, Default)]
pub struct PickedFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The caption; empty: none.
    pub caption: String,
}

/// How picked files are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// A picture as a photo, an MP4 as a video, all else as a document.
    Media,
    /// Everything as a document: "without compression".
    Files,
}

impl Person {
    /// They send what they picked. Fails when the disk fails.
    pub fn sends_picked(&self, files: &[PickedFile], packing: Packing) -> io::Result<()> {
        let kind = |file: &PickedFile| match packing {
            Packing::Media => kind(&file.bytes),
            Packing::Files => MediaKind::Document,
        };
        let (documents, shown): (Vec<_>, Vec<_>) =
            files.iter().partition(|file| kind(file) == MediaKind::Document);
        for album in [shown, documents].iter().flat_map(|group| group.chunks(LARGEST_ALBUM)) {
            let id = (album.len() > 1).then(new_album);
            for file in album {
                self.sends_one(file, kind(file), id.clone())?;
            }
        }
        Ok(())
    }

    fn sends_one(
        &self,
        file: &PickedFile,
        kind: MediaKind,
        album: Option<String>,
    ) -> io::Result<()> {
        let PickedFile { name, mime, bytes, caption } = file;
        if kind == MediaKind::Photo {
            return self.sends_picture(bytes, caption, album).map(drop);
        }
        let (folder, mime) = match kind {
            MediaKind::Video => ("videos", "video/mp4"),
            _ => ("documents", mime.as_str()),
        };
        let kept = self.telegram.change(|state| state.files.keep(folder, name, mime, bytes))?;
        let media = match kind {
            MediaKind::Video => {
                let Film { seconds, size } = Film::read(bytes);
                let json = json!({"file_id": kept.id, "file_unique_id": kept.unique_id,
                    "width": size.0, "height": size.1, "duration": seconds,
                    "mime_type": kept.mime, "file_name": kept.name, "file_size": kept.size});
                Media { kind, file: kept, thumbnail: None, size, json }
            }
            _ => document(kept),
        };
        self.post_media(media, caption, album);
        Ok(())
    }
}

/// What a client makes of a file.
fn kind(bytes: &[u8]) -> MediaKind {
    if bytes.get(4..8) == Some(b"ftyp") {
        return MediaKind::Video;
    }
    let suits = imagesize::blob_size(bytes).is_ok_and(|size| {
        let (longer, shorter) = (size.width.max(size.height), size.width.min(size.height));
        shorter > 0 && longer <= STEEPEST * shorter && longer + shorter <= MOST_PIXELS
    });
    let is_picture = suits && PhotoFormat::from_magic(bytes).is_some();
    if is_picture && bytes.len() as u64 <= MAX_PHOTO {
        MediaKind::Photo
    } else {
        MediaKind::Document
    }
}

/// What a client says of a video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Film {
    seconds: u32,
    /// Pixels.
    size: (u32, u32),
}

impl Film {
    /// Looks for the headers of the film and of its first track with a picture.
    fn read(mp4: &[u8]) -> Self {
        let seconds = boxes(mp4, *b"mvhd").find_map(|header| {
            let at = if header.first()? == &1 { 20 } else { 12 };
            // Of a long duration the lower half is enough.
            let duration = number(header, at + if at == 20 { 8 } else { 4 })?;
            Some(duration.div_ceil(number(header, at)?.max(1)))
        });
        let size = boxes(mp4, *b"tkhd").find_map(|header| {
            let at = if header.first()? == &1 { 88 } else { 76 };
            let size = (number(header, at)? >> 16, number(header, at + 4)? >> 16);
            (size.0 > 0).then_some(size)
        });
        Self { seconds: seconds.unwrap_or(0), size: size.unwrap_or_default() }
    }
}

/// What follows each mention of a kind of box.
fn boxes(mp4: &[u8], kind: [u8; 4]) -> impl Iterator<Item = &[u8]> {
    let starts = mp4.windows(4).enumerate().filter(move |(_, window)| *window == kind);
    starts.map(|(at, _)| &mp4[at + 4..])
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::SystemClock;
    use crate::sandbox::{clip::EMBEDDED, telegram::stand_in::TelegramStandIn};

    const COFFEE: &[u8] = include_bytes!("../coffee.jpg");

    fn file(name: &str, bytes: &[u8], caption: &str) -> PickedFile {
        let (name, caption) = (name.to_owned(), caption.to_owned());
        PickedFile { name, mime: "application/pdf".to_owned(), bytes: bytes.to_vec(), caption }
    }

    #[test]
    fn what_is_picked_together_makes_albums_as_in_every_client() {
        let [photo, film, pdf] = [("a.jpg", COFFEE), ("b.mp4", EMBEDDED), ("c.pdf", b"%PDF")];
        for (picked, packing, kinds, albums) in [
            (vec![photo], Packing::Media, "photo", 0),
            (vec![photo, pdf, film], Packing::Media, "photo video document", 1),
            (vec![pdf, photo, pdf], Packing::Media, "photo document document", 1),
            (vec![photo, pdf], Packing::Files, "document document", 1),
            (vec![photo; 12], Packing::Media, "photo ".repeat(12).trim_end(), 2),
        ] {
            let telegram = TelegramStandIn::new(Arc::new(SystemClock), "1:t").unwrap();
            let anna = telegram.person("Анна", "ru");
            let picked: Vec<_> =
                picked.iter().map(|(name, bytes)| file(name, bytes, name)).collect();
            anna.sends_picked(&picked, packing).unwrap();
            let chat = anna.chat();
            let sent: Vec<_> = chat.iter().map(|m| m.media.as_ref().unwrap().kind).collect();
            assert_eq!(sent.join(" "), kinds);
            let mut found: Vec<_> = chat.iter().filter_map(|m| m.album.as_deref()).collect();
            found.dedup();
            assert_eq!(found.len(), albums, "{kinds}");
            assert!(chat.iter().all(|m| !m.text.is_empty()), "{kinds}");
        }
    }

    #[test]
    fn a_video_says_how_long_and_how_large_it_is() {
        assert_eq!(Film::read(EMBEDDED), Film { seconds: 4, size: (540, 960) });
        for end in 0..EMBEDDED.len().min(2_000) {
            Film::read(&EMBEDDED[..end]);
        }
    }

    #[test]
    fn what_is_too_narrow_for_a_photo_goes_as_a_file() {
        let header = |width: u32, height: u32| {
            let start = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
            kind(&[start, width.to_be_bytes().into(), height.to_be_bytes().into()].concat())
        };
        assert_eq!(header(40, 20), MediaKind::Photo);
        assert_eq!(header(2_100, 100), MediaKind::Document);
        assert_eq!(header(9_000, 1_001), MediaKind::Document);
        assert_eq!(header(40, 0), MediaKind::Document);
    }
}
