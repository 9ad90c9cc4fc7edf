//! What a person's next text means, when they were asked for one.

use std::{fmt, time::Duration};

use crate::domain::{
    draft::ScriptId,
    id::{AlbumId, DraftId, StyleId},
};

/// For how long the next text is what was asked for.
pub(crate) const AWAITED_FOR: Duration = Duration::from_mins(10);

/// What a person was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// What shall happen in the video of this draft.
    Text(DraftId),
    /// The changed prompt of this script.
    Edit(ScriptId),
    /// What shall happen in the videos of all products of this album.
    Series(AlbumId),
    /// What to look for among their videos.
    Search,
    /// A name for this saved style.
    StyleName(StyleId),
}

/// The word in the database.
impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(draft) => write!(f, "text:{draft}"),
            Self::Series(album) => write!(f, "series:{album}"),
            Self::Edit(script) => write!(f, "edit:{script}"),
            Self::Search => f.write_str("search:"),
            Self::StyleName(style) => write!(f, "style:{style}"),
        }
    }
}

impl Awaited {
    /// Reads the word; `None` for one that this version does not know.
    pub fn parse(word: &str) -> Option<Self> {
        let (what, of) = word.split_once(':')?;
        match what {
            "text" => of.parse().ok().map(|draft| Self::Text(DraftId(draft))),
            "series" => of.parse().ok().map(|album| Self::Series(AlbumId(album))),
            "edit" => ScriptId::parse(of).map(Self::Edit),
            "search" => Some(Self::Search),
            "style" => of.parse().ok().map(|style| Self::StyleName(StyleId(style))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_awaited_is_read_as_it_was_written() {
        let script = ScriptId { draft: DraftId(7), revision: 2 };
        let (album, style) = (Awaited::Series(AlbumId(7)), Awaited::StyleName(StyleId(7)));
        let (text, edit) = (Awaited::Text(DraftId(7)), Awaited::Edit(script));
        for awaited in [text, edit, Awaited::Search, album, style] {
            assert_eq!(Awaited::parse(&awaited.to_string()), Some(awaited));
        }
        for word in ["", "text", "text:", "promo:7", "edit:7"] {
            assert_eq!(Awaited::parse(word), None, "{word}");
        }
    }
}
