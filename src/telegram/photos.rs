//! Photos and voice messages as people sent them, and videos that they were sent, fetched from Telegram.

use std::path::Path;

use reqwest::Url;
use serde_json::Value;
use teloxide::payloads::GetFile;
use tokio::{
    fs::{File, metadata},
    io::{AsyncReadExt, AsyncWriteExt},
    runtime::Handle,
};

use crate::domain::{
    photo::MAX_PHOTO_BYTES,
    ports::{FetchError, PhotoSource, VideoSource, VoiceSource},
    voice_message::MAX_VOICE_BYTES,
};
use crate::telegram::{
    bot::{Bot, CALL, TRANSFER},
    error::TelegramError,
};

/// Telegram's photos and videos. It blocks, and must be called from outside the runtime.
#[derive(Clone)]
pub(crate) struct TelegramPhotos {
    bot: Bot,
    runtime: Handle,
}

impl TelegramPhotos {
    /// Photos of this bot; waits on `runtime`.
    pub(crate) fn new(bot: Bot, runtime: Handle) -> Self {
        Self { bot, runtime }
    }

    /// As [`PhotoSource::fetch`], for callers inside the runtime.
    pub(crate) async fn fetch_async(&self, file_id: &str, into: &Path) -> Result<(), FetchError> {
        self.fetch_up_to(MAX_PHOTO_BYTES, file_id, into).await
    }

    /// Saves a file of at most so many bytes.
    async fn fetch_up_to(&self, most: u64, file_id: &str, into: &Path) -> Result<(), FetchError> {
        let payload = GetFile::new(file_id.to_owned().into());
        let file = self.bot.call(&payload, CALL).await.map_err(not_found)?;
        let size = file.get("file_size").and_then(Value::as_u64);
        if size.is_some_and(|size| size > most) {
            return Err(FetchError::TooLarge);
        }
        let path = file.get("file_path").and_then(Value::as_str);
        let path = path.ok_or_else(|| FetchError::Gone("Telegram gives no path".to_owned()))?;
        let path = path.strip_prefix("file://").unwrap_or(path);
        let is_on_a_disk = Path::new(path).is_absolute();
        if is_on_a_disk {
            self.bot.note_local();
        }
        let fetched = if is_on_a_disk && self.bot.reads_files() {
            // What is no common file may never come to an end.
            let read = tokio::time::timeout(CALL, self.read(most, path, size, into)).await;
            read.unwrap_or_else(|_| Err(FetchError::OutOfReach("it cannot be read".to_owned())))
        } else {
            self.download(most, path, into).await
        };
        if let Err(FetchError::OutOfReach(reason)) = &fetched {
            tracing::warn!(reason, "Telegram has a file that cannot be read here");
        }
        fetched
    }

    /// Copies a file of a local Bot API server, which lies on this machine.
    async fn read(
        &self,
        most: u64,
        path: &str,
        size: Option<u64>,
        into: &Path,
    ) -> Result<(), FetchError> {
        let found = metadata(path).await.map_err(|error| unreadable(&error))?;
        let is_huge = found.len() > most;
        // To open a pipe is to wait for whoever writes into it. A size that was announced may be
        // wrong by some bytes, but hardly that of a photo for that of something huge.
        if !found.is_file() || found.len() == 0 || is_huge && size.is_some_and(|size| size > 0) {
            let text = "what lies at the server's path is not the file that it names";
            return Err(FetchError::OutOfReach(text.to_owned()));
        }
        if is_huge {
            return Err(FetchError::TooLarge);
        }
        let mut from = File::open(path).await.map_err(|error| unreadable(&error))?;
        let mut limited = (&mut from).take(most);
        let mut file = File::create(into).await.map_err(disk)?;
        tokio::io::copy(&mut limited, &mut file).await.map_err(|error| unreadable(&error))?;
        file.flush().await.map_err(disk)
    }

    async fn download(&self, most: u64, path: &str, into: &Path) -> Result<(), FetchError> {
        let mut found = Err(FetchError::OutOfReach("there is no address".to_owned()));
        for url in self.bot.file_urls(path) {
            found = self.download_from(most, url, into).await;
            if !matches!(found, Err(FetchError::OutOfReach(_))) {
                break;
            }
        }
        found
    }

