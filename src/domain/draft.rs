//! Drafts: what people are preparing, a photo and the scripts that were made for it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::{id::DraftId, preset::Localized, text::is_latin};

/// One script of a draft: what a button under it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScriptId {
    /// The draft.
    pub draft: DraftId,
    /// Which of its scripts: 1, 2, …
    pub revision: u32,
}

/// `7:2`
impl fmt::Display for ScriptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.draft, self.revision)
    }
}

impl ScriptId {
    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let (draft, revision) = text.split_once(':')?;
        Some(Self { draft: DraftId(draft.parse().ok()?), revision: revision.parse().ok()? })
    }
}

/// For which products a person's words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// For the one of the draft.
    One,
    /// For all products of its album: they are no words about the one.
    All,
}

/// What a prompt is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The preset with this id.
    Preset(String),
    /// The person's own words.
    OwnText(String),
    /// An earlier prompt as the person has changed it: it is the prompt itself.
    Edited(String),
    /// A prompt that the person has saved, for another product.
    Style(String),
    /// A prompt that was refused, to be written anew within the rules.
    Rewrite(String),
}

/// The name of a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    Preset,
    OwnText,
    Edited,
    Style,
    Rewrite,
}

impl SourceKind {
    /// Every kind, as the schema's CHECK lists them.
    pub const ALL: [Self; 5] =
        [Self::Preset, Self::OwnText, Self::Edited, Self::Style, Self::Rewrite];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Preset => "preset",
            Self::OwnText => "own_text",
            Self::Edited => "edited",
            Self::Style => "style",
            Self::Rewrite => "rewrite",
        }
    }

    /// The source of that kind with this preset or these words.
    pub fn of(self, idea: String) -> Source {
        match self {
            Self::Preset => Source::Preset(idea),
            Self::OwnText => Source::OwnText(idea),
            Self::Edited => Source::Edited(idea),
            Self::Style => Source::Style(idea),
            Self::Rewrite => Source::Rewrite(idea),
        }
    }
}

impl Source {
    /// Its kind.
    pub fn kind(&self) -> SourceKind {
        match self {
            Self::Preset(_) => SourceKind::Preset,
            Self::OwnText(_) => SourceKind::OwnText,
            Self::Edited(_) => SourceKind::Edited,
            Self::Style(_) => SourceKind::Style,
            Self::Rewrite(_) => SourceKind::Rewrite,
        }
    }

    /// Whether the script writer makes the prompt of it: a prompt that the person changed themselves
    /// is only put into letters that every model reads.
    pub fn needs_writer(&self) -> bool {
        match self {
            Self::Preset(_) | Self::OwnText(_) | Self::Style(_) | Self::Rewrite(_) => true,
            Self::Edited(text) => !is_latin(text),
        }
    }

    /// The preset's id, where it is a ready-made idea.
    pub fn preset(&self) -> Option<&str> {
        match self {
            Self::Preset(id) => Some(id),
            Self::OwnText(_) | Self::Edited(_) | Self::Style(_) | Self::Rewrite(_) => None,
        }
    }

    /// The preset's id, or the person's words.
    pub fn idea(&self) -> &str {
        match self {
            Self::Preset(idea)
            | Self::OwnText(idea)
            | Self::Edited(idea)
            | Self::Style(idea)
            | Self::Rewrite(idea) => idea,
        }
    }
}

/// What one video of an order shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scene {
    /// What the person reads of it; only where every language has a title.
    pub title: Option<Localized>,
    /// Its prompt.
    pub prompt: String,
}

/// Why the script writer has no part in a script: the idea itself is the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// The person has had as many scripts as they may.
    Limit,
    /// It is down, slow or refuses.
    Away,
}

impl Fallback {
    /// Every reason, as the schema's CHECK lists them.
    pub const ALL: [Self; 2] = [Self::Limit, Self::Away];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Away => "away",
        }
    }
}

/// Where a script stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptState {
    /// A text that nobody asked for: the person was asked whether it is meant for a video.
    Offered,
    /// The prompt is being written.
    Writing,
    /// The prompt is there, and how many videos can be chosen.
    Ready,
    /// It has become an order, which has the prompt now.
    Ordered,
}

impl ScriptState {
    /// Every state, as the schema's CHECK lists them.
    pub const ALL: [Self; 4] = [Self::Offered, Self::Writing, Self::Ready, Self::Ordered];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Writing => "writing",
            Self::Ready => "ready",
            Self::Ordered => "ordered",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_named_by_its_draft_and_number() {
        let script = ScriptId { draft: DraftId(7), revision: 2 };
        assert_eq!(ScriptId::parse(&script.to_string()), Some(script));
        for text in ["", "7", "7:", ":2", "7:-2", "7:2:1", "a:b"] {
            assert_eq!(ScriptId::parse(text), None, "{text}");
        }
    }
}
