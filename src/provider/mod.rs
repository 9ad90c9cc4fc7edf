//! The door to KIE and to the chat-completions API. Only here is ureq spoken.

pub mod agent;

/// A server for the tests of this room, which says what it is told to say.
mod scripted;

pub mod kie;

pub mod gpt;
