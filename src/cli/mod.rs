//! The operator's commands: what they share, then one file per command.

/// No secret leaves through log or error.
pub mod redact;

/// Colours on terminals.
pub mod color;

/// Exit codes, errors and hints.
pub mod exit;

/// Data to stdout.
pub mod output;

/// The log.
pub mod log;

/// What every command gets.
pub mod context;

/// The database of a command.
pub mod open;

/// Tables for people.
pub mod table;

/// How a person is named on the command line.
pub mod user_ref;

/// Numbers on the command line.
pub mod number;

/// SIGTERM and Ctrl-C.
pub mod signals;

/// What the bot's errors mean for the operator.
pub mod error;

/// The person that the operator names.
pub mod people;

/// `reelbot run`
pub mod run;

/// `reelbot sandbox`
pub mod sandbox;

/// `reelbot migrate`
pub mod migrate;

/// `reelbot keys …`
pub mod keys;

/// `reelbot credits …`
pub mod credits;

/// `reelbot users …`
pub mod users;

/// The timeline of a job.
pub mod timeline;

/// `reelbot jobs …`
pub mod jobs;

/// `reelbot pause` and `reelbot resume`
pub mod pause;

/// `reelbot audit`
pub mod audit;

/// `reelbot rehearse`
pub mod rehearse;

/// `reelbot config …`
pub mod config;

/// The command line as a whole.
pub mod args;

/// From the command line to the exit code.
pub mod entry;
