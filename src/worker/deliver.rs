//! The deliver step: the video is downloaded into a temporary file and sent.

use std::{fs::File, io::Read, path::Path};

use crate::actions::{rules::BAD_DOWNLOADS, settle_deliver::Delivery};
use crate::domain::{
    article::Product,
    job::Form,
    parcel::{Parcel, VideoOfOrder},
    ports::{CourierError, DownloadError},
    secret::Secret,
    video::Container,
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
    let (url, mut form) = (&video.url, video.form);
    let mut container = Container::Mp4;
    if form != Form::Link {
        let key = context.key(step.attempt.key).ok().flatten();
        let key = key.map_or_else(Secret::default, |key| key.secret);
        let most = context.ports.courier.max_bytes();
        if let Err(error) = context.ports.maker.download(&key, url, most, file.path()) {
            return Ok(download_failed(video, error));
        }
        container = container_of(file.path())?;
        if !container.plays_in_the_chat() {
            form = Form::Document;
        }
    }
    let parcel = Parcel {
        user: step.order.user,
        language: step.order.language,
        quiet: step.order.quiet,
        file: file.path(),
        url,
        form,
        container,
        video: VideoOfOrder {
            job: step.claim.job,
            order: step.order.id,
            number: step.order.number,
            count: step.order.count,
            title: step.order.title.as_ref(),
            product: Product::of(step.order.product.as_deref(), step.order.place),
            aspect: step.order.aspect,
            vote: None,
        },
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

/// What a failed download means for a video. A host that sends something else than the whole video
/// is asked again; when it keeps to that, the person gets the address of what may be a video.
fn download_failed(video: &Video, error: DownloadError) -> Delivery {
    let is_lasting = video.failed_deliveries >= BAD_DOWNLOADS;
    let text = match error {
        DownloadError::TooLarge => return Delivery::LinkOnly("it is too large".to_owned()),
        DownloadError::Incomplete(text) if is_lasting => return Delivery::LinkOnly(text),
        DownloadError::Incomplete(text) => format!("the video broke off: {text}"),
        DownloadError::BadFile(text) => {
            let text = format!("what came is not a video: {text}");
            if is_lasting {
                return Delivery::NoVideo(text);
            }
            text
        }
        DownloadError::Gone(text) => {
            let text = format!("the video's address has expired: {text}");
            if is_lasting {
                return Delivery::NoVideo(text);
            }
            text
        }
        DownloadError::Temporary(text) => format!("the download failed: {text}"),
        DownloadError::Disk(text) => format!("the disk refused the video: {text}"),
    };
    Delivery::Failed(text)
}

/// What a downloaded file is, by its bytes; an MP4 where they do not tell.
pub(crate) fn container_of(video: &Path) -> std::io::Result<Container> {
    let mut head = Vec::new();
    File::open(video)?.take(Container::HEAD as u64).read_to_end(&mut head)?;
    Ok(Container::from_magic(&head).unwrap_or(Container::Mp4))
}
