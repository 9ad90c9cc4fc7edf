//! What a person is shown in answer, as a value.

use std::fmt;

use crate::chat::screen::Screen;
use crate::domain::{
    draft::ScriptId,
    id::{AlbumId, BatchId, DraftId, JobId, MessageId, OrderId, OutboxId},
};

/// What is shown, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Nothing: what the person sees already is the answer.
    Nothing,
    /// A message of its own.
    Message(Screen),
    /// A message of its own that says what to do: it takes the place of a hint that still waits,
    /// and a chat in which much waits gets none.
    Hint(Screen),
    /// The next screen of an anchor: in the message that was tapped, else in the anchor's own;
    /// a new message where there is neither.
    Edit(Anchor, Screen),
    /// The next screen of an anchor in a new message, which is the anchor's from now on.
    Below(Anchor, Screen),
    /// Nothing in the chat; a word that shows over it for a moment, if a button was tapped. It has
    /// no markup.
    Toast(String),
    /// A word for the tap, and what is shown besides.
    WithToast(Box<Reply>, String),
}

impl Reply {
    /// The word for the tap.
    pub(crate) fn toast(&self) -> Option<&str> {
        match self {
            Self::Toast(word) | Self::WithToast(_, word) => Some(word),
            Self::Nothing | Self::Message(_) | Self::Hint(_) | Self::Edit(..) | Self::Below(..) => {
                None
            }
        }
    }
}

/// What shows itself in one message, which is edited as it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// The ideas for a draft.
    Ideas(DraftId),
    /// The invitation to write one's own text for a draft.
    Draft(DraftId),
    /// The way of a script from its beginning to the order.
    Script(ScriptId),
    /// The invitation to change a script.
    Edit(ScriptId),
    /// The question whether a text is meant for a video.
    Offer(ScriptId),
    /// The question about an album, then the ideas for its products.
    Album(AlbumId),
    /// The way of a series from its beginning to the orders.
    Series(BatchId),
    /// How the orders stand that one tap has placed for a series, of which this is the first.
    Orders(OrderId),
    /// What is heard in this voice message of the person's.
    Voice(MessageId),
    /// An alert, once it was muted or unmuted.
    Alert(OutboxId),
    /// The choice of a language.
    Language,
    /// What stands below the samples of ideas.
    Samples,
    /// The person's settings.
    Settings,
    /// The list of the person's videos, and what is reached from it.
    MyVideos,
    /// The buttons under a video.
    Video(JobId),
}

/// The name in the database.
impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ideas(draft) => write!(f, "ideas {draft}"),
            Self::Draft(draft) => write!(f, "draft {draft}"),
            Self::Script(script) => write!(f, "script {script}"),
            Self::Edit(script) => write!(f, "edit {script}"),
            Self::Offer(script) => write!(f, "offer {script}"),
            Self::Album(album) => write!(f, "album {album}"),
            Self::Series(batch) => write!(f, "series {batch}"),
            Self::Orders(lead) => write!(f, "orders {lead}"),
            Self::Voice(message) => write!(f, "voice {message}"),
            Self::Alert(row) => write!(f, "alert {row}"),
            Self::Language => f.write_str("language"),
            Self::Samples => f.write_str("samples"),
            Self::Settings => f.write_str("settings"),
            Self::MyVideos => f.write_str("my videos"),
            Self::Video(job) => write!(f, "video {job}"),
        }
    }
}
