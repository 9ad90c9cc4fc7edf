//! What can go wrong with the database.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::ErrorCode;

use crate::service::serve::Fault;

/// An error of the database. It can be cloned, because a commit that fails
/// fails every action in it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("database: {text}")]
pub struct StoreError {
    /// What kind of error it is.
    pub kind: StoreErrorKind,
    /// SQLite's words.
    pub text: String,
}

/// The kinds of error that call for different answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// Another program holds the database; it may let go.
    Busy,
    /// The disk is full, or fails.
    Full,
    /// The file or its folder cannot be written.
    ReadOnly,
    /// The file is not a database, or is damaged.
    Corrupt,
    /// The file is another program's database.
    Foreign,
    /// The file cannot be opened.
    CannotOpen,
    /// The file was written by a newer reelbot.
    TooNew,
    /// The file was written by an older reelbot, and nobody has brought it here yet.
    TooOld,
    /// Another reelbot runs on this database.
    Locked,
    /// The files that are open are no longer those at their path.
    Moved,
    /// A step was recorded by someone whose claim had passed to another.
    LostClaim,
    /// Anything else.
    Other,
}

impl StoreErrorKind {
    /// Whether waiting may help: it is a fault of the database as a whole, not
    /// of one write. A record that the schema refuses, or a claim that passed to
    /// another, stays refused.
    pub fn passes(self) -> bool {
        match self {
            Self::Busy | Self::Full | Self::ReadOnly | Self::CannotOpen => true,
            Self::Corrupt
            | Self::Foreign
            | Self::TooNew
            | Self::TooOld
            | Self::Locked
            | Self::Moved
            | Self::LostClaim
            | Self::Other => false,
        }
    }

    /// Whether a run that meets it must end: what it would write is lost, or another's.
    pub fn ends_the_run(self) -> bool {
        matches!(self, Self::Corrupt | Self::Locked | Self::Moved)
    }
}

impl StoreError {
    /// An error in our own words.
    pub fn new(kind: StoreErrorKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// Does something; a panic in it is an error with this text.
    pub fn catch<T>(text: &str, action: impl FnOnce() -> Result<T, Self>) -> Result<T, Self> {
        catch_unwind(AssertUnwindSafe(action))
            .unwrap_or_else(|_| Err(Self::new(StoreErrorKind::Other, text)))
    }
}

impl Fault for StoreError {
    fn passes(&self) -> bool {
        self.kind.passes()
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreErrorKind::Busy,
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => StoreErrorKind::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreErrorKind::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreErrorKind::Corrupt,
            Some(ErrorCode::CannotOpen) => StoreErrorKind::CannotOpen,
            _ => StoreErrorKind::Other,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<r2d2::Error> for StoreError {
    fn from(error: r2d2::Error) -> Self {
        Self::new(StoreErrorKind::Busy, error.to_string())
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        let kind = match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                StoreErrorKind::ReadOnly
            }
            std::io::ErrorKind::StorageFull => StoreErrorKind::Full,
            _ => StoreErrorKind::CannotOpen,
        };
        Self::new(kind, error.to_string())
    }
}
