//! What people send apart from text: photos, files, albums, stickers, voice.

use std::{io, sync::Arc};

use serde_json::{Value, json};

use crate::domain::{id::MessageId, photo::PhotoFormat};
use crate::sandbox::{
    telegram::{
        files::{Files, MAX_PHOTO, StoredFile},
        formatted_text::FormattedText,
        message::{Media, MediaKind},
        person::Person,
        state::NewMessage,
    },
    transcription::voice,
};

/// The longer side of a photo's smallest size, in pixels.
const THUMBNAIL: u32 = 90;

/// All of these fail only when the disk fails.
impl Person {
    /// They send a photo. What no client can send as a photo (over 10 MB, or
    /// no image) goes as a file.
    pub fn sends_photo(&self, bytes: &[u8]) -> io::Result<MessageId> {
        self.sends_photo_with(bytes, "")
    }

    /// They send a photo with a caption.
    pub fn sends_photo_with(&self, bytes: &[u8], caption: &str) -> io::Result<MessageId> {
        self.sends_picture(bytes, caption, None)
    }

    /// They send several photos at once: one message each, all with the same `media_group_id`.
    pub fn sends_album(&self, photos: &[Vec<u8>]) -> io::Result<Vec<MessageId>> {
        self.sends_album_with(photos, &[])
    }

    /// They send several photos at once, the first of them with these captions.
    pub fn sends_album_with(
        &self,
        photos: &[Vec<u8>],
        captions: &[&str],
    ) -> io::Result<Vec<MessageId>> {
        let album = new_album();
        let captions = captions.iter().copied().chain(std::iter::repeat(""));
        let send = |(bytes, caption): (&Vec<u8>, &str)| {
            self.sends_picture(bytes, caption, Some(album.clone()))
        };
        photos.iter().zip(captions).map(send).collect()
    }

    /// Another photo of an album of theirs arrives, later than the others.
    pub fn adds_to_album(&self, album: &str, photo: &[u8]) -> io::Result<MessageId> {
        self.sends_picture(photo, "", Some(album.to_owned()))
    }

    /// They send a photo or file of an earlier message of theirs again.
    pub fn sends_again(&self, message: MessageId) -> Option<MessageId> {
        let media = self.telegram.change(|state| state.message(self.id, message)?.media.clone())?;
        Some(self.post_media(media, "", None))
    }

    /// They send a file.
    pub fn sends_document(&self, bytes: &[u8], name: &str, mime: &str) -> io::Result<MessageId> {
        let file =
            self.telegram.change(|state| state.files.keep("documents", name, mime, bytes))?;
        Ok(self.post_media(document(file), "", None))
    }

    /// They send a sticker.
    pub fn sends_sticker(&self) -> io::Result<MessageId> {
        let file =
            self.telegram.change(|state| state.files.keep("stickers", "s.webp", "image/webp", b""));
        let file = file?;
        let json = json!({"file_id": file.id, "file_unique_id": file.unique_id, "type": "regular",
            "width": 512, "height": 512, "is_animated": false, "is_video": false, "emoji": "👍",
            "file_size": file.size});
        let (kind, thumbnail) = (MediaKind::Sticker, None);
        Ok(self.post_media(Media { kind, file, thumbnail, size: (512, 512), json }, "", None))
    }

    /// They send a voice message of so many seconds that says this.
    pub fn sends_voice(&self, words: &str, seconds: u32) -> io::Result<MessageId> {
        let bytes = voice(words);
        let file = self
            .telegram
            .change(|state| state.files.keep("voice", "v.oga", "audio/ogg", &bytes))?;
        let json = json!({"file_id": file.id, "file_unique_id": file.unique_id, "duration": seconds,
            "mime_type": file.mime, "file_size": file.size});
        let (kind, thumbnail) = (MediaKind::Voice, None);
        Ok(self.post_media(Media { kind, file, thumbnail, size: (0, 0), json }, "", None))
    }

