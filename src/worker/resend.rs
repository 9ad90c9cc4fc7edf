//! Sends a video once more, as it was or as a file.

use std::path::Path;

use crate::domain::{
    id::JobId,
    job::Form,
    parcel::{KeptVideo, Parcel},
    ports::CourierError,
    time::Timestamp,
    user::Language,
    video::Container,
};
use crate::store::{
    error::StoreError,
    exports::{OpenExport, Packed},
    videos::{self, MadeVideo},
};
use crate::worker::{
    context::WorkerContext,
    deliver::container_of,
    refetch::{Fetched, refetch},
};

/// How often a video is looked for that seems to be gone.
const LOOKS: u32 = 3;

/// What became of a request.
pub(crate) enum Outcome {
    /// It is sent; of a video, Telegram has it under this id.
    Sent(Option<String>),
    /// A part of an archive is sent: these are done now.
    Packed(Vec<Packed>),
    /// It may go at this time.
    NotBefore(Timestamp),
    /// It did not go.
    Failed(String),
    /// Nobody has the video any more.
    Gone(String),
    /// It can be had in the chat, and not as a file.
    OnlyInChat,
    /// The person blocked the bot or is gone.
    Blocked,
    /// The person was known to have blocked the bot.
    StillBlocked,
}

/// What an error of the courier means for a request.
pub(crate) fn not_sent(context: &WorkerContext, open: &OpenExport, error: CourierError) -> Outcome {
    match error {
        CourierError::Later(wait) => Outcome::NotBefore(context.db.clock.now() + wait),
        CourierError::Blocked => Outcome::Blocked,
        // It may have arrived: twice is better than never, and enough.
        CourierError::Unconfirmed(_) if open.tries > 0 => Outcome::Sent(None),
        CourierError::Refused(text)
        | CourierError::Temporary(text)
        | CourierError::Unconfirmed(text) => Outcome::Failed(text),
    }
}

/// Sends a video by Telegram's id of it; where that is another bot's, it is fetched from KIE.
pub(crate) fn resend_video(
    context: &WorkerContext,
    open: &OpenExport,
    job: JobId,
    language: Language,
) -> Result<Outcome, StoreError> {
    let Some(mut video) = find(context, open, job)? else { return Ok(Outcome::Sent(None)) };
    if let Some(file_id) = &video.file_id {
        let (user, gift) = (open.user, video.is_gift);
        let kept = KeptVideo { user, language, file_id, video: video.of_order(), gift };
        match context.ports.courier.send_again(&kept) {
            Ok(receipt) => return Ok(Outcome::Sent(receipt.file_id)),
            Err(CourierError::Refused(text)) => {
                tracing::debug!(job.id = job.0, text, "Telegram does not know a video");
            }
            Err(error) => return Ok(not_sent(context, open, error)),
        }
    }
    video.file_id = None;
    fetch_and_send(context, open, &video, Form::Video, language)
}

/// Sends a video as a file.
pub(crate) fn resend_file(
    context: &WorkerContext,
    open: &OpenExport,
    job: JobId,
    language: Language,
) -> Result<Outcome, StoreError> {
    let Some(video) = find(context, open, job)? else { return Ok(Outcome::Sent(None)) };
    fetch_and_send(context, open, &video, Form::Document, language)
}

fn find(
    context: &WorkerContext,
    open: &OpenExport,
    job: JobId,
) -> Result<Option<MadeVideo>, StoreError> {
    let now = context.db.clock.now();
    context.db.read(|view| videos::find(view, open.user, now, job))
}

fn fetch_and_send(
    context: &WorkerContext,
    open: &OpenExport,
    video: &MadeVideo,
    form: Form,
    language: Language,
) -> Result<Outcome, StoreError> {
    let file = context.scratch.file()?;
    let form = match refetch(context, video, file.path())? {
        Fetched::Here => form,
        Fetched::TooLarge => Form::Link,
        Fetched::NotNow(text) => return Ok(Outcome::Failed(text)),
        Fetched::Missing(text) if open.tries + 1 < LOOKS => return Ok(Outcome::Failed(text)),
        Fetched::Missing(text) | Fetched::Gone(text) => return Ok(Outcome::Gone(text)),
        Fetched::OnlyInChat => return Ok(Outcome::OnlyInChat),
    };
    let container = container_of(file.path())?;
    let plays = container.plays_in_the_chat() || form == Form::Link;
    let form = if plays { form } else { Form::Document };
    Ok(send(context, open, video, file.path(), (form, container), language))
}

/// Sends a file with a video, in a plainer form where Telegram does not take it in this one.
fn send(
    context: &WorkerContext,
    open: &OpenExport,
    video: &MadeVideo,
    file: &Path,
    (mut form, container): (Form, Container),
    language: Language,
) -> Outcome {
    let (user, gift) = (open.user, video.is_gift);
    let url = video.url.as_deref().unwrap_or_default();
    loop {
        let of_order = video.of_order();
        let video = of_order;
        // They have just asked for it.
        let quiet = Some(false);
        let parcel = Parcel { user, language, quiet, file, url, form, container, video, gift };
        match context.ports.courier.deliver(&parcel) {
            Ok(receipt) => return Outcome::Sent(receipt.file_id),
            Err(CourierError::Refused(text)) => match form.plainer() {
                Some(plainer) if plainer != Form::Link || !url.is_empty() => form = plainer,
                _ => return Outcome::Failed(text),
            },
            Err(error) => return not_sent(context, open, error),
        }
    }
}
