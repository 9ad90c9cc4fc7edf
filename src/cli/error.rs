//! What the bot's errors mean for the operator: an exit code and a hint.

use std::path::Path;

use crate::cli::{
    exit::{CliError, Exit},
    open::unusable,
};
use crate::plan::AppError;

/// The failure of a bot that could not be opened.
pub(crate) fn open_failed(error: AppError, database: &Path) -> CliError {
    match error {
        AppError::Store(error) => unusable(&error, database),
        AppError::Words(error) => {
            let hint = error.hint();
            CliError::because(Exit::Config, error).hint(hint)
        }
        AppError::Bot(error) => CliError::because(Exit::Config, error).hint(
            "telegram.api_url is \"https://api.telegram.org\" unless you run your own server",
        ),
        error @ AppError::Metrics { .. } => CliError::because(Exit::Config, error).hint(
            "another program may use the port: choose another for metrics.listen, or leave it empty",
        ),
        AppError::Threads(error) => CliError::because(Exit::Failed, error).hint(
            "the system's limit of threads (ulimit -u, TasksMax) must be above workers.count + 40",
        ),
    }
}
