//! Fetches a finished video once more: from Telegram, which keeps it longest, else from KIE, which
//! keeps it for two weeks.

use std::path::Path;

use crate::domain::{
    ports::{DownloadError, FetchError},
    secret::Secret,
};
use crate::store::{
    error::StoreError,
    videos::{KEPT_BY_KIE, MadeVideo},
};
use crate::worker::context::WorkerContext;

/// How it ended.
pub(crate) enum Fetched {
    /// It is in the file.
    Here,
    /// It is larger than can be sent.
    TooLarge,
    /// Telegram has it and hands out no file as large, and nobody else has it.
    OnlyInChat,
    /// Nobody has it any more.
    Gone(String),
    /// Nobody seems to have it.
    Missing(String),
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
        Some(Err(FetchError::Unavailable(text))) => Fetched::Missing(text),
        Some(Err(FetchError::TooLarge)) => Fetched::OnlyInChat,
        Some(Err(FetchError::Gone(text))) => Fetched::Gone(text),
        None => Fetched::Gone("Telegram has no id of it for this bot".to_owned()),
    };
    let Some(url) = &video.url else { return Ok(lacking) };
    let key = context.key(video.key)?.map_or_else(Secret::default, |key| key.secret);
    Ok(match ports.maker.download(&key, url, ports.courier.max_bytes(), into) {
        Ok(()) => Fetched::Here,
        Err(DownloadError::TooLarge) => Fetched::TooLarge,
        Err(DownloadError::Gone(text) | DownloadError::BadFile(text)) => match lacking {
            // While KIE should have it, it may be a passing fault.
            Fetched::Gone(_) if context.db.clock.now().since(video.at) < KEPT_BY_KIE => {
                Fetched::Missing(text)
            }
            lacking => lacking,
        },
        Err(
            DownloadError::Incomplete(text)
            | DownloadError::Temporary(text)
            | DownloadError::Disk(text),
        ) => Fetched::NotNow(text),
    })
}
