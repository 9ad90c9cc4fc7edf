//! What the operator decided: one file per section of the TOML, then how it
//! is found, read and checked. `config.example.toml` is the same in prose.

/// A duration as people write it: `"100ms"`, `"30s"`, `"2h"`.
pub mod duration;

/// What is wrong with values, and how to correct it.
pub mod findings;

/// A list of durations.
pub mod durations;

/// `[telegram]`
pub mod telegram;

/// `[database]`
pub mod database;

/// `[workers]`
pub mod workers;

/// `[kie]`
pub mod kie;

/// `[gpt]`
pub mod gpt;

/// `[credits]`
pub mod credits;

/// `[texts]`
pub mod texts;

/// `[[presets]]`
pub mod presets;

/// A row of `[[models]]`: how one model wants its input.
pub mod model;

/// `[[models]]`
pub mod models;

/// All sections together.
pub mod settings;

/// Whether the values make sense.
pub mod check;

/// Why there is no config to work with.
pub mod error;

/// Where a value comes from.
pub mod origin;

/// Variables and folders around the process.
pub mod environment;

/// Values from variables, files and credentials.
pub mod secrets;

/// From text to values.
pub mod parse;

/// Which file is meant.
pub mod locate;

/// Reading the file, and which source overrules which.
pub mod load;
