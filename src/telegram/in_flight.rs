//! Messages that are being sent: many at a time, but to each person one after the other where they
//! keep an order.

use std::collections::HashMap;

use tokio::task::{Id, JoinError, JoinSet};

use crate::domain::{id::UserId, lane::Lane};
use crate::store::error::{StoreError, StoreErrorKind};

/// The sending tasks, with the person and the lane of each. Dropping it aborts them.
#[derive(Default)]
pub(crate) struct InFlight {
    tasks: JoinSet<Result<bool, StoreError>>,
    busy: HashMap<Id, (UserId, Lane)>,
}

impl InFlight {
    /// Starts sending a message of a lane to a person.
    pub(crate) fn start(
        &mut self,
        user: UserId,
        lane: Lane,
        sending: impl Future<Output = Result<bool, StoreError>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(sending);
        self.busy.insert(task.id(), (user, lane));
    }

    /// How many are being sent.
    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// Whether one is being sent to this person for which a message of this lane waits.
    pub(crate) fn is_busy_with(&self, user: UserId, lane: Lane) -> bool {
        self.busy.values().any(|(busy, other)| *busy == user && lane.keeps_order_with(*other))
    }

    /// Waits for a task to end and returns whether its message was sent; `None` when there is
    /// no task. Nothing is lost when the wait is cancelled.
    pub(crate) async fn next(&mut self) -> Option<Result<bool, StoreError>> {
        let done = self.tasks.join_next_with_id().await?;
        let id = done.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        self.busy.remove(&id);
        Some(match done {
            Ok((_, result)) => result,
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
        let mut in_flight = InFlight::default();
        in_flight.start(ANN, Lane::News, async { panic!("a test") });
        let busy = Lane::ALL.map(|lane| in_flight.is_busy_with(ANN, lane));
        assert_eq!(busy, [true, true, false, false]);
        assert!(matches!(in_flight.next().await, Some(Err(_))));
        assert!(!in_flight.is_busy_with(ANN, Lane::News));
        assert!(in_flight.next().await.is_none() && in_flight.len() == 0);
    }
}
