//! DOOR for trying everything without accounts: stand-ins on loopback that
//! speak the real wire formats. They know nothing of the bot they serve.

/// A server on loopback that stops when it is dropped.
pub mod serve;

/// The Range header.
pub mod range;

/// Chance that repeats with its seed.
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

/// Everything that the bot talks to, on one stage, and the plan of a bot for it.
pub mod stage;

/// A person who is played, to show the main job.
pub mod demo;

/// A crowd that orders at once, and what must be true when it has been served.
pub mod rehearsal;
