//! The bot's account at Telegram and the one connection pool to it.

use std::{sync::Arc, time::Duration};

use reqwest::Url;
use thiserror::Error;

use crate::domain::secret::Secret;
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
    outage: Arc<Outage>,
}

/// Why there is no bot.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BotError {
    /// The Bot API's address is not a URL.
    #[error("telegram.api_url is not an address of a Bot API: {0}")]
    BadUrl(String),
    /// The HTTP client could not be made.
    #[error("the HTTP client cannot start: {0}")]
    Client(String),
}

impl Bot {
    /// A bot that is reached at `api_url`, such as `https://api.telegram.org`; a
    /// path in it is kept, a slash at its end is not. Makes no call yet.
    pub fn new(token: &Secret, api_url: &str) -> Result<Self, BotError> {
        let bad = |why: &str| BotError::BadUrl(why.to_owned());
        let url = api_url.trim().trim_end_matches('/');
        let url: Url = url.parse().map_err(|error| BotError::BadUrl(format!("{error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad("it begins neither with https:// nor with http://"));
        }
        let client = client().map_err(|error| BotError::Client(error.to_string()))?;
        let inner = teloxide::Bot::with_client(token.expose(), client).set_api_url(url);
        let outage = Outage::new("Telegram does not answer", "Telegram answers again").hint(
            "check the network, and telegram.api_url; nothing is lost, and everything goes on \
             by itself",
        );
        Ok(Self { inner, outage: Arc::new(outage) })
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
        let mut url = self.inner.api_url();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(&format!("bot{}", self.inner.token())).push(method);
        }
        url
    }
}

/// A client that follows no redirect: the token is part of every address.
fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
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

    #[test]
    fn a_path_is_kept_and_a_last_slash_is_not() {
        let url = |api: &str| {
            let bot = Bot::new(&Secret::new("1:A"), api).unwrap();
            bot.method_url("GetMe").to_string()
        };
        assert_eq!(url("https://api.telegram.org"), "https://api.telegram.org/bot1:A/GetMe");
        assert_eq!(url("http://a.test/x/y/"), "http://a.test/x/y/bot1:A/GetMe");
    }

    #[test]
    fn an_invalid_address_is_refused() {
        for url in ["", "telegram", "ftp://a.test", "mailto:a@b.test"] {
            let error = Bot::new(&Secret::new("1:A"), url).err();
            assert!(matches!(error, Some(BotError::BadUrl(_))), "{url}");
        }
    }
}
