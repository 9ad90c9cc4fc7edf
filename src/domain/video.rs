//! Videos: their shape, how large one may be, and what file one is in.

use serde::{Deserialize, Serialize};

/// The largest file that a bot may send over Telegram's own servers: 50 MB, and they count in MiB.
/// What is larger is not even fetched: the person gets its address.
pub(crate) const MAX_VIDEO_BYTES: u64 = 50 << 20;

/// The same over a Bot API server of one's own: 2,000 MB.
pub(crate) const MAX_LOCAL_VIDEO_BYTES: u64 = 2_000_000_000;

/// The shape of the video, named by the ratio of its sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Aspect {
    /// A phone held upright.
    #[default]
    #[serde(rename = "9:16", alias = "portrait")]
    Portrait,
    /// A card in a marketplace.
    #[serde(rename = "3:4")]
    Card,
    /// As wide as high.
    #[serde(rename = "1:1")]
    Square,
    /// A screen.
    #[serde(rename = "16:9", alias = "landscape")]
    Landscape,
}

impl Aspect {
    /// Every shape, as the schema's CHECK lists them.
    pub const ALL: [Self; 4] = [Self::Portrait, Self::Card, Self::Square, Self::Landscape];

    /// The ratio: the word in the database and in the config, and what people read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Portrait => "9:16",
            Self::Card => "3:4",
            Self::Square => "1:1",
            Self::Landscape => "16:9",
        }
    }

    /// Reads what [`Aspect::word`] writes.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|aspect| aspect.word() == word)
    }

    /// Width and height, in their smallest whole numbers.
    pub fn sides(self) -> (u32, u32) {
        match self {
            Self::Portrait => (9, 16),
            Self::Card => (3, 4),
            Self::Square => (1, 1),
            Self::Landscape => (16, 9),
        }
    }
}

impl Aspect {
    /// How many times wider or higher the other shape is: 1 for the same.
    pub fn difference(self, other: Self) -> f64 {
        let ((width, height), (other_width, other_height)) = (self.sides(), other.sides());
        let (across, down) = (width * other_height, height * other_width);
        f64::from(across.max(down)) / f64::from(across.min(down))
    }

    /// How a photo of these sides lies in a video of this shape.
    pub fn fit(self, width: u32, height: u32) -> Fit {
        let (across, down) = self.sides();
        let (wide, high) =
            (u64::from(width) * u64::from(down), u64::from(height) * u64::from(across));
        if wide.abs_diff(high) * SAME_SHAPE <= high.max(wide) {
            Fit::Whole
        } else if wide > high {
            Fit::Wider
        } else {
            Fit::Higher
        }
    }
}

/// Shapes that differ by less than one part of so many are the same to the eye.
const SAME_SHAPE: u64 = 50;

/// How a photo lies in a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It fills it.
    Whole,
    /// It is too wide for it.
    Wider,
    /// It is too high for it.
    Higher,
}

/// The containers in which videos come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// MP4, what KIE's models make.
    Mp4,
    /// `QuickTime`, of which MP4 was made.
    QuickTime,
    /// `WebM`.
    WebM,
    /// Matroska, of which `WebM` is a part.
    Matroska,
    /// Another one, with the ending of its files.
    Other(&'static str),
}

/// The brands of files in the form of MP4 that hold pictures.
const PICTURES: [&[u8]; 7] = [b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif"];

/// The distance between the marks of a transport stream.
const PACKET: usize = 188;

impl Container {
    /// How many first bytes of a file tell its container.
    pub(crate) const HEAD: usize = 2 * PACKET + 1;

    /// The container by the first bytes of the file, whatever its name claims.
    pub fn from_magic(head: &[u8]) -> Option<Self> {
        let kind = head.get(4..8).unwrap_or_default();
        match head {
            _ if kind == b"ftyp" && PICTURES.contains(&head.get(8..12).unwrap_or_default()) => None,
            _ if kind == b"ftyp" && head[8..].starts_with(b"qt") => Some(Self::QuickTime),
            _ if kind == b"ftyp" => Some(Self::Mp4),
            // Before there was `ftyp`, a file began with any of these.
            _ if [&b"moov"[..], b"mdat", b"wide", b"pnot"].contains(&kind) => Some(Self::QuickTime),
            [0x1A, 0x45, 0xDF, 0xA3, ..] => {
                let head = &head[..head.len().min(64)];
                let is_webm = head.windows(4).any(|word| word == b"webm");
                Some(if is_webm { Self::WebM } else { Self::Matroska })
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => {
                Some(Self::Other("avi"))
            }
            [b'F', b'L', b'V', 1, ..] => Some(Self::Other("flv")),
            [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, ..] => Some(Self::Other("wmv")),
            [0, 0, 1, 0xBA, ..] => Some(Self::Other("mpg")),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Other("ogv")),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Other("gif")),
            [0x47, ..] if [1, 2].iter().all(|n| head.get(n * PACKET) == Some(&0x47)) => {
                Some(Self::Other("ts"))
            }
            _ => None,
        }
    }

    /// The file name's ending.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::QuickTime => "mov",
            Self::WebM => "webm",
            Self::Matroska => "mkv",
            Self::Other(extension) => extension,
        }
    }

    /// Whether Telegram plays it in the chat; what it does not play is a file there.
    pub fn plays_in_the_chat(self) -> bool {
        matches!(self, Self::Mp4)
    }
}
