//! What the operator decided: one file per section of the TOML, then how it
//! is found, read and checked. `config.example.toml` is the same in prose.

/// A duration as people write it: `"100ms"`, `"30s"`, `"2h"`.
pub(crate) mod duration;

/// What is wrong with values, and how to correct it.
pub(crate) mod findings;

/// The text in a file.
pub(crate) mod text_file;

/// The users of this machine.
pub(crate) mod account;

/// Which name was meant.
pub(crate) mod likeness;

/// `RUST_LOG`
pub(crate) mod log_filter;

/// The names of variables, as people write them.
pub(crate) mod names;

/// Paths, as people write them.
pub(crate) mod paths;

/// Where a database can be.
pub(crate) mod place;

/// A list of durations.
pub(crate) mod durations;

/// Why there is no config to work with.
pub(crate) mod error;

/// What is ours in a `.env` file.
pub(crate) mod dotenv;

/// Variables and folders around the process.
pub(crate) mod environment;

/// The addresses of services as they are pasted.
pub(crate) mod address;

/// The address of a proxy.
pub(crate) mod proxy_address;

/// By which proxy a service is reached.
pub(crate) mod proxy;

/// `telegram.timezone`
pub(crate) mod timezone;

/// `telegram.quiet_hours`
pub(crate) mod quiet_hours;

/// `[telegram]`
pub(crate) mod telegram;

/// `[database]`
pub(crate) mod database;

/// `[workers]`
pub(crate) mod workers;

/// `[kie]`
pub(crate) mod kie;

/// `[gpt]`
pub(crate) mod gpt;

/// `[credits]`
pub(crate) mod credits;

/// `[backup]`
pub(crate) mod backup;

/// `[texts]`
pub(crate) mod texts;

/// `[[presets]]`
pub(crate) mod presets;

/// `presets.sample`
pub(crate) mod samples;

/// `[[models]]`
pub(crate) mod models;

/// `[log]`
pub(crate) mod log;

/// `[health]` and `[metrics]`
pub(crate) mod health;

/// All sections together.
pub(crate) mod settings;

/// Whether the values make sense.
pub(crate) mod check;

/// Where a value comes from.
pub(crate) mod origin;

/// Values from variables, files and credentials.
pub(crate) mod secrets;

/// What is no TOML.
pub(crate) mod syntax;

/// The names that reelbot knows.
pub(crate) mod options;

/// A value that an option cannot have.
pub(crate) mod mistyped;

/// Values of the wrong type.
pub(crate) mod types;

/// From text to values.
pub(crate) mod parse;

/// Which file is meant.
pub(crate) mod locate;

/// Where it can be read again.
pub(crate) mod source;

/// What has changed since it was read before.
pub(crate) mod change;

/// Reading the file, and which source overrules which.
pub(crate) mod load;

mod offers;
