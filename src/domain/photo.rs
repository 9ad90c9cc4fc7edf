//! What counts as a product photo.

use serde::{Deserialize, Serialize};

use crate::domain::video::Aspect;

/// The largest photo KIE takes: 10 MB, as its model pages say.
pub(crate) const MAX_PHOTO_BYTES: u64 = 10 * 1000 * 1000;

/// The same in megabytes.
pub(crate) const MAX_PHOTO_MEGABYTES: u32 = 10;

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
    /// Telegram hands it out no more, or not to this bot.
    Gone,
}

impl PhotoFault {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::NotAnImage, Self::OtherFormat, Self::TooLarge, Self::TooSmall, Self::Gone];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAnImage => "not_an_image",
            Self::OtherFormat => "other_format",
            Self::TooLarge => "too_large",
            Self::TooSmall => "too_small",
            Self::Gone => "gone",
        }
    }
}

/// The smallest side, in pixels, that image-to-video models accept.
pub(crate) const MIN_PHOTO_SIDE: u32 = 240;

/// What makes a photo a poor one, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Flaw {
    /// No edge in it is sharp.
    Blurred,
    /// Hardly anything in it is light.
    TooDark,
    /// Smaller than a video is.
    TooSmall,
}

/// What a person is told of a usable photo. Nothing is refused for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// Another photo would make a better video.
    Flaw(Flaw),
    /// The photo is of another shape than the video will be, and a blurred background fills the rest.
    Background(Aspect),
    /// The same, and its edges are cut off.
    Cut(Aspect),
}

/// A photo so many times as wide as the video, or as narrow, leaves most of one of them empty.
/// An ordinary picture of 3:2 in an upright video is 2.7 times as wide, and serves.
const OTHER_SHAPE: f64 = 3.0;

/// The one thing to say of a photo with these sides in pixels, for a video of that shape; `other_shape`
/// says what becomes of a photo of another one.
pub(crate) fn advice(
    flaws: &[Flaw],
    sides: Option<(u32, u32)>,
    aspect: Aspect,
    other_shape: fn(Aspect) -> Advice,
) -> Option<Advice> {
    if let Some(flaw) = flaws.first() {
        return Some(Advice::Flaw(*flaw));
    }
    let (width, height) = sides?;
    let (wide, high) = aspect.sides();
    let ratio = f64::from(width) * f64::from(high) / (f64::from(height.max(1)) * f64::from(wide));
    let is_other = !(1.0 / OTHER_SHAPE..=OTHER_SHAPE).contains(&ratio);
    is_other.then(|| other_shape(aspect))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_told_as_it_is() {
        assert_eq!(u64::from(MAX_PHOTO_MEGABYTES) * 1_000_000, MAX_PHOTO_BYTES);
    }

    #[test]
    fn of_several_flaws_the_worst_is_told_and_the_shape_last() {
        let upright = Aspect::Portrait;
        let told = |flaws: &[Flaw], sides| advice(flaws, Some(sides), upright, Advice::Cut);
        let dark = Some(Advice::Flaw(Flaw::TooDark));
        assert_eq!(told(&[Flaw::TooDark, Flaw::TooSmall], (4000, 400)), dark);
        assert_eq!(told(&[], (600, 400)), None);
        assert_eq!(told(&[], (1600, 900)), Some(Advice::Cut(upright)));
        let told = |sides, aspect| advice(&[], sides, aspect, Advice::Background);
        assert_eq!(told(Some((1600, 900)), Aspect::Square), None);
        assert_eq!(told(None, upright), None);
        let wide = Aspect::Landscape;
        assert_eq!(told(Some((900, 1600)), wide), Some(Advice::Background(wide)));
    }
}
