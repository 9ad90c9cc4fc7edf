//! What the operator decided: one file per section of the TOML, then how it
//! is found, read and checked. `config.example.toml` is the same in prose.

/// Durations as people write them: `"100ms"`, `"30s"`, `"2h"`.
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

/// `[[models]]`
pub mod models;

/// All sections together.
pub mod settings;
