//! What a person's next text means, when they were asked for one.

use std::{fmt, time::Duration};

use crate::domain::{
    draft::ScriptId,
    id::{AlbumId, DraftId},
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
}

/// The word in the database.
impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(draft) => write!(f, "text:{draft}"),
            Self::Series(album) => write!(f, "series:{album}"),
            Self::Edit(script) => write!(f, "edit:{script}"),
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
        let album = AlbumId(7);
        let all = [Awaited::Text(DraftId(7)), Awaited::Edit(script), Awaited::Series(album)];
        for awaited in all {
            assert_eq!(Awaited::parse(&awaited.to_string()), Some(awaited));
        }
        for word in ["", "text", "text:", "promo:7", "edit:7"] {
            assert_eq!(Awaited::parse(word), None, "{word}");
        }
    }
}
