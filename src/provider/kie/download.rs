//! Downloads: a finished video is written to the disk in pieces, never held in memory.

use std::{
    fs::File,
    io::{Read, Write},
    path::Path,
};

use ureq::{Body, http::Response};

use crate::domain::{ports::DownloadError, video::MAX_VIDEO_BYTES};
use crate::provider::{
    agent::{describe, is_fetchable},
    kie::files::Files,
};

/// Downloads a video into a file, up to the size that a bot can send. The key is not sent: the
/// file hosts need none. After an error there is no file.
pub(crate) fn fetch(files: &Files, url: &str, into: &Path) -> Result<(), DownloadError> {
    if !is_fetchable(url) {
        return Err(DownloadError::BadFile("the address is not one of http or https".to_owned()));
    }
    let mut answer = files.get(url).map_err(|error| DownloadError::Temporary(describe(&error)))?;
    check(&answer)?;
    let saved = save(answer.body_mut(), into);
    if saved.is_err() {
        // The first error matters, and there may be no file.
        let _ = std::fs::remove_file(into);
    }
    saved
}

fn check(answer: &Response<Body>) -> Result<(), DownloadError> {
    let status = answer.status().as_u16();
    match status {
        200 => {}
        403 | 404 | 410 => return Err(DownloadError::Gone(format!("HTTP {status}"))),
        _ => return Err(DownloadError::Temporary(format!("HTTP {status}"))),
    }
    match answer.body().content_length() {
        Some(length) if length > MAX_VIDEO_BYTES => Err(DownloadError::TooLarge),
        _ => Ok(()),
    }
}

fn save(body: &mut Body, into: &Path) -> Result<(), DownloadError> {
    let mut reader = body.with_config().limit(u64::MAX).reader();
    let mut chunk = vec![0; 64 * 1024];
    let mut length = fill(&mut reader, &mut chunk)?;
    check_head(&chunk[..length])?;
    let mut file = File::create(into).map_err(|error| disk(&error))?;
    let mut total = 0;
    while length > 0 {
        total += length as u64;
        if total > MAX_VIDEO_BYTES {
            return Err(DownloadError::TooLarge);
        }
        file.write_all(&chunk[..length]).map_err(|error| disk(&error))?;
        length = fill(&mut reader, &mut chunk)?;
    }
    file.flush().map_err(|error| disk(&error))
}

/// Reads until the chunk is full or the body ends. A body shorter than its
/// Content-Length is an error already in ureq.
fn fill(reader: &mut impl Read, chunk: &mut [u8]) -> Result<usize, DownloadError> {
    let mut length = 0;
    while length < chunk.len() {
        match reader.read(&mut chunk[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) => {
                return Err(DownloadError::Temporary(describe(&ureq::Error::from(error))));
            }
        }
    }
    Ok(length)
}

/// An MP4 has `ftyp` at its fifth byte.
fn check_head(head: &[u8]) -> Result<(), DownloadError> {
    if head.get(4..8) == Some(b"ftyp") {
        return Ok(());
    }
    match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(DownloadError::Temporary("an empty answer".to_owned())),
        Some(b'<') => Err(DownloadError::Temporary("a page instead of a video".to_owned())),
        Some(_) => Err(DownloadError::BadFile("not an MP4 file".to_owned())),
    }
}

fn disk(error: &std::io::Error) -> DownloadError {
    DownloadError::Disk(error.kind().to_string())
}
