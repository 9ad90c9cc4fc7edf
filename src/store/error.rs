//! What can go wrong with the database.

use rusqlite::ErrorCode;

/// An error of the database. It can be cloned, because a commit that fails
/// fails every deed in it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("database: {text}")]
pub struct StoreError {
    /// What kind of trouble it is.
    pub trouble: Trouble,
    /// SQLite's words.
    pub text: String,
}

/// The kinds of trouble that call for different answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Another program holds the database; it may let go.
    Busy,
    /// The disk is full, or fails.
    Full,
    /// The file or its folder cannot be written.
    ReadOnly,
    /// The file is not a database, or is damaged.
    Corrupt,
    /// The file cannot be opened.
    CannotOpen,
    /// The file was written by a newer reelbot.
    TooNew,
    /// Another reelbot runs on this database.
    Locked,
    /// A step was recorded by someone whose claim had passed to another.
    LostClaim,
    /// Anything else.
    Other,
}

impl Trouble {
    /// Whether waiting may help: it is the database's trouble as a whole, not that
    /// of one write. A record that the schema refuses, or a claim that passed to
    /// another, stays refused.
    pub fn passes(self) -> bool {
        match self {
            Self::Busy | Self::Full | Self::ReadOnly | Self::CannotOpen => true,
            Self::Corrupt | Self::TooNew | Self::Locked | Self::LostClaim | Self::Other => false,
        }
    }
}

impl StoreError {
    /// An error in our own words.
    pub fn new(trouble: Trouble, text: impl Into<String>) -> Self {
        Self { trouble, text: text.into() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let trouble = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Trouble::Busy,
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Trouble::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Trouble::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Trouble::Corrupt,
            Some(ErrorCode::CannotOpen) => Trouble::CannotOpen,
            _ => Trouble::Other,
        };
        Self::new(trouble, error.to_string())
    }
}

impl From<r2d2::Error> for StoreError {
    fn from(error: r2d2::Error) -> Self {
        Self::new(Trouble::Busy, error.to_string())
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        let trouble = match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                Trouble::ReadOnly
            }
            std::io::ErrorKind::StorageFull => Trouble::Full,
            _ => Trouble::CannotOpen,
        };
        Self::new(trouble, error.to_string())
    }
}
