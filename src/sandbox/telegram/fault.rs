//! Trouble on demand: faults that wait for the next calls.

use std::collections::VecDeque;

/// What can go wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429; the call is not executed.
    TooManyRequests {
        /// Seconds.
        retry_after: u64,
    },
    /// 500 with Telegram's own words; the call is not executed.
    ServerError,
    /// 502 with a page of HTML, as a gateway answers; the call is not executed.
    HtmlBadGateway,
    /// 403: blocked by the person; the call is not executed.
    Forbidden,
    /// The call is executed, and no answer ever comes: who called must give up by itself.
    Timeout,
    /// The call is executed, and the connection breaks instead of an answer.
    Dropped,
}

/// A fault, the calls it waits for, and how often it strikes.
#[derive(Clone, Debug)]
pub struct Trouble {
    fault: Fault,
    method: Option<String>,
    times: u32,
}

impl Trouble {
    /// Strikes once, at the next call of any method but getUpdates, which is
    /// always under way.
    pub fn new(fault: Fault) -> Self {
        Self { fault, method: None, times: 1 }
    }

    /// Waits for one method.
    #[must_use]
    pub fn on(self, method: &str) -> Self {
        Self { method: Some(method.to_ascii_lowercase()), ..self }
    }

    /// Strikes several times.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }
}

/// The faults that wait.
#[derive(Debug, Default)]
pub struct Faults(VecDeque<Trouble>);

impl Faults {
    /// Adds one after the others.
    pub fn queue(&mut self, trouble: Trouble) {
        self.0.push_back(trouble);
    }

    /// The fault for a call of `method` (in lower case), which is thereby used up.
    pub fn take(&mut self, method: &str) -> Option<Fault> {
        let suits = |trouble: &Trouble| match &trouble.method {
            Some(wanted) => wanted == method,
            None => method != "getupdates",
        };
        self.0.retain(|trouble| trouble.times > 0);
        let trouble = self.0.iter_mut().find(|trouble| suits(trouble))?;
        trouble.times -= 1;
        Some(trouble.fault)
    }

    /// Whether all faults have struck.
    pub fn is_over(&self) -> bool {
        self.0.iter().all(|trouble| trouble.times == 0)
    }
}
