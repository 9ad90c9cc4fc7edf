//! Stand-ins on loopback, for trying everything without accounts. They speak the
//! real wire formats and know nothing of the bot that calls them; only the page's gallery shows its screens.

/// A server on loopback that stops when it is dropped.
pub(crate) mod serve;

/// The Range header.
pub(crate) mod range;

/// Random numbers that repeat with their seed.
pub(crate) mod seeded;

/// Short MP4 clips made of a photo.
pub(crate) mod clip;

/// Prompts for product videos, from templates.
pub(crate) mod script;

/// The answers of a chat-completions API, in the format that is asked for.
pub(crate) mod answer;

/// How an OpenAI-compatible chat endpoint may answer.
pub(crate) mod gpt_reply;

/// The same service's ear.
pub(crate) mod transcription;

/// A stand-in for an OpenAI-compatible chat endpoint.
pub(crate) mod gpt;

/// A stand-in for KIE: its API, its uploads and its file host.
pub(crate) mod kie;

/// A stand-in for the Telegram Bot API, and the people who use it.
pub(crate) mod telegram;

/// The chat in a browser.
pub(crate) mod page;

/// All stand-ins together, and a configuration of the bot that leads to them.
pub(crate) mod stage;

/// A scripted person, to show the main use.
pub(crate) mod demo;

/// Many people who order at once, and the checks afterwards.
pub(crate) mod rehearsal;
