//! One setting of a person's, as the buttons of `/settings` name it.

use std::fmt;

use crate::domain::{user::Language, video::Aspect};

/// What a person sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The language.
    Language(Language),
    /// The shape of their videos.
    Aspect(Aspect),
    /// The length of their videos in seconds.
    Seconds(u32),
    /// Whether what comes by itself is without a sound in quiet hours.
    Quiet(bool),
}

impl Setting {
    /// The setting that is written so.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, value) = text.split_once(':')?;
        Some(match name {
            "l" => Self::Language(Language::from_code(value)?),
            "a" => Self::Aspect(Aspect::ALL.into_iter().find(|aspect| aspect.word() == value)?),
            "n" => Self::Seconds(value.parse().ok()?),
            "q" => Self::Quiet(match value {
                "0" => false,
                "1" => true,
                _ => return None,
            }),
            _ => return None,
        })
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Language(language) => write!(f, "l:{}", language.code()),
            Self::Aspect(aspect) => write!(f, "a:{}", aspect.word()),
            Self::Seconds(seconds) => write!(f, "n:{seconds}"),
            Self::Quiet(quiet) => write!(f, "q:{}", u8::from(*quiet)),
        }
    }
}
