//! The bot's account at Telegram and the one connection pool to it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::Url;
use thiserror::Error;

use crate::config::{proxy::Proxy, telegram::Telegram};
use crate::domain::video::{MAX_LOCAL_VIDEO_BYTES, MAX_VIDEO_BYTES};
use crate::service::outage::Outage;
use crate::telegram::error::TelegramError;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an unused connection is kept: shorter than servers keep theirs, for
/// a request on one that is just being closed would be lost without a trace.
const IDLE: Duration = Duration::from_secs(20);

/// How long an ordinary call may take.
pub(crate) const CALL: Duration = Duration::from_secs(30);

/// How long a video may take to send, or a photo to fetch: 50 MB at 1.4 Mbit/s.
pub(crate) const TRANSFER: Duration = Duration::from_mins(5);

/// The bot, as far as calls need it. Clones share their connections.
#[derive(Clone)]
pub struct Bot {
    inner: teloxide::Bot,
    /// Where a local Bot API server's files are served.
    file_url: Option<Url>,
    is_telegrams_own: bool,
    /// Whether the Bot API is seen to be a local server, which takes larger files.
    is_local: Arc<AtomicBool>,
    outage: Arc<Outage>,
}

/// Why there is no bot.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BotError {
    /// The Bot API's address is not a URL.
    #[error("{0} is not an address of a Bot API: {1}")]
    BadUrl(&'static str, String),
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot start: {0}")]
    Client(String),
}

impl Bot {
    /// A bot that is reached at `api_url`, such as `https://api.telegram.org`, by the config's
    /// proxy; a path in an address is kept, a slash at its end is not. Makes no call yet.
    pub fn new(telegram: &Telegram) -> Result<Self, BotError> {
        let url = address("telegram.api_url", &telegram.api_url)?;
        let file_url = Some(&telegram.file_url).filter(|url| !url.is_empty());
        let file_url = file_url.map(|url| address("telegram.file_url", url)).transpose()?;
        let client =
            client(&telegram.proxy).map_err(|error| BotError::Client(error.to_string()))?;
        let inner = teloxide::Bot::with_client(telegram.token.expose(), client).set_api_url(url);
        let outage = Outage::new("Telegram does not answer", "Telegram answers again").hint(
            "check the network, telegram.api_url and telegram.proxy; nothing is lost, and \
             everything goes on by itself",
        );
        Ok(Self {
            inner,
            file_url,
            is_telegrams_own: telegram.is_telegrams_own(),
            is_local: Arc::new(AtomicBool::new(!telegram.file_url.is_empty())),
            outage: Arc::new(outage),
        })
    }

    /// teloxide's bot.
    pub(super) fn inner(&self) -> &teloxide::Bot {
        &self.inner
    }

    /// Logs that no call succeeds, while that lasts, and when calls succeed again. The
    /// callers wait and try again without logging it.
    pub(super) fn log_outage<T>(&self, result: &Result<T, TelegramError>) {
        match result {
            Err(
                error @ (TelegramError::NotSent(_)
                | TelegramError::Down(_)
                | TelegramError::Unknown(_)),
            ) => self.outage.failed(error),
            _ => self.outage.worked(),
        }
    }

    /// The address of a method. It holds the token: never show it.
    pub(super) fn method_url(&self, method: &str) -> Url {
        below(&self.inner.api_url(), [&*self.token_part(), method])
    }

    /// Where a file may be, by the path that getFile gave. The addresses may hold the token: never
    /// show them. What a local server serves is found by its whole path, or as Telegram does it.
    pub(super) fn file_urls(&self, path: &str) -> Vec<Url> {
        let file = |base: &Url, path: &str| below(base, ["file", &self.token_part(), path]);
        match &self.file_url {
            None => vec![file(&self.inner.api_url(), path)],
            Some(base) => {
                let folder = format!("/{}/", self.inner.token());
                let inner = path.split_once(&folder).map_or(path, |(_, inner)| inner);
                let whole = below(base, path.split('/').filter(|part| !part.is_empty()));
                vec![whole, file(base, inner)]
            }
        }
    }

