//! What counts as a product photo.

use serde::{Deserialize, Serialize};

/// The largest photo KIE takes: 10 MB, as its model pages say.
pub(crate) const MAX_PHOTO_BYTES: u64 = 10 * 1000 * 1000;

/// The image formats that KIE's models take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFormat {
    /// JPEG, what Telegram makes of every photo.
    Jpeg,
    /// PNG.
    Png,
    /// WEBP.
    Webp,
}

impl PhotoFormat {
    /// The format by the first bytes of the file, whatever its name claims.
    pub fn from_magic(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// The file name's ending; KIE serves an upload with the type that its name says.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    /// The media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

/// Why a file cannot serve as the product photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoFault {
    /// No image at all.
    NotAnImage,
    /// An image, and not a JPEG, PNG or WEBP: HEIC, TIFF, GIF, SVG, the raw data of a camera …
    OtherFormat,
    /// Over [`MAX_PHOTO_BYTES`].
    TooLarge,
    /// Smaller than models accept.
    TooSmall,
}

/// The smallest side, in pixels, that image-to-video models accept.
pub(crate) const MIN_PHOTO_SIDE: u32 = 240;
