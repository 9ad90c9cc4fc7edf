//! DOOR for trying everything without accounts: stand-ins on loopback that
//! speak the real wire formats. They know nothing of the bot they serve.

/// Short MP4 clips made of a photo.
pub mod clip;

/// Prompts for product videos, from templates.
pub mod script;

/// A stand-in for an OpenAI-compatible chat endpoint.
pub mod gpt;

/// A stand-in for KIE: its API, its uploads and its file host.
pub mod kie;
