//! The clients of KIE and of the chat-completions API. Only this module uses ureq.

pub(crate) mod families;

pub(crate) mod public_hosts;

pub(crate) mod agent;

/// A server with scripted replies, for the tests of this module.
mod scripted;

pub(crate) mod sentences;

pub(crate) mod multipart;

pub(crate) mod kie;

/// From the text of an answer to the prompt in it.
pub(crate) mod prompt;

pub(crate) mod completion;

pub(crate) mod data_url;

pub(crate) mod transcription;

/// What a script writer is asked.
pub(crate) mod question;

pub(crate) mod gpt;

pub(crate) mod latest_gpt;

pub(crate) mod ping;