    /// Streams the file to the disk. Whether it arrived whole HTTP knows; the size that was
    /// announced may be another one.
    async fn download_from(&self, most: u64, url: Url, into: &Path) -> Result<(), FetchError> {
        let request = self.bot.inner().client().get(url).timeout(TRANSFER);
        let mut answer = request.send().await.map_err(lost)?;
        check(answer.status().as_u16())?;
        let mut file = File::create(into).await.map_err(disk)?;
        let mut length = 0;
        while let Some(chunk) = answer.chunk().await.map_err(lost)? {
            length += chunk.len() as u64;
            if length > most {
                return Err(FetchError::TooLarge);
            }
            file.write_all(&chunk).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)
    }
}

impl PhotoSource for TelegramPhotos {
    fn fetch(&self, file_id: &str, into: &Path) -> Result<(), FetchError> {
        self.runtime.block_on(self.fetch_async(file_id, into))
    }
}

impl VoiceSource for TelegramPhotos {
    fn fetch_voice(&self, file_id: &str, into: &Path) -> Result<(), FetchError> {
        self.runtime.block_on(self.fetch_up_to(MAX_VOICE_BYTES, file_id, into))
    }
}

impl VideoSource for TelegramPhotos {
    fn fetch_video(&self, file_id: &str, into: &Path) -> Result<(), FetchError> {
        // Telegram itself hands out no larger one; a server of one's own does.
        let most = self.bot.max_bytes();
        self.runtime.block_on(self.fetch_up_to(most, file_id, into))
    }
}

/// The error of getFile. One of Telegram's descriptions leaves open whether the file is
/// gone: that the id is "wrong" "or the file is temporarily unavailable". A server of the Bot API says
/// it of every download that comes to nothing.
fn not_found(error: TelegramError) -> FetchError {
    match error {
        TelegramError::TooLarge(_) => FetchError::TooLarge,
        TelegramError::Refused(text) if text.contains("temporarily") => {
            FetchError::Unavailable(text)
        }
        TelegramError::Refused(text) => FetchError::Gone(text),
        other => FetchError::Temporary(other.to_string()),
    }
}

/// What the status of a download means. Telegram has just given the path: where nothing is found
/// there, we look in the wrong place, and the photo is as good as it was.
fn check(status: u16) -> Result<(), FetchError> {
    let text = format!("HTTP {status} for a file that Telegram has just named");
    match status {
        200..300 => Ok(()),
        413 => Err(FetchError::TooLarge),
        401 | 403 | 404 | 410 => Err(FetchError::OutOfReach(text)),
        _ => Err(FetchError::Temporary(format!("HTTP {status}"))),
    }
}

fn lost(error: reqwest::Error) -> FetchError {
    FetchError::Temporary(TelegramError::from_transport(error).to_string())
}

/// Without the path, in which the token is.
fn unreadable(error: &std::io::Error) -> FetchError {
    FetchError::OutOfReach(format!("the local Bot API server's file: {}", error.kind()))
}

