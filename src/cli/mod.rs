//! The operator's commands: what they share, then one file per command.

/// No secret leaves through log or error.
pub(crate) mod redact;

/// Colours on terminals.
pub(crate) mod color;

/// Exit codes, errors and hints.
pub(crate) mod exit;

/// Data to stdout.
pub(crate) mod output;

/// Questions at the terminal.
pub(crate) mod terminal;

/// Asking before what is not meant lightly.
pub(crate) mod confirm;

/// The log.
pub(crate) mod log;

/// Who types a command, and what they did.
pub(crate) mod operator;

/// What every command gets.
pub(crate) mod context;

/// Root's commands on the database of another user.
pub(crate) mod owner;
/// What to type where a folder of the host's belongs to another user than the container's.
pub(crate) mod container;

/// The database of a command.
pub(crate) mod open;

/// Tables for people.
pub(crate) mod table;

/// How a person is named on the command line.
pub(crate) mod user_ref;

/// Numbers on the command line.
pub(crate) mod number;

/// SIGTERM and Ctrl-C.
pub(crate) mod signals;

/// What the bot's errors mean for the operator.
pub(crate) mod error;

/// The person that the operator names.
pub(crate) mod people;

/// The proxies on the way to the services.
pub(crate) mod proxies;

/// `reelbot run`
pub(crate) mod run;

/// `reelbot sandbox --stand-ins`
pub(crate) mod stand_ins;

/// `reelbot sandbox`
pub(crate) mod sandbox;

/// `reelbot migrate`
pub(crate) mod migrate;

/// `reelbot keys …`
pub(crate) mod keys;

/// `reelbot credits …`
pub(crate) mod credits;

/// `reelbot users …`
pub(crate) mod users;

/// The timeline of a job.
pub(crate) mod timeline;

/// `reelbot jobs …`
pub(crate) mod jobs;

/// `reelbot pause` and `reelbot resume`
pub(crate) mod pause;

/// `reelbot health`
pub(crate) mod health;

/// `reelbot admin-log`
pub(crate) mod admin_log;
/// The picture of `reelbot status`.
pub(crate) mod glance;

/// `reelbot status`
pub(crate) mod status;

/// Figures in few characters.
pub(crate) mod figures;

/// What people think, in `reelbot stats`.
pub(crate) mod opinions;

/// The text of `reelbot stats`.
pub(crate) mod tally;

/// `reelbot stats`
pub(crate) mod stats;

/// `reelbot backup …`
pub(crate) mod backup;

/// `reelbot audit`
pub(crate) mod audit;

/// `reelbot rehearse`
pub(crate) mod rehearse;

/// `reelbot config …`
pub(crate) mod config;

/// `reelbot webhook …`
pub(crate) mod webhook;

/// The command line as a whole.
pub(crate) mod args;

/// From the command line to the exit code.
pub mod entry;
