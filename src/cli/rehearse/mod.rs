//! `reelbot rehearse`: a rush on this machine, before there is one outside.

/// The memory of a process.
pub(crate) mod memory;

/// The bot as a process of its own, which can be killed.
pub(crate) mod bot;

/// The rush itself.
pub(crate) mod rush;

/// The report.
pub(crate) mod report;

/// The command.
pub(crate) mod args;