    pub(super) fn sends_picture(
        &self,
        bytes: &[u8],
        caption: &str,
        album: Option<String>,
    ) -> io::Result<MessageId> {
        Ok(self.post_media(self.picture(bytes)?, caption, album))
    }

    /// They put another picture in the place of what they have sent in a message; its caption stays.
    pub fn replaces_photo(&self, message: MessageId, bytes: &[u8]) -> io::Result<()> {
        let media = self.picture(bytes)?;
        self.edits_media(message, media, None);
        Ok(())
    }

    /// The same, and they change its caption with it.
    pub fn replaces_photo_and_caption(
        &self,
        message: MessageId,
        bytes: &[u8],
        caption: &str,
    ) -> io::Result<()> {
        let media = self.picture(bytes)?;
        self.edits_media(message, media, Some(caption));
        Ok(())
    }

    /// They put a file in its place.
    pub fn replaces_with_document(
        &self,
        message: MessageId,
        bytes: &[u8],
        mime: &str,
    ) -> io::Result<()> {
        let file =
            self.telegram.change(|state| state.files.keep("documents", "file", mime, bytes))?;
        self.edits_media(message, document(file), None);
        Ok(())
    }

    /// What a client makes of a picture.
    fn picture(&self, bytes: &[u8]) -> io::Result<Media> {
        let mime = PhotoFormat::from_magic(bytes).map_or("image/jpeg", PhotoFormat::mime);
        let kept = |folder, name| {
            self.telegram.change(|state| state.files.keep(folder, name, mime, bytes))
        };
        Ok(match imagesize::blob_size(bytes) {
            Ok(size) if bytes.len() as u64 <= MAX_PHOTO => {
                let file = kept("photos", "photo.jpg")?;
                self.telegram.change(|state| photo(&mut state.files, file, pixels(size)))
            }
            _ => document(kept("documents", "photo.jpg")?),
        })
    }

    pub(super) fn post_media(
        &self,
        media: Media,
        caption: &str,
        album: Option<String>,
    ) -> MessageId {
        let body = FormattedText::plain(caption);
        self.post_message(NewMessage { body, media: Some(media), album, ..NewMessage::default() })
    }
}

/// The id of an album: as Telegram's, digits.
pub(super) fn new_album() -> String {
    format!("1{:016}", uuid::Uuid::new_v4().as_u128() % 10_u128.pow(16))
}

fn pixels(size: imagesize::ImageSize) -> (u32, u32) {
    let number = |side| u32::try_from(side).unwrap_or(u32::MAX);
    (number(size.width), number(size.height))
}

/// A photo in two sizes. The small one has its own id and dimensions, and the bytes of the
/// large one: the stand-in does not resize.
pub(crate) fn photo(files: &mut Files, file: Arc<StoredFile>, size: (u32, u32)) -> Media {
    let longer = size.0.max(size.1).max(1);
    let small = |side: u32| (side.saturating_mul(THUMBNAIL.min(longer)) / longer).max(1);
    let thumbnail = files.alias(&file);
    let entry = |file: &StoredFile, (width, height): (u32, u32)| {
        json!({"file_id": file.id, "file_unique_id": file.unique_id, "width": width,
            "height": height, "file_size": file.size})
    };
    let json =
        Value::Array(vec![entry(&thumbnail, (small(size.0), small(size.1))), entry(&file, size)]);
    Media { kind: MediaKind::Photo, file, thumbnail: Some(thumbnail), size, json }
}

/// A file as a document.
pub(crate) fn document(file: Arc<StoredFile>) -> Media {
    let json = json!({"file_id": file.id, "file_unique_id": file.unique_id,
        "file_name": file.name, "mime_type": file.mime, "file_size": file.size});
    Media { kind: MediaKind::Document, file, thumbnail: None, size: (0, 0), json }
}

/// The size of an image file in pixels, when it is an image.
pub(crate) fn image_size(file: &std::path::Path) -> Option<(u32, u32)> {
    imagesize::size(file).ok().map(pixels)
}
