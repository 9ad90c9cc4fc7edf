//! Workers claim what people call off at the same time.

use std::{sync::Mutex, thread};

use reelbot::testing::{
    actions::{CancelOrderError, cancel_order},
    domain::{FailureKind, KeyId, OrderId},
    sandbox::Person,
    store::{Capacity, Claimed, SubmitCapacity, queue},
};

use crate::world::World;

impl World {
    /// Three workers claim while each of these people calls their first order off, twice. Then each of their
    /// videos is filmed or refunded, and never both: these are all that each had credits for.
    pub(crate) fn races_to_cancel(&mut self, people: &[Person], credits: i64) {
        let first = |person: &Person| {
            let sql = format!("select min(id) from orders where tg_user_id = {}", person.id());
            OrderId(self.count(&sql))
        };
        let orders: Vec<_> = people.iter().map(|person| (person.id(), first(person))).collect();
        let claimed = Mutex::new(Vec::new());
        let (db, claims) = (self.db(), &claimed);
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(move || {
                    for _ in 0..4 {
                        let submit = SubmitCapacity::Key(KeyId(1));
                        let capacity = Capacity { submit, polls: Vec::new(), deliveries: false };
                        let found = db.write(move |tx| queue::claim(tx, &capacity)).unwrap();
                        if let Claimed::Step(step) = found {
                            claims.lock().unwrap().push(step.claim.job);
                        }
                    }
                });
            }
            for (user, order) in orders {
                scope.spawn(move || {
                    for _ in 0..2 {
                        let cancelled = db.try_write(move |tx| cancel_order(tx, user, order));
                        assert!(!matches!(
                            cancelled,
                            Err(CancelOrderError::Store(_) | CancelOrderError::NoOrder)
                        ));
                    }
                });
            }
        });
        let claimed = claimed.into_inner().unwrap();
        for job in self.jobs() {
            let is_cancelled = job.failure == Some(FailureKind::Cancelled);
            assert_ne!(is_cancelled, claimed.contains(&job.id), "{job:#?}");
        }
        self.adds_up();
        self.restarts();
        self.all_work_is_done();
        for person in people {
            let videos = i64::try_from(person.videos().len()).unwrap();
            assert_eq!(self.balance(person) + videos, credits, "each is filmed or refunded");
        }
    }
}
