//! What people think of their videos.

/// A thumb under a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    /// 👍
    Up,
    /// 👎
    Down,
}

impl Vote {
    /// Every vote, as the schema's CHECK lists them.
    pub const ALL: [Self; 2] = [Self::Up, Self::Down];

    /// The word in the database and in callback data.
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    /// The vote of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vote| vote.word() == word)
    }
}
