//! What a script writer is asked for, and what it writes.

use std::{fmt, sync::Arc};

use crate::domain::{draft::Scene, failure::Violation, preset::Localized};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The prompt, in English: that of the first scene, where there are any.
    pub prompt: String,
    /// What will be seen, in a sentence or two of at most 300 characters; only
    /// where every language has one.
    pub summary: Option<Localized>,
    /// The different scenes, at most as many as were asked for; none where all there is is the
    /// prompt.
    pub scenes: Vec<Scene>,
    /// Whether the photo shows people.
    pub people: bool,
    /// Whether it shows several products.
    pub several: bool,
}

/// The longest summary of a prompt, in characters.
pub(crate) const LONGEST_SUMMARY: usize = 300;

/// The longest title of a scene, in characters.
pub(crate) const LONGEST_TITLE: usize = 60;

/// The longest prompt that is asked for, in characters. Models take up to 20 000, but do not
/// follow more than a few sentences.
pub(crate) const WORTHWHILE_PROMPT: usize = 1500;

/// What the prompt shall be about.
#[derive(Clone, Debug)]
pub struct Brief {
    /// A preset's idea, the person's own words, or a prompt.
    pub idea: String,
    /// What is to be made of it.
    pub task: Task,
    /// Seconds of video.
    pub seconds: u32,
    /// The longest prompt the model takes, in characters.
    pub longest: usize,
    /// How many different scenes are asked for, where the task leaves room for them.
    pub scenes: usize,
    /// The photo, for a writer that sees: then it also says whether people or several products
    /// are in it.
    pub photo: Option<SmallPhoto>,
}

/// A photo as a JPEG of at most 1,024 pixels a side.
#[derive(Clone, PartialEq, Eq)]
pub struct SmallPhoto(pub Arc<[u8]>);

/// Its size alone: photos have no place in a log.
impl fmt::Debug for SmallPhoto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmallPhoto({} bytes)", self.0.len())
    }
}

impl Brief {
    /// The longest prompt that is asked for, in characters. What the person edited is not shortened
    /// to what is worthwhile.
    pub(crate) fn room(&self) -> usize {
        match self.task {
            Task::Idea | Task::OwnWords | Task::Style | Task::Rewrite(_) => {
                self.longest.min(WORTHWHILE_PROMPT)
            }
            Task::Translate => self.longest,
        }
    }

    /// How many scenes the answer may have at most.
    pub(crate) fn most_scenes(&self) -> usize {
        match self.task {
            Task::Idea | Task::OwnWords | Task::Style | Task::Rewrite(_) => self.scenes.max(1),
            Task::Translate => 1,
        }
    }
}

/// What is to be made of an idea.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Scenes for a preset's idea.
    Idea,
    /// Scenes for the person's own words.
    OwnWords,
    /// Scenes for another product in the look of a prompt that the person has saved.
    Style,
    /// Scenes as in a prompt that was refused, within the rule that it broke.
    Rewrite(Violation),
    /// The same in English: the person edited the prompt, so this is the prompt.
    Translate,
}
