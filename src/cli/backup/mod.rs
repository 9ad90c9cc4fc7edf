//! `reelbot backup …`: copies of the database that were found sound, and their way back.

/// What backups look like to people.
pub(crate) mod show;

/// `reelbot backup create`
pub(crate) mod create;

/// `reelbot backup list`
pub(crate) mod list;

/// `reelbot backup verify`
pub(crate) mod verify;

/// `reelbot backup restore`
pub(crate) mod restore;

/// `reelbot backup drill`
pub(crate) mod drill;

/// The command line of them.
pub(crate) mod args;