#[allow(clippy::needless_pass_by_value)]
fn disk(error: std::io::Error) -> FetchError {
    FetchError::Disk(error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::telegram::scripted::{Answer, TOKEN, scripted};

    fn found(size: Option<u64>) -> Answer {
        let mut file = json!({"file_id": "f", "file_path": "photos/file_1.jpg"});
        if let Some(size) = size {
            file["file_size"] = size.into();
        }
        Answer::ok(&file)
    }

    /// What fetching returns, which methods it called, and what it wrote.
    async fn fetched(script: Vec<Answer>) -> (Result<(), FetchError>, Vec<String>, Vec<u8>) {
        let (server, bot) = scripted(script).await;
        let folder = tempfile::tempdir().unwrap();
        let into = folder.path().join("photo");
        let got = TelegramPhotos::new(bot, Handle::current()).fetch_async("f", &into).await;
        (got, server.methods(), std::fs::read(into).unwrap_or_default())
    }

    #[tokio::test]
    async fn a_photo_is_found_and_fetched() {
        let (got, methods, bytes) =
            fetched(vec![found(Some(6)), Answer::text(200, "a cup!")]).await;
        assert_eq!((got, bytes.as_slice()), (Ok(()), b"a cup!".as_slice()));
        assert_eq!(methods, ["GetFile", "photos%2Ffile_1.jpg"]);
    }

    #[tokio::test]
    async fn a_photo_that_arrives_whole_is_taken_whatever_size_was_announced() {
        for announced in [0, 5, 600] {
            let (got, _, bytes) =
                fetched(vec![found(Some(announced)), Answer::text(200, "a cup!")]).await;
            assert_eq!((got, bytes.as_slice()), (Ok(()), b"a cup!".as_slice()), "{announced}");
        }
    }

    #[tokio::test]
    async fn a_photo_that_is_too_large_is_not_written_whole() {
        let (got, ..) = fetched(vec![Answer::error(400, "Bad Request: file is too big")]).await;
        assert_eq!(got, Err(FetchError::TooLarge));
        let (got, methods, _) = fetched(vec![found(Some(MAX_PHOTO_BYTES + 1))]).await;
        assert_eq!((got, methods.len()), (Err(FetchError::TooLarge), 1));
        let endless = Answer::Body(200, vec![0; 11_000_000]);
        let (got, _, bytes) = fetched(vec![found(None), endless]).await;
        assert_eq!(got, Err(FetchError::TooLarge));
        assert!(bytes.len() as u64 <= MAX_PHOTO_BYTES);
    }

    #[tokio::test]
    async fn a_photo_that_is_not_where_telegram_says_is_our_fault_and_not_the_persons() {
        for status in [401, 403, 404, 410] {
            let script = vec![found(None), Answer::text(status, "nothing here")];
            let (got, ..) = fetched(script).await;
            assert!(matches!(got, Err(FetchError::OutOfReach(_))), "{status}: {got:?}");
        }
    }

    #[tokio::test]
    async fn a_local_servers_file_is_read_from_the_disk_within_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file_1.jpg");
        let at = |path: &Path| vec![Answer::ok(&json!({"file_path": path.to_str().unwrap()}))];
        std::fs::write(&path, "a cup!").unwrap();
        let (got, methods, bytes) = fetched(at(&path)).await;
        assert_eq!((got, bytes.as_slice()), (Ok(()), b"a cup!".as_slice()));
        assert_eq!(methods, ["GetFile"]);
        std::fs::write(&path, vec![0; 11_000_000]).unwrap();
        assert_eq!(fetched(at(&path)).await.0, Err(FetchError::TooLarge));
        let pipe = folder.path().join("pipe.jpg");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let named = json!({"file_path": path.to_str().unwrap(), "file_size": 65_153});
        let named = || vec![Answer::ok(&named)];
        let (got, ..) = fetched(named()).await;
        assert!(matches!(got, Err(FetchError::OutOfReach(_))), "{got:?}");
        std::fs::write(&path, "").unwrap();
        let (got, ..) = fetched(named()).await;
        assert!(matches!(got, Err(FetchError::OutOfReach(_))), "{got:?}");
        std::fs::write(&path, "a cup of another size").unwrap();
        assert_eq!(fetched(named()).await.0, Ok(()));
        for nothing in [folder.path(), &folder.path().join("gone.jpg"), &pipe] {
            let (got, ..) = fetched(at(nothing)).await;
            assert!(matches!(got, Err(FetchError::OutOfReach(_))), "{got:?}");
        }
    }

    #[tokio::test]
    async fn a_photo_that_is_gone_is_distinguished_from_one_that_may_come_back() {
        let gone = |got| matches!(got, Err(FetchError::Gone(_)));
        let temporary = |got: &Result<(), FetchError>| matches!(got, Err(FetchError::Temporary(_)));
        assert!(gone(fetched(vec![Answer::error(400, "Bad Request: invalid file_id")]).await.0));
        assert!(gone(fetched(vec![Answer::ok(&json!({}))]).await.0));
        let unavailable = "Bad Request: wrong file_id or the file is temporarily unavailable";
        let got = fetched(vec![Answer::error(400, unavailable)]).await.0;
        assert!(matches!(got, Err(FetchError::Unavailable(_))), "{got:?}");
        for script in [
            vec![Answer::HangUp],
            vec![found(None), Answer::text(502, "<html>")],
            vec![found(None), Answer::HangUp],
            vec![found(Some(6)), Answer::Cut(b"a cup".to_vec())],
        ] {
            let (got, ..) = fetched(script.clone()).await;
            assert!(temporary(&got), "{script:?}: {got:?}");
            assert!(!format!("{got:?}").contains(TOKEN));
        }
    }
}
