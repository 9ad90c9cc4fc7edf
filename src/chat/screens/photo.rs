//! About the photo.

use crate::chat::key::Key;
use crate::chat::screen::Screen;
use crate::chat::words::Words;
use crate::domain::photo::MAX_PHOTO_BYTES;
use crate::domain::photo::MIN_PHOTO_SIDE;
use crate::domain::photo::PhotoFault;
use crate::domain::user::Language;

/// A photo is needed before anything else.
pub fn needed(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::PhotoNeeded, &[]))
}

/// Of an album only the first photo is used.
pub fn album(words: &Words, language: Language) -> Screen {
    Screen::new(words.say(language, Key::PhotoAlbum, &[]))
}

/// Why a file cannot serve as the photo, and which one can.
pub fn unusable(words: &Words, language: Language, fault: PhotoFault) -> Screen {
    let text = match fault {
        PhotoFault::NotAnImage => words.say(language, Key::PhotoNotAnImage, &[]),
        PhotoFault::TooLarge => {
            let megabytes = i64::try_from(MAX_PHOTO_BYTES / 1_000_000).unwrap_or(i64::MAX);
            words.say(language, Key::PhotoTooLarge, &[("megabytes", megabytes.into())])
        }
        PhotoFault::TooSmall => {
            words.say(language, Key::PhotoTooSmall, &[("side", MIN_PHOTO_SIDE.into())])
        }
    };
    Screen::new(text)
}
