//! The clients of KIE and of the chat-completions API. Only this module uses ureq.

pub mod public_hosts;

pub mod agent;

/// A server with scripted replies, for the tests of this module.
mod scripted;

pub mod kie;

pub mod gpt;
