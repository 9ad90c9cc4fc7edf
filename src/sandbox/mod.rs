//! Stand-ins on loopback, for trying everything without accounts. They speak the
//! real wire formats and know nothing of the bot that calls them.

/// A server on loopback that stops when it is dropped.
pub mod serve;

/// The Range header.
pub mod range;

/// Random numbers that repeat with their seed.
pub mod seeded;

/// Short MP4 clips made of a photo.
pub mod clip;

/// Prompts for product videos, from templates.
pub mod script;

/// A stand-in for an OpenAI-compatible chat endpoint.
pub mod gpt;

/// A stand-in for KIE: its API, its uploads and its file host.
pub mod kie;

/// A stand-in for the Telegram Bot API, and the people who use it.
pub mod telegram;

/// The chat in a browser.
pub mod page;

/// All stand-ins together, and a configuration of the bot that leads to them.
pub mod stage;

/// A scripted person, to show the main use.
pub mod demo;

/// Many people who order at once, and the checks afterwards.
pub mod rehearsal;
