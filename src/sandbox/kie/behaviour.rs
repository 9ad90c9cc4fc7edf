//! How the stand-in behaves by default.

use std::time::Duration;

/// The behaviour. Where the sources disagree, the default is what a real log showed.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// The shortest and the longest render, on the stand-in's clock. Each task has a time between
    /// them, by its number.
    pub render: (Duration, Duration),
    /// Whether a task goes from `waiting` straight to `success`.
    pub shortcut: bool,
    /// Whether errors also have their code as HTTP status; KIE usually says 200.
    pub real_statuses: bool,
    /// Whether the text is in `message` rather than `msg`; both occur.
    pub message: bool,
    /// Creations in 10 s for each account; no limit where absent.
    pub creations: Option<usize>,
    /// Polls in a second for each key; no limit where absent.
    pub polls: Option<usize>,
    /// Tasks in progress for each account; no limit where absent.
    pub under_way: Option<usize>,
    /// How `recordInfo` shows a `failCode` and `failMsg` that are not there; both ways occur.
    pub blanks: Blanks,
    /// How many polls of each task answer `recordInfo is null` at first.
    pub null_polls: u32,
    /// Whether clips are made from the photo, where ffmpeg is installed.
    pub clips: Clips,
    /// The share (0 to 1) of uploads, creations, polls and downloads in which something random
    /// goes wrong. Each fault affects one call or task only.
    pub chaos: f64,
    /// How long a stalling download waits before its connection ends, in real time.
    pub stall: Duration,
    /// The seed of the random faults and render times.
    pub seed: u64,
}

/// How something absent is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blanks {
    /// As null.
    Null,
    /// Not at all.
    Absent,
}

/// Where the videos come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clips {
    /// Made of the photo by ffmpeg; the embedded clip where ffmpeg is missing.
    OfPhoto,
    /// Always the embedded clip, at once, for tests and load runs.
    Embedded,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            render: (Duration::from_mins(3), Duration::from_mins(5)),
            shortcut: false,
            real_statuses: false,
            message: false,
            creations: Some(20),
            polls: Some(10),
            under_way: Some(100),
            blanks: Blanks::Null,
            null_polls: 0,
            clips: Clips::OfPhoto,
            chaos: 0.0,
            stall: Duration::from_secs(30),
            seed: 1,
        }
    }
}

impl Behaviour {
    /// For tests and load runs: every render takes exactly this long and gives the embedded
    /// clip.
    pub fn steady(render: Duration) -> Self {
        Self { render: (render, render), clips: Clips::Embedded, ..Self::default() }
    }

    /// The same with no limit to creations, polls and tasks under way.
    #[must_use]
    pub fn without_limits(self) -> Self {
        Self { creations: None, polls: None, under_way: None, ..self }
    }
}

/// Whether a model works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ModelState {
    /// It works.
    #[default]
    Alive,
    /// createTask: 500 "This interface is temporarily paused".
    Paused,
}
