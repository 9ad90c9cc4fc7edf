//! Fetches a finished video once more: from Telegram, which keeps it longest, else from KIE, which
//! keeps it for two weeks.

use std::path::Path;

use crate::domain::{
    ports::{DownloadError, FetchError},
    secret::Secret,
};
use crate::store::{error::StoreError, videos::MadeVideo};
use crate::worker::context::WorkerContext;

/// How it ended.
pub(crate) enum Fetched {
    /// It is in the file.
    Here,
    /// It is larger than can be sent.
    TooLarge,
    /// Nobody has it any more.
    Gone(String),
    /// It may be had later.
    NotNow(String),
}

/// Fetches a video into a file.
pub(crate) fn refetch(
    context: &WorkerContext,
    video: &MadeVideo,
    into: &Path,
) -> Result<Fetched, StoreError> {
    let ports = &context.ports;
    let of_telegram = video.file_id.as_ref().map(|id| ports.videos.fetch_video(id, into));
    let lacking = match of_telegram {
        Some(Ok(())) => return Ok(Fetched::Here),
        Some(Err(
            error @ (FetchError::Temporary(_) | FetchError::Disk(_) | FetchError::OutOfReach(_)),
        )) => Fetched::NotNow(format!("{error:?}")),
        Some(Err(error)) => Fetched::Gone(format!("{error:?}")),
        None => Fetched::Gone("Telegram has no id of it".to_owned()),
    };
    let Some(url) = &video.url else { return Ok(lacking) };
    let key = context.key(video.key)?.map_or_else(Secret::default, |key| key.secret);
    Ok(match ports.maker.download(&key, url, ports.courier.max_bytes(), into) {
        Ok(()) => Fetched::Here,
        Err(DownloadError::TooLarge) => Fetched::TooLarge,
        Err(DownloadError::Gone(text) | DownloadError::BadFile(text)) => match lacking {
            Fetched::NotNow(text) => Fetched::NotNow(text),
            _ => Fetched::Gone(text),
        },
        Err(
            DownloadError::Incomplete(text)
            | DownloadError::Temporary(text)
            | DownloadError::Disk(text),
        ) => Fetched::NotNow(text),
    })
}
