//! Ports: what the bot needs from outside. `provider` and `telegram` implement them; tests put
//! stand-ins in their place.

use std::{path::Path, time::Duration};

use crate::domain::{
    brief::{Brief, Written},
    failure::Failure,
    id::UserId,
    model::Model,
    parcel::{KeptVideo, Parcel, Receipt},
    secret::Secret,
    time::Timestamp,
    video::Aspect,
};

/// The time, and how it passes.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// How long one must really wait for `duration` to pass on this clock.
    fn real(&self, duration: Duration) -> Duration;
}

/// A provider of videos, such as KIE. All calls block, and none repeats itself.
pub trait VideoMaker: Send + Sync {
    /// Uploads a photo under a file name that nobody else uses, and returns
    /// the address under which the provider finds it.
    fn upload(&self, key: &Secret, photo: &Path, name: &str) -> Result<String, Failure>;

    /// Creates a paid task and returns its id.
    fn submit(&self, key: &Secret, request: &RenderRequest<'_>) -> Result<String, SubmitError>;

    /// Asks how a task is doing.
    fn poll(&self, key: &Secret, task: &str) -> Result<Progress, PollError>;

    /// Downloads a finished video of `most` bytes at most into a file.
    fn download(
        &self,
        key: &Secret,
        url: &str,
        most: u64,
        into: &Path,
    ) -> Result<(), DownloadError>;

    /// The credits left in the key's account at the provider.
    fn balance(&self, key: &Secret) -> Result<f64, Failure>;

    /// Whether a model takes tasks at the moment. Asking costs nothing.
    fn probe(&self, key: &Secret, model: &str) -> bool;
}

/// What a task shall render.
#[derive(Clone, Copy, Debug)]
pub struct RenderRequest<'a> {
    /// The model, and how it wants its input.
    pub model: &'a Model,
    /// What the video shall show.
    pub prompt: &'a str,
    /// The addresses of the photos of the product, as their uploads returned them: one or more, and
    /// no more than the model takes.
    pub image_urls: &'a [String],
    /// The shape of the video.
    pub aspect: Aspect,
    /// Its length in seconds; the model makes the nearest that it can.
    pub seconds: u32,
}

/// Why a submission brought no task id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmitError {
    /// The provider said no: there is no task.
    Refused(Failure),
    /// The request was sent and no usable answer came: there may be a paid
    /// task that nobody knows the id of.
    Lost(String),
    /// The request never left: there is no task.
    NotSent(String),
}

/// How a task is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Waiting or rendering.
    Running,
    /// The video can be downloaded here.
    Done {
        /// The address of the video.
        url: String,
    },
    /// Finished, and the answer names no video: it tends to come later.
    NoAddress,
    /// The task failed; it costs nothing.
    Failed(Failure),
}

/// Why a poll gave no state of the task. None of these means that the render failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PollError {
    /// The provider does not know the task; just after its creation that is normal.
    NotFound(String),
    /// The provider refused the request, not the task: a rate limit, a dead key, maintenance.
    Refused(Failure),
    /// No usable answer.
    Lost(String),
}

/// Why a finished video could not be downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DownloadError {
    /// The address has expired: a fresh one may be had.
    Gone(String),
    /// What came is no video: a page, a message, a picture, nothing. Next time it may be one.
    BadFile(String),
    /// What came is only the beginning of a video.
    Incomplete(String),
    /// It is larger than was allowed.
    TooLarge,
    /// The network or the server failed; try again.
    Temporary(String),
    /// Our own disk refused the file.
    Disk(String),
}

/// Photos as people sent them.
pub trait PhotoSource: Send + Sync {
    /// Saves the photo with a Telegram file id into a file.
    fn fetch(&self, file_id: &str, into: &Path) -> Result<(), FetchError>;
}

/// Voice messages as people sent them.
pub trait VoiceSource: Send + Sync {
    /// Saves the voice message with a Telegram file id into a file.
    fn fetch_voice(&self, file_id: &str, into: &Path) -> Result<(), FetchError>;
}

/// Puts what was spoken into words.
pub trait Transcriber: Send + Sync {
    /// The words of a voice message; its name has the ending of its format. `key` is a KIE key,
    /// for when the operator gave no other.
    fn transcribe(
        &self,
        voice: &Path,
        name: &str,
        key: Option<&Secret>,
    ) -> Result<String, TranscribeError>;
}

/// Why there are no words. The texts never repeat the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TranscribeError {
    /// The network or the server failed; try again.
    Temporary(String),
    /// The server does not take it, and will not.
    Refused(String),
}

/// Videos that Telegram keeps.
pub trait VideoSource: Send + Sync {
    /// Saves the video with a Telegram file id into a file. Telegram hands out files of 20 MB at
    /// most.
    fn fetch_video(&self, file_id: &str, into: &Path) -> Result<(), FetchError>;
}

/// Why a photo, a voice message or a video could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// Over Telegram's or KIE's limit.
    TooLarge,
    /// Telegram no longer has it.
    Gone(String),
    /// Telegram does not hand it out: the id is another bot's, or the file is not to be had just now.
    Unavailable(String),
    /// Telegram has it, and it cannot be read from here: the operator's to mend.
    OutOfReach(String),
    /// The network or the server failed; try again.
    Temporary(String),
    /// Our own disk refused the file.
    Disk(String),
}

/// Delivers finished videos to people.
pub trait Courier: Send + Sync {
    /// The largest file that can be sent, in bytes.
    fn max_bytes(&self) -> u64;

    /// When the next message may go to this person, by Telegram's limits.
    fn ready_at(&self, user: UserId) -> Timestamp;

    /// Sends a video. An error does not always mean that it did not arrive.
    fn deliver(&self, parcel: &Parcel<'_>) -> Result<Receipt, CourierError>;

    /// Sends a video that Telegram has. An id that is another bot's is refused.
    fn send_again(&self, kept: &KeptVideo<'_>) -> Result<Receipt, CourierError>;

    /// Sends a file under this name, with a caption in HTML.
    fn send_file(
        &self,
        user: UserId,
        file: &Path,
        name: &str,
        caption: &str,
    ) -> Result<(), CourierError>;
}

/// Why a video may not have arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CourierError {
    /// Telegram wants us to wait.
    Later(Duration),
    /// The person blocked the bot or is gone.
    Blocked,
    /// Telegram does not take it in this form.
    Refused(String),
    /// It did not arrive, as far as anybody can tell: network or server trouble.
    Temporary(String),
    /// It was sent, and the answer was lost: it may have arrived.
    Unconfirmed(String),
}

/// Turns an idea into the final prompt.
pub trait PromptWriter: Send + Sync {
    /// Writes the prompt. `key` is a KIE key, for when the operator gave no other.
    fn write(&self, brief: &Brief, key: Option<&Secret>) -> Result<Written, String>;
}
