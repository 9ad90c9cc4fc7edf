//! Albums: photos that came together, and what their person says they are.

/// What the photos of an album show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlbumKind {
    /// One product from several sides.
    One,
    /// A product each.
    Many,
}

impl AlbumKind {
    /// Every kind, as the schema's CHECK lists them.
    pub const ALL: [Self; 2] = [Self::One, Self::Many];

    /// The word in the database and in callback data.
    pub fn word(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Many => "many",
        }
    }
}
