//! Messages that are being sent: many at a time, but to each person one after the other where they
//! keep an order.

use std::collections::HashMap;

use tokio::task::{Id, JoinError, JoinSet};

use crate::domain::{
    id::{MessageId, UserId},
    lane::Lane,
};
use crate::store::error::{StoreError, StoreErrorKind};

/// Messages that are sent at the same time.
const AT_ONCE: usize = 16;

/// So many of these are kept for answers, however slowly the others go out.
const FOR_ANSWERS: usize = 4;

/// So many of these are statuses at most: slow ones leave room to the news.
const STATUSES: usize = 4;

/// The sending tasks, with what each sends. Dropping it aborts them.
#[derive(Default)]
pub(crate) struct InFlight {
    tasks: JoinSet<Result<bool, StoreError>>,
    busy: HashMap<Id, Sending>,
}

/// What is being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sending {
    /// To whom.
    pub to: UserId,
    /// In which lane.
    pub lane: Lane,
    /// The message that it edits, if it does.
    pub edits: Option<MessageId>,
}

impl Sending {
    /// Whether one of both must have arrived before the other is sent: else they might arrive the other
    /// way round.
    fn waits_for(self, other: Self) -> bool {
        let is_same_message = self.edits.is_some() && self.edits == other.edits;
        self.to == other.to && (self.lane.keeps_order_with(other.lane) || is_same_message)
    }
}

impl InFlight {
    /// Starts sending.
    pub(crate) fn start(
        &mut self,
        what: Sending,
        task: impl Future<Output = Result<bool, StoreError>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(task);
        self.busy.insert(task.id(), what);
    }

    /// Whether one more of a lane may be sent at the same time.
    pub(crate) fn has_room_for(&self, lane: Lane) -> bool {
        let all = self.tasks.len();
        let of_lane = || self.busy.values().filter(|busy| busy.lane == lane).count();
        match lane {
            Lane::Answers => all < AT_ONCE,
            Lane::News | Lane::Broadcast => all < AT_ONCE - FOR_ANSWERS,
            Lane::Status => all < AT_ONCE - FOR_ANSWERS && of_lane() < STATUSES,
        }
    }

    /// Whether something is being sent for which this has to wait.
    pub(crate) fn is_busy_with(&self, what: Sending) -> bool {
        self.busy.values().any(|busy| what.waits_for(*busy))
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

    fn to_ann(lane: Lane, edits: Option<i64>) -> Sending {
        Sending { to: UserId(7), lane, edits: edits.map(MessageId) }
    }

    #[tokio::test]
    async fn whatever_is_slow_leaves_room_to_the_lanes_before_it() {
        let mut in_flight = InFlight::default();
        for (lane, most) in [(Lane::Status, 4), (Lane::News, 12), (Lane::Answers, 16)] {
            while in_flight.has_room_for(lane) {
                in_flight.start(to_ann(lane, None), std::future::pending());
            }
            assert_eq!(in_flight.tasks.len(), most, "{lane:?}");
        }
    }

    #[tokio::test]
    async fn two_edits_of_a_message_go_one_after_the_other_whatever_their_lanes() {
        let mut in_flight = InFlight::default();
        in_flight.start(to_ann(Lane::Status, Some(5)), async { Ok(true) });
        let waits = |lane, edits| in_flight.is_busy_with(to_ann(lane, edits));
        assert!(waits(Lane::Answers, Some(5)));
        assert!(!waits(Lane::Answers, Some(6)) && !waits(Lane::Answers, None));
        let other = Sending { to: UserId(8), ..to_ann(Lane::Status, Some(5)) };
        assert!(!in_flight.is_busy_with(other));
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_frees_its_person() {
        let mut in_flight = InFlight::default();
        in_flight.start(to_ann(Lane::News, None), async { panic!("a test") });
        let busy = Lane::ALL.map(|lane| in_flight.is_busy_with(to_ann(lane, None)));
        assert_eq!(busy, [true, true, false, false]);
        assert!(matches!(in_flight.next().await, Some(Err(_))));
        assert!(!in_flight.is_busy_with(to_ann(Lane::News, None)));
        assert!(in_flight.next().await.is_none() && in_flight.tasks.is_empty());
    }
}
