//! What Telegram's errors mean. They are classified by code and description, because
//! teloxide's own error type drops the code and no longer knows several descriptions.

use std::time::Duration;

use serde_json::Value;
use thiserror::Error;

/// How long to wait where Telegram answers "too many" without a time.
const DEFAULT_WAIT: Duration = Duration::from_secs(5);

/// The longest wait at a time. Where Telegram wants a longer one, the call after this wait
/// gets the remainder; so one wrong number in an answer does not stop the bot for ever.
pub const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// Why a call failed. No text of it holds the token.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TelegramError {
    /// Nothing was done; Telegram wants us to wait so long.
    #[error("Telegram asks to wait {} s", .0.as_secs())]
    RetryAfter(Duration),
    /// The person blocked the bot, or never wrote to it.
    #[error("the person cannot be reached: {0}")]
    Blocked(String),
    /// The person's account is deleted.
    #[error("the person is gone: {0}")]
    Deactivated(String),
    /// The message already shows what an edit would make it show.
    #[error("the message is as it should be")]
    NotModified,
    /// The message to edit is gone or can no longer be edited.
    #[error("the message cannot be edited: {0}")]
    EditGone(String),
    /// A tap was answered too late, or twice.
    #[error("the tap can no longer be answered")]
    QueryTooOld,
    /// Telegram does not know the bot token.
    #[error("Telegram does not accept the bot token: {0}")]
    TokenWrong(String),
    /// Somebody else fetches this bot's updates.
    #[error("{0}")]
    Conflict(String),
    /// A file is over Telegram's limit.
    #[error("too large for Telegram: {0}")]
    TooLarge(String),
    /// Telegram refuses the call, and would refuse it again.
    #[error("Telegram refuses: {0}")]
    Refused(String),
    /// The request was not sent.
    #[error("Telegram cannot be reached: {0}")]
    NotSent(String),
    /// A server on the way has failed. Most likely nothing was done.
    #[error("Telegram's server failed: {0}")]
    Down(String),
    /// No usable answer came back: the call may have been carried out.
    #[error("no answer from Telegram: {0}")]
    Unknown(String),
}

/// Makes an error from Telegram's description.
type Variant = fn(String) -> TelegramError;

/// Phrases of a description that decide alone, in lower case, as Telegram's server
/// writes them; the last five mean an edit that its message cannot take.
const PHRASES: &[(&str, Variant)] = &[
    ("bot was blocked by the user", TelegramError::Blocked),
    ("user is deactivated", TelegramError::Deactivated),
    ("can't initiate conversation", TelegramError::Blocked),
    ("chat not found", TelegramError::Blocked),
    ("user not found", TelegramError::Blocked),
    ("peer_id_invalid", TelegramError::Blocked),
    ("message is not modified", |_| TelegramError::NotModified),
    ("query is too old", |_| TelegramError::QueryTooOld),
    ("query id is invalid", |_| TelegramError::QueryTooOld),
    ("file is too big", TelegramError::TooLarge),
    ("message to edit not found", TelegramError::EditGone),
    ("message can't be edited", TelegramError::EditGone),
    ("message_id_invalid", TelegramError::EditGone),
    ("message identifier is not specified", TelegramError::EditGone),
    ("there is no text in the message to edit", TelegramError::EditGone),
];

impl TelegramError {
    /// The error in an answer with `"ok": false`. `status` is that of HTTP, `header` its
    /// Retry-After.
    pub fn from_answer(status: u16, header: Option<Duration>, answer: &Value) -> Self {
        let code = answer["error_code"].as_u64().unwrap_or_else(|| status.into());
        let text = answer["description"].as_str().unwrap_or("no description").to_owned();
        let wait = answer["parameters"]["retry_after"].as_u64().map(Duration::from_secs);
        if code == 429 || wait.is_some() {
            return Self::retry_after(wait.or(header));
        }
        if matches!(code, 400 | 403) {
            let lower = text.to_lowercase();
            if let Some((_, variant)) = PHRASES.iter().find(|(phrase, _)| lower.contains(phrase)) {
                return variant(text);
            }
        }
        match code {
            401 | 404 => Self::TokenWrong(text),
            403 => Self::Blocked(text),
            409 => Self::Conflict(text),
            413 => Self::TooLarge(text),
            500.. => Self::Down(text),
            _ => Self::Refused(text),
        }
    }

    /// The error of an answer that is not the Bot API's JSON. Its text is not repeated: an
    /// error page may show the address, and in it the token.
    pub fn from_status(status: u16, header: Option<Duration>) -> Self {
        let text = match status {
            407 => "the proxy does not accept its user and password".to_owned(),
            _ => format!("HTTP {status} without the Bot API's JSON"),
        };
        match status {
            429 => Self::retry_after(header),
            413 => Self::TooLarge(text),
            200..300 => Self::Unknown(text),
            _ => Self::Down(text),
        }
    }

    /// The error of a request without an answer.
    pub fn from_transport(error: reqwest::Error) -> Self {
        let not_sent = error.is_connect() || error.is_builder();
        let text = causes(&error.without_url());
        if not_sent { Self::NotSent(text) } else { Self::Unknown(text) }
    }

    fn retry_after(wait: Option<Duration>) -> Self {
        Self::RetryAfter(wait.unwrap_or(DEFAULT_WAIT).min(LONGEST_WAIT))
    }

