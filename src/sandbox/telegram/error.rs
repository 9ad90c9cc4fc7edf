//! The Bot API's errors, in its own words.

use serde_json::{Value, json};

/// An error: the HTTP status, which is also the `error_code`, and the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status and `error_code`.
    pub code: u16,
    /// The `description`, with Telegram's own prefix such as `Bad Request: `.
    pub description: String,
    /// Seconds to wait, for a 429.
    pub retry_after: Option<u64>,
}

/// What a method answers.
pub(crate) type MethodResult = Result<Value, ApiError>;

impl ApiError {
    /// Any error.
    pub fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), retry_after: None }
    }

    /// 400.
    pub fn bad_request(text: &str) -> Self {
        Self::new(400, format!("Bad Request: {text}"))
    }

    /// 403: the person blocked the bot.
    pub fn blocked() -> Self {
        Self::new(403, "Forbidden: bot was blocked by the user")
    }

    /// 404: no such method or path.
    pub fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// 413: the upload is over 50 MB.
    pub fn too_large() -> Self {
        Self::new(413, "Request Entity Too Large")
    }

    /// 429 with the seconds to wait.
    pub fn too_many_requests(retry_after: u64) -> Self {
        let description = format!("Too Many Requests: retry after {retry_after}");
        Self { retry_after: Some(retry_after), ..Self::new(429, description) }
    }

    /// The body that goes with it.
    pub fn body(&self) -> Value {
        let mut body =
            json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(seconds) = self.retry_after {
            body["parameters"] = json!({"retry_after": seconds});
        }
        body
    }
}
