//! Downloads: a finished video is written to the disk in pieces, never held in memory.

use std::{
    fs::File,
    io::{BufReader, Read, Write},
    path::Path,
};

use ureq::{
    Body, Error,
    http::{Response, header::CONTENT_RANGE},
};

use crate::domain::{ports::DownloadError, video::Container};
use crate::provider::{
    agent::{describe, is_fetchable},
    kie::{files::Files, whole::missing},
};

/// Downloads a video into a file, of `most` bytes at most. The key is not sent: the file hosts need
/// none. After an error there is no file.
pub(crate) fn fetch(files: &Files, url: &str, most: u64, into: &Path) -> Result<(), DownloadError> {
    if !is_fetchable(url) {
        return Err(DownloadError::BadFile("the address is not one of http or https".to_owned()));
    }
    let mut answer = files.get(url).map_err(|error| match error {
        // Whoever asks again is sent the same way.
        Error::TooManyRedirects | Error::RedirectFailed | Error::BadUri(_) => {
            DownloadError::BadFile(describe(&error))
        }
        _ => DownloadError::Temporary(describe(&error)),
    })?;
    check(&answer, most)?;
    let saved = save(answer.body_mut(), most, into);
    if saved.is_err() {
        // The first error matters, and there may be no file.
        let _ = std::fs::remove_file(into);
    }
    saved
}

/// Turns away what is certainly no file; all else shows itself in its bytes.
fn check(answer: &Response<Body>, most: u64) -> Result<(), DownloadError> {
    let status = answer.status().as_u16();
    match status {
        // Some hosts and proxies call a whole file a part, or not the original.
        200..=299 => {}
        403 | 404 | 410 => return Err(DownloadError::Gone(format!("HTTP {status}"))),
        408 | 425 | 429 | 500.. => return Err(DownloadError::Temporary(format!("HTTP {status}"))),
        _ => return Err(DownloadError::BadFile(format!("HTTP {status}"))),
    }
    if let Some(whole) = length_of_whole(answer)
        && answer.body().content_length().is_some_and(|length| length < whole)
    {
        return Err(DownloadError::Incomplete(format!("a part of {whole} bytes")));
    }
    match answer.body().content_length() {
        Some(length) if length > most => Err(DownloadError::TooLarge),
        _ => Ok(()),
    }
}

/// How long the whole file is of which a part is sent, if the answer says so.
fn length_of_whole(answer: &Response<Body>) -> Option<u64> {
    let range = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    range.rsplit_once('/')?.1.trim().parse().ok()
}

fn save(body: &mut Body, most: u64, into: &Path) -> Result<(), DownloadError> {
    let mut reader = body.with_config().limit(u64::MAX).reader();
    let mut chunk = vec![0; 64 * 1024];
    let mut length = fill(&mut reader, &mut chunk)?;
    let container = container(&chunk[..length])?;
    let mut file = File::create(into).map_err(|error| disk(&error))?;
    let mut total = 0;
    while length > 0 {
        total += length as u64;
        if total > most {
            return Err(DownloadError::TooLarge);
        }
        file.write_all(&chunk[..length]).map_err(|error| disk(&error))?;
        length = fill(&mut reader, &mut chunk)?;
    }
    file.flush().map_err(|error| disk(&error))?;
    let file = File::open(into).map_err(|error| disk(&error))?;
    match missing(&mut BufReader::new(file), total, container).map_err(|error| disk(&error))? {
        Some(what) => Err(DownloadError::Incomplete(format!("{what}, after {total} bytes"))),
        None => Ok(()),
    }
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
                return Err(DownloadError::Incomplete(describe(&ureq::Error::from(error))));
            }
        }
    }
    Ok(length)
}

/// What a file with this beginning is.
fn container(head: &[u8]) -> Result<Container, DownloadError> {
    if let Some(container) = Container::from_magic(head) {
        return Ok(container);
    }
    let bad = |text: &str| Err(DownloadError::BadFile(text.to_owned()));
    match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => bad("an empty answer"),
        Some(b'<') => bad("a page"),
        Some(_) if is_text(head) => bad("a text"),
        Some(_) => bad("a file of another kind"),
    }
}

/// Whether a beginning is of a text, in whatever language: a message in place of the file.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The chunk may end within a character.
        Err(error) if head.len() - error.valid_up_to() < 4 => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.chars().any(|c| c.is_control() && !c.is_whitespace())
}

fn disk(error: &std::io::Error) -> DownloadError {
    DownloadError::Disk(error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_is_known_by_its_first_bytes() {
        let stream = [b"\x47", &[0xFF; 187][..]].concat().repeat(3);
        for (head, found) in [
            (&b"\0\0\0\x18ftypisom"[..], Ok(Container::Mp4)),
            (b"\0\0\0\x14ftypqt  \0\0\0\0", Ok(Container::QuickTime)),
            (b"\0\0\0\x08wide\0\0\0\x10mdat", Ok(Container::QuickTime)),
            (b"\x1A\x45\xDF\xA3\x87\x42\x82\x84webm", Ok(Container::WebM)),
            (b"\x1A\x45\xDF\xA3\x8B\x42\x82\x88matroska", Ok(Container::Matroska)),
            (b"", Err("bad")),
            (b" \r\n", Err("bad")),
            (b"<!DOCTYPE html>", Err("bad")),
            (b"{\"code\":422,\"msg\":\"expired\"}", Err("bad")),
            ("\u{feff}{\"msg\":\"ссылка истекла\"}".as_bytes(), Err("bad")),
            (&"срок истёк".as_bytes()[..10], Err("bad")),
            (b"Not Found", Err("bad")),
            (b"GIF89a\x01\0\x01\0", Ok(Container::Other("gif"))),
            (b"RIFF\x10\0\0\0AVI LIST", Ok(Container::Other("avi"))),
            (b"FLV\x01\x05\0\0\0\x09", Ok(Container::Other("flv"))),
            (&stream, Ok(Container::Other("ts"))),
            (b"\x1F\x8B\x08\0\0\0\0\0", Err("bad")),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Err("bad")),
            (b"\x89PNG\r\n\x1a\n\0", Err("bad")),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Err("bad")),
            (b"\0\0\0\x18ftypheic", Err("bad")),
            (b"ID3\x04\0\0\0", Err("bad")),
            (&[0; 500], Err("bad")),
            (b"\x47\x40\x11\x10\0", Err("bad")),
        ] {
            let got = container(head).map_err(|error| match error {
                DownloadError::BadFile(_) => "bad",
                other => panic!("{other:?}"),
            });
            assert_eq!(got, found, "{head:?}");
        }
    }
}
