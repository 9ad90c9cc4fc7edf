//! About the photo.

use crate::chat::{key::Key, screen::Screen, voice::Voice};
use crate::domain::photo::{MAX_PHOTO_BYTES, MIN_PHOTO_SIDE, PhotoFault};

/// A photo is needed before anything else.
pub(crate) fn needed(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::PhotoNeeded, &[])
}

/// Another photo than the one that was refused.
pub(crate) fn another(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::StartPhoto, &[])
}

/// Of an album only the first photo is used.
pub(crate) fn album(voice: &Voice<'_>) -> Screen {
    voice.screen(Key::PhotoAlbum, &[])
}

/// Why a file cannot be used as the photo, and what can.
pub(crate) fn unusable(voice: &Voice<'_>, fault: PhotoFault) -> Screen {
    match fault {
        PhotoFault::NotAnImage => voice.screen(Key::PhotoNotAnImage, &[]),
        PhotoFault::OtherFormat => voice.screen(Key::PhotoOtherFormat, &[]),
        PhotoFault::TooLarge => {
            let megabytes = i64::try_from(MAX_PHOTO_BYTES / 1_000_000).unwrap_or(i64::MAX);
            voice.screen(Key::PhotoTooLarge, &[("megabytes", megabytes.into())])
        }
        PhotoFault::TooSmall => {
            voice.screen(Key::PhotoTooSmall, &[("side", MIN_PHOTO_SIDE.into())])
        }
    }
}
