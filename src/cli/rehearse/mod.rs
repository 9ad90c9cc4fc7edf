//! `reelbot rehearse`: a rush on this machine, before there is one outside.

/// The memory of a process.
pub mod memory;

/// The bot as a process of its own, which can be killed.
pub mod bot;

/// The rush itself.
pub mod rush;

/// The report.
pub mod report;

/// The command.
pub mod args;