    /// Whether the same call may succeed by itself a little later.
    pub fn passes(&self) -> bool {
        matches!(self, Self::RetryAfter(_) | Self::NotSent(_) | Self::Down(_) | Self::Unknown(_))
    }
}

/// An error with its causes, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error_of(code: u16, description: &str) -> TelegramError {
        let answer = json!({"ok": false, "error_code": code, "description": description});
        TelegramError::from_answer(code, None, &answer)
    }

    #[test]
    fn every_error_of_the_bot_api_has_its_meaning() {
        let rows: &[(u16, &str, Variant)] = &[
            (403, "Forbidden: bot was blocked by the user", TelegramError::Blocked),
            (403, "Forbidden: user is deactivated", TelegramError::Deactivated),
            (403, "Forbidden: bot can't initiate conversation with a user", TelegramError::Blocked),
            (403, "Forbidden: something new", TelegramError::Blocked),
            (400, "Bad Request: chat not found", TelegramError::Blocked),
            (400, "Bad Request: PEER_ID_INVALID", TelegramError::Blocked),
            (401, "Unauthorized", TelegramError::TokenWrong),
            (404, "Not Found", TelegramError::TokenWrong),
            (
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot \
                 instance is running",
                TelegramError::Conflict,
            ),
            (
                409,
                "Conflict: can't use getUpdates method while webhook is active",
                TelegramError::Conflict,
            ),
            (413, "Request Entity Too Large", TelegramError::TooLarge),
            (400, "Bad Request: file is too big", TelegramError::TooLarge),
            (400, "Bad Request: message to edit not found", TelegramError::EditGone),
            (400, "Bad Request: message can't be edited", TelegramError::EditGone),
            (400, "Bad Request: MESSAGE_ID_INVALID", TelegramError::EditGone),
            (400, "Bad Request: wrong HTTP URL specified", TelegramError::Refused),
            (400, "Bad Request: failed to get HTTP URL content", TelegramError::Refused),
            (400, "Bad Request: wrong type of the web page content", TelegramError::Refused),
            (400, "Bad Request: message is too long", TelegramError::Refused),
            (400, "Bad Request: media caption is too long", TelegramError::Refused),
            (400, "Bad Request: BUTTON_DATA_INVALID", TelegramError::Refused),
            (400, "Bad Request: MESSAGE_TOO_LONG", TelegramError::Refused),
            (400, "Bad Request: invalid file_id", TelegramError::Refused),
            (400, "Bad Request: can't parse entities: Unclosed start tag", TelegramError::Refused),
            (500, "Internal Server Error: restart", TelegramError::Down),
            (502, "Bad Gateway", TelegramError::Down),
        ];
        for (code, description, kind) in rows {
            assert_eq!(
                error_of(*code, description),
                kind((*description).to_owned()),
                "{description}"
            );
        }
    }

    #[test]
    fn an_error_that_needs_no_description_carries_none() {
        let same = "Bad Request: message is not modified: specified new message content and reply \
                    markup are exactly the same";
        assert_eq!(error_of(400, same), TelegramError::NotModified);
        let old = "Bad Request: query is too old and response timeout expired or query ID is \
                   invalid";
        assert_eq!(error_of(400, old), TelegramError::QueryTooOld);
    }

    #[test]
    fn the_wait_is_telegrams_own() {
        let seconds = Duration::from_secs;
        let answer = json!({"ok": false, "error_code": 429,
            "description": "Too Many Requests: retry after 14", "parameters": {"retry_after": 14}});
        assert_eq!(
            TelegramError::from_answer(429, None, &answer),
            TelegramError::RetryAfter(seconds(14))
        );
        let bare = json!({"ok": false, "error_code": 429, "parameters": {}});
        let header = Some(seconds(3));
        assert_eq!(
            TelegramError::from_answer(429, header, &bare),
            TelegramError::RetryAfter(seconds(3))
        );
        assert_eq!(
            TelegramError::from_answer(429, None, &bare),
            TelegramError::RetryAfter(DEFAULT_WAIT)
        );
        assert_eq!(TelegramError::from_status(429, header), TelegramError::RetryAfter(seconds(3)));
        let endless = json!({"ok": false, "parameters": {"retry_after": u64::MAX}});
        assert_eq!(
            TelegramError::from_answer(429, None, &endless),
            TelegramError::RetryAfter(LONGEST_WAIT)
        );
        let for_ever = Some(Duration::MAX);
        assert_eq!(
            TelegramError::from_status(429, for_ever),
            TelegramError::RetryAfter(LONGEST_WAIT)
        );
    }

    #[test]
    fn an_answer_without_code_or_description_is_classified_by_its_status() {
        assert!(matches!(
            TelegramError::from_answer(502, None, &json!({"ok": false})),
            TelegramError::Down(_)
        ));
        assert!(matches!(
            TelegramError::from_answer(200, None, &json!({"ok": false})),
            TelegramError::Refused(_)
        ));
        assert!(matches!(TelegramError::from_status(502, None), TelegramError::Down(_)));
        assert!(matches!(TelegramError::from_status(404, None), TelegramError::Down(_)));
        assert!(matches!(TelegramError::from_status(200, None), TelegramError::Unknown(_)));
        assert!(matches!(TelegramError::from_status(413, None), TelegramError::TooLarge(_)));
    }
}
