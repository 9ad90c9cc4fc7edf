//! The life of a job: one video from the order to the chat.

use crate::domain::id::{JobId, UserId};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Paid for; nothing of it exists at the provider.
    Queued,
    /// A task exists at the provider, or its video waits to be delivered.
    Processing,
    /// The person has the video.
    Completed,
    /// No video; the credit is back.
    Failed,
}

impl Status {
    /// Every status, as the schema's CHECK lists them.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Processing, Self::Completed, Self::Failed];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    /// Whether nothing more happens to the person's credit.
    pub fn is_ended(self) -> bool {
        match self {
            Self::Queued | Self::Processing => false,
            Self::Completed | Self::Failed => true,
        }
    }
}

/// What a job needs next. A step takes milliseconds to seconds; between steps
/// the job waits in the database and holds no thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Upload the photo if need be, and create the task.
    Submit,
    /// Ask whether the video is there.
    Poll,
    /// Download the video and send it.
    Deliver,
}

impl Step {
    /// Every step, as the schema's CHECK lists them.
    pub const ALL: [Self; 3] = [Self::Submit, Self::Poll, Self::Deliver];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Poll => "poll",
            Self::Deliver => "deliver",
        }
    }
}

/// In which form a video is sent: each is tried when the one before was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a video that plays in the chat.
    Video,
    /// As a file.
    Document,
    /// As a link to the provider's copy.
    Link,
}

impl Form {
    /// Every form, as the schema's CHECK lists them.
    pub const ALL: [Self; 3] = [Self::Video, Self::Document, Self::Link];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Document => "document",
            Self::Link => "link",
        }
    }

    /// The form to try after this one was refused.
    pub fn plainer(self) -> Option<Self> {
        match self {
            Self::Video => Some(Self::Document),
            Self::Document => Some(Self::Link),
            Self::Link => None,
        }
    }
}

/// Where a job stands between two moves: its status, and the step that it needs next. No
/// other pair of the two exists, and the schema refuses every other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waits to be submitted.
    Queued,
    /// A task renders it; it waits to be polled.
    Rendering,
    /// Its video waits to be delivered.
    Delivering,
    /// Delivered.
    Completed,
    /// Ended without a video.
    Failed,
    /// Timed out and refunded; its task is still polled, for a late video.
    Watched,
    /// Timed out and refunded; its late video waits to be delivered as a gift.
    DeliveringGift,
}

impl JobState {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Queued,
        Self::Rendering,
        Self::Delivering,
        Self::Completed,
        Self::Failed,
        Self::Watched,
        Self::DeliveringGift,
    ];

    /// What has become of the job.
    pub fn status(self) -> Status {
        match self {
            Self::Queued => Status::Queued,
            Self::Rendering | Self::Delivering => Status::Processing,
            Self::Completed => Status::Completed,
            Self::Failed | Self::Watched | Self::DeliveringGift => Status::Failed,
        }
    }

    /// What it needs next, if anything.
    pub fn step(self) -> Option<Step> {
        match self {
            Self::Queued => Some(Step::Submit),
            Self::Rendering | Self::Watched => Some(Step::Poll),
            Self::Delivering | Self::DeliveringGift => Some(Step::Deliver),
            Self::Completed | Self::Failed => None,
        }
    }

    /// The state with this status and step.
    pub fn of(status: Status, step: Option<Step>) -> Option<Self> {
        Self::ALL.into_iter().find(|state| (state.status(), state.step()) == (status, step))
    }

    /// Whether nothing more happens to the person's credit.
    pub fn is_ended(self) -> bool {
        self.status().is_ended()
    }
}

/// The right to record one step of one job. Every claim of a job has a higher
/// fence than the one before, and every record names it: one that comes late with
/// an old claim changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The job.
    pub job: JobId,
    /// The person it belongs to.
    pub user: UserId,
    /// The number of the claim.
    pub fence: i64,
    /// Where the job stood when it was claimed.
    pub state: JobState,
}
