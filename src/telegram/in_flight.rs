//! What is on its way to people: many at a time, but one thing to each.

use std::collections::HashMap;

use tokio::task::Id;
use tokio::task::JoinError;
use tokio::task::JoinSet;

use crate::domain::id::UserId;
use crate::store::error::StoreError;
use crate::store::error::StoreErrorKind;

/// Tasks, and whose they are. Dropping it breaks them off.
#[derive(Default)]
pub struct InFlight {
    tasks: JoinSet<Result<bool, StoreError>>,
    busy: HashMap<Id, UserId>,
}

impl InFlight {
    /// Sets one thing going for a person.
    pub fn start(
        &mut self,
        user: UserId,
        telling: impl Future<Output = Result<bool, StoreError>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(telling);
        self.busy.insert(task.id(), user);
    }

    /// How much is on its way.
    pub fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Whether something is on its way to this person.
    pub fn is_busy_with(&self, user: UserId) -> bool {
        self.busy.values().any(|busy| *busy == user)
    }

    /// Waits for one to be done and says whether it was told; `None` when none is
    /// on its way. Nothing is lost when the wait is broken off.
    pub async fn next(&mut self) -> Option<Result<bool, StoreError>> {
        let done = self.tasks.join_next_with_id().await?;
        let id = done.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        self.busy.remove(&id);
        Some(match done {
            Ok((_, told)) => told,
            Err(error) => Err(StoreError::new(StoreErrorKind::Other, error.to_string())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: UserId = UserId(7);

    #[tokio::test]
    async fn a_panic_is_an_error_and_frees_its_person() {
        let mut round = InFlight::default();
        round.start(ANN, async { panic!("a test") });
        assert!(round.is_busy_with(ANN));
        assert!(matches!(round.next().await, Some(Err(_))));
        assert!(!round.is_busy_with(ANN));
        assert!(round.next().await.is_none() && round.is_empty());
    }
}
