//! What the house's errors mean for the operator: an exit code and a hint.

use crate::cli::exit::Exit;
use crate::cli::exit::Failed;
use crate::house::HouseError;
use crate::store::error::StoreError;
use crate::store::error::Trouble;

/// The database failed.
pub fn store_failed(error: &StoreError) -> Failed {
    let (exit, hint) = match error.trouble {
        Trouble::Locked => {
            (Exit::Busy, "one run per database: stop the other one, or name another --database")
        }
        Trouble::Busy => (Exit::Busy, "another program holds the database: try again shortly"),
        Trouble::Full => (Exit::Failed, "make room on the disk; nothing that was stored is lost"),
        Trouble::ReadOnly | Trouble::CannotOpen => (
            Exit::Failed,
            "the file and its folder must be writable for the user that runs reelbot; --database names another",
        ),
        Trouble::Corrupt => (
            Exit::Failed,
            "keep the file for inspection, restore a backup, or name another --database",
        ),
        Trouble::TooNew => (Exit::Failed, "a newer reelbot wrote it: install that version again"),
        Trouble::LostClaim | Trouble::Other => {
            (Exit::Failed, "RUST_LOG=debug tells more; the database is as it was")
        }
    };
    Failed::because(exit, error).hint(hint)
}

/// The house could not be opened.
pub fn house_failed(error: HouseError) -> Failed {
    match error {
        HouseError::Store(error) => store_failed(&error),
        HouseError::Words(error) => Failed::because(Exit::Config, error)
            .hint("mend the file, or leave texts.dir empty for the words as shipped"),
        HouseError::Bot(error) => Failed::because(Exit::Config, error).hint(
            "telegram.api_url is \"https://api.telegram.org\" unless you run your own server",
        ),
        HouseError::Threads(error) => Failed::because(Exit::Failed, error).hint(
            "the system's limit of threads (ulimit -u, TasksMax) must be above workers.count + 40",
        ),
    }
}