    /// Whether getFile's paths are to be read from this machine's disk, where they are whole.
    pub(super) fn reads_files(&self) -> bool {
        self.file_url.is_none() && !self.is_telegrams_own
    }

    /// Notes that getFile names files by their place on a disk: only local servers do.
    pub(super) fn note_local(&self) {
        self.is_local.store(true, Ordering::Relaxed);
    }

    /// The largest file that can be sent, in bytes.
    pub(super) fn max_bytes(&self) -> u64 {
        if self.is_local.load(Ordering::Relaxed) { MAX_LOCAL_VIDEO_BYTES } else { MAX_VIDEO_BYTES }
    }

    fn token_part(&self) -> String {
        format!("bot{}", self.inner.token())
    }
}

fn address(option: &'static str, text: &str) -> Result<Url, BotError> {
    let bad = |why: String| BotError::BadUrl(option, why);
    let url = text.trim().trim_end_matches('/').parse::<Url>();
    let url = url.map_err(|error| bad(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad("it begins neither with https:// nor with http://".to_owned()));
    }
    Ok(url)
}

/// An address with more parts in its path, each encoded.
fn below<'a>(base: &Url, parts: impl IntoIterator<Item = &'a str>) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(parts);
    }
    url
}

/// A client that follows no redirect: the token is part of every address.
fn client(proxy: &Proxy) -> reqwest::Result<reqwest::Client> {
    let proxy = proxy.clone();
    let on_the_way =
        move |url: &Url| proxy.before(url.as_str()).map(|address| address.expose().clone());
    reqwest::Client::builder()
        // Never the environment's: which proxy it is, the config has decided.
        .no_proxy()
        .proxy(reqwest::Proxy::custom(on_the_way))
        .connect_timeout(CONNECT)
        .timeout(TRANSFER)
        .pool_idle_timeout(IDLE)
        .tcp_nodelay(true)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::secret::Secret;

    fn bot(api_url: &str, file_url: &str) -> Result<Bot, BotError> {
        let [api_url, file_url] = [api_url, file_url].map(str::to_owned);
        Bot::new(&Telegram { token: Secret::new("1:A"), api_url, file_url, ..Telegram::default() })
    }

    #[test]
    fn a_file_is_looked_for_where_its_server_keeps_it() {
        let urls = |file_url: &str, path: &str| {
            let urls = bot("http://a.test/x", file_url).unwrap().file_urls(path);
            urls.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let telegrams = "http://a.test/x/file/bot1:A/photos%2Ffile_1.jpg";
        assert_eq!(urls("", "photos/file_1.jpg"), [telegrams]);
        let served = urls("http://f.test/y/", "/data/1:A/photos/file 1.jpg");
        let expected = [
            "http://f.test/y/data/1:A/photos/file%201.jpg",
            "http://f.test/y/file/bot1:A/photos%2Ffile%201.jpg",
        ];
        assert_eq!(served, expected);
    }

    #[test]
    fn a_server_that_is_seen_to_be_local_takes_larger_files() {
        let learns = bot("http://a.test", "").unwrap();
        assert_eq!(learns.clone().max_bytes(), MAX_VIDEO_BYTES);
        learns.clone().note_local();
        assert_eq!(learns.max_bytes(), MAX_LOCAL_VIDEO_BYTES);
        let told = bot("http://a.test", "http://a.test/files").unwrap();
        assert_eq!(told.max_bytes(), MAX_LOCAL_VIDEO_BYTES);
    }

    #[test]
    fn a_path_is_kept_and_a_last_slash_is_not() {
        let url = |api: &str| bot(api, "").unwrap().method_url("GetMe").to_string();
        assert_eq!(url("https://api.telegram.org"), "https://api.telegram.org/bot1:A/GetMe");
        assert_eq!(url("http://a.test/x/y/"), "http://a.test/x/y/bot1:A/GetMe");
    }

    #[test]
    fn an_invalid_address_is_refused() {
        for url in ["", "telegram", "ftp://a.test", "mailto:a@b.test"] {
            assert!(matches!(bot(url, "").err(), Some(BotError::BadUrl(..))), "{url}");
        }
    }
}
