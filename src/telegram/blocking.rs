//! Calls of the database, which block, from asynchronous tasks.

use crate::store::error::{StoreError, StoreErrorKind};

/// Runs database work on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(StoreError::new(StoreErrorKind::Other, error.to_string())))
}
