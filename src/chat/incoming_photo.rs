//! A photo as it comes.

use crate::domain::photo::{MAX_PHOTO_BYTES, MIN_PHOTO_SIDE, PhotoFault};

/// A photo as it comes from Telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingPhoto {
    /// With it the file can be fetched and sent again.
    pub file_id: String,
    /// The same for the same file, from any sender, where Telegram says.
    pub unique_id: Option<String>,
    /// Pixels; 0 where Telegram does not say, as for an image sent as a file.
    pub width: u32,
    /// Pixels; 0 where Telegram does not say.
    pub height: u32,
    /// Bytes, where Telegram says.
    pub size: Option<u64>,
    /// The album it came in.
    pub album: Option<String>,
    /// What the person wrote under it.
    pub caption: Option<String>,
}

impl IncomingPhoto {
    /// Why it cannot be used, judged by its size.
    pub fn fault(&self) -> Option<PhotoFault> {
        let small = |side| (1..MIN_PHOTO_SIDE).contains(&side);
        if self.size.is_some_and(|bytes| bytes > MAX_PHOTO_BYTES) {
            Some(PhotoFault::TooLarge)
        } else if small(self.width) || small(self.height) {
            Some(PhotoFault::TooSmall)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_judged_by_what_telegram_says_of_it() {
        let photo = |width, height, size| IncomingPhoto {
            file_id: "f".into(),
            unique_id: Some("u".into()),
            width,
            height,
            size,
            album: None,
            caption: None,
        };
        assert_eq!(photo(1280, 960, Some(200_000)).fault(), None);
        assert_eq!(photo(0, 0, None).fault(), None);
        assert_eq!(photo(1280, 960, Some(25_000_000)).fault(), Some(PhotoFault::TooLarge));
        assert_eq!(photo(1280, 239, None).fault(), Some(PhotoFault::TooSmall));
    }
}
