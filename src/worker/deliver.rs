//! The deliver step: the video is downloaded into a temporary file and sent.

use crate::actions::settle_deliver::Delivery;
use crate::domain::{
    job::Form,
    ports::{CourierError, DownloadError, Parcel},
    secret::Secret,
};
use crate::store::claimed_step::{ClaimedStep, Video};
use crate::worker::context::WorkerContext;

/// Delivers a finished video. Nothing is downloaded before Telegram's limits let it be sent.
/// Whether a person has blocked the bot is found out by sending: a text that was refused
/// proves nothing about a video.
pub(crate) fn deliver(context: &WorkerContext, step: &ClaimedStep) -> Delivery {
    let (now, ready) = (context.db.clock.now(), context.ports.courier.ready_at(step.order.user));
    if ready > now || context.stop.is_set() {
        return Delivery::NotBefore(ready.max(now));
    }
    let Some(video) = &step.video else {
        return Delivery::Failed("the video has no address".to_owned());
    };
    match send(context, step, video) {
        Ok(delivery) => delivery,
        Err(error) => Delivery::Failed(error.to_string()),
    }
}

fn send(context: &WorkerContext, step: &ClaimedStep, video: &Video) -> std::io::Result<Delivery> {
    let file = context.scratch.file()?;
    let url = &video.url;
    if video.form != Form::Link {
        let key = context.key(step.attempt.key).ok().flatten();
        let key = key.map_or_else(Secret::default, |key| key.secret);
        if let Err(error) = context.ports.maker.download(&key, url, file.path()) {
            return Ok(download_failed(error));
        }
    }
    let parcel = Parcel {
        user: step.order.user,
        language: step.order.language,
        file: file.path(),
        url,
        form: video.form,
        number: step.order.number,
        count: step.order.count,
        gift: step.claim.state.is_ended(),
    };
    Ok(match context.ports.courier.deliver(&parcel) {
        Ok(receipt) => Delivery::Sent(receipt.file_id),
        Err(CourierError::Later(wait)) => Delivery::Later(wait),
        Err(CourierError::Blocked) => Delivery::Blocked,
        Err(CourierError::Refused(text)) => Delivery::Refused(text),
        Err(CourierError::Temporary(text)) => Delivery::Failed(text),
        Err(CourierError::Unconfirmed(text)) => Delivery::Unconfirmed(text),
    })
}

fn download_failed(error: DownloadError) -> Delivery {
    Delivery::Failed(match error {
        DownloadError::TooLarge => return Delivery::TooLarge,
        DownloadError::Gone(text) => format!("the video's address has expired: {text}"),
        DownloadError::BadFile(text) => format!("what came is not a video: {text}"),
        DownloadError::Temporary(text) => format!("the download failed: {text}"),
        DownloadError::Disk(text) => format!("the disk refused the video: {text}"),
    })
}
