//! What the house's errors mean for the operator: an exit code and a hint.

use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::exit::Failed;
use crate::cli::open::unusable;
use crate::house::HouseError;

/// The house could not be opened.
pub fn house_failed(error: HouseError, database: &Path) -> Failed {
    match error {
        HouseError::Store(error) => unusable(&error, database),
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
