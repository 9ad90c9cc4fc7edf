//! The log of calls, for tests to read.

use std::collections::VecDeque;

use serde_json::Value;

use crate::domain::{id::UserId, time::Timestamp};

/// How many calls are kept: few enough for a sandbox that runs for days.
const REMEMBERED: usize = 10_000;

/// One call of the bot's.
#[derive(Clone, Debug)]
pub struct ApiCall {
    /// The method in lower case.
    pub method: String,
    /// The chat it was about.
    pub chat: Option<UserId>,
    /// Its parameters; a file is its name and size.
    pub params: Value,
    /// When it was answered.
    pub at: Timestamp,
    /// The HTTP status of the answer: 200, or the `error_code`.
    pub status: u16,
}

/// A call that was executed and whose answer was lost: the caller may repeat it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostAnswer {
    /// The method in lower case.
    pub method: String,
    /// The chat it was about.
    pub chat: Option<UserId>,
}

/// The last calls, in order.
#[derive(Debug, Default)]
pub struct CallLog(VecDeque<ApiCall>);

impl CallLog {
    /// Adds a call.
    pub fn add(&mut self, call: ApiCall) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(call);
    }

    /// All of them.
    pub fn all(&self) -> Vec<ApiCall> {
        self.0.iter().cloned().collect()
    }
}
