//! Drafts: what people are preparing, a photo and then a prompt.

use crate::domain::{credits::Credits, id::PhotoId};

/// Where a draft stands, with what it has by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftState {
    /// The photo is there; the person chooses a preset or own text.
    Choosing,
    /// The person writes their own text.
    Describing,
    /// GPT writes the prompt.
    Writing(Source),
    /// The prompt is there; the person chooses how many videos.
    Ready {
        /// What it was made from.
        source: Source,
        /// The final prompt.
        prompt: String,
    },
    /// It has become an order.
    Ordered,
    /// It was put aside.
    Dropped,
}

/// What a prompt is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The preset with this id.
    Preset(String),
    /// The person's own words.
    OwnText(String),
}

/// The name of a [`DraftState`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftStatus {
    Choosing,
    Describing,
    Writing,
    Ready,
    Ordered,
    Dropped,
}

impl DraftStatus {
    /// Every status, as the schema's CHECK lists them.
    pub const ALL: [Self; 6] = [
        Self::Choosing,
        Self::Describing,
        Self::Writing,
        Self::Ready,
        Self::Ordered,
        Self::Dropped,
    ];

    /// Those in which the person can still change it.
    pub const OPEN: [Self; 4] = [Self::Choosing, Self::Describing, Self::Writing, Self::Ready];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Choosing => "choosing",
            Self::Describing => "describing",
            Self::Writing => "writing",
            Self::Ready => "ready",
            Self::Ordered => "ordered",
            Self::Dropped => "dropped",
        }
    }
}

/// One move of a draft. A script in hand belongs to a revision: each move that makes it
/// stale begins a new one.
#[derive(Clone, Copy, Debug)]
pub enum DraftMove<'a> {
    /// Another photo takes the place of the first; the script is forgotten.
    ChangePhoto(PhotoId),
    /// Back to the choice of an idea; the script is forgotten.
    ChooseIdea,
    /// The person is asked for their own text.
    Describe,
    /// A script is begun.
    BeginScript(&'a Source),
    /// The script is there, and is shown with the price of one video.
    FinishScript {
        /// The final prompt.
        prompt: &'a str,
        /// What its buttons say.
        price: Credits,
    },
    /// The script is shown again, with this price of one video.
    Reprice(Credits),
    /// Its photo cannot serve.
    RejectPhoto,
    /// It is put aside.
    Drop,
    /// It becomes an order.
    Order,
}

impl DraftMove<'_> {
    /// The states in which the move may begin.
    pub fn from(&self) -> &'static [DraftStatus] {
        match self {
            Self::ChangePhoto(_)
            | Self::ChooseIdea
            | Self::Describe
            | Self::BeginScript(_)
            | Self::Drop => &DraftStatus::OPEN,
            Self::FinishScript { .. } | Self::RejectPhoto => &[DraftStatus::Writing],
            Self::Reprice(_) | Self::Order => &[DraftStatus::Ready],
        }
    }

    /// The state to which it leads.
    pub fn to(&self) -> DraftStatus {
        match self {
            Self::ChangePhoto(_) | Self::ChooseIdea => DraftStatus::Choosing,
            Self::Describe => DraftStatus::Describing,
            Self::BeginScript(_) => DraftStatus::Writing,
            Self::FinishScript { .. } | Self::Reprice(_) => DraftStatus::Ready,
            Self::RejectPhoto | Self::Drop => DraftStatus::Dropped,
            Self::Order => DraftStatus::Ordered,
        }
    }
}
