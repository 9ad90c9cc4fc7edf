//! What people asked for and a pool of threads carries out: each request is in the hands of one
//! thread, and what came of it is recorded even where the database is slow to take it.

use std::{collections::HashSet, hash::Hash, sync::Arc};

use crate::service::{
    in_hand::{Held, InHand},
    notify::Channel,
    serve::RETRY,
    stop::Stop,
};
use crate::store::{
    db::Db,
    error::StoreError,
    tx::{Tx, View},
};

/// The requests of a pool that are in hand, by what tells them apart.
pub struct Requests<T> {
    channel: Channel,
    in_hand: InHand<T>,
}

/// A request that was taken: nobody else has it until the first is dropped, also by a panic.
pub(crate) type Taken<'a, T, R> = Option<(Held<'a, T>, R)>;

impl<T: Copy + Eq + Hash> Requests<T> {
    /// Nothing is in hand. The threads wait for this channel.
    pub(crate) fn of(channel: Channel) -> Self {
        Self { channel, in_hand: InHand::default() }
    }

    /// Takes what is found, and wakes another thread for the next. The search is told what is in hand.
    pub(crate) fn take<R>(
        &self,
        db: &Db,
        find: impl FnOnce(&View<'_>, &HashSet<T>) -> Result<Option<(T, R)>, StoreError>,
    ) -> Result<Taken<'_, T, R>, StoreError> {
        let taken = self.in_hand.take(|in_hand| db.read(|view| find(view, in_hand)))?;
        if taken.is_some() {
            db.notifiers.get(self.channel).notify_one();
        }
        Ok(taken)
    }

    /// Takes the first that nobody has in hand. `list` is told how many are enough.
    pub(crate) fn take_first<R>(
        &self,
        db: &Db,
        list: impl FnOnce(&View<'_>, u32) -> Result<Vec<R>, StoreError>,
        id: impl Fn(&R) -> T,
    ) -> Result<Taken<'_, T, R>, StoreError> {
        self.take(db, |view, in_hand| {
            let enough = u32::try_from(in_hand.len()).unwrap_or(u32::MAX).saturating_add(1);
            let mut waiting =
                list(view, enough)?.into_iter().map(|request| (id(&request), request));
            Ok(waiting.find(|(id, _)| !in_hand.contains(id)))
        })
    }
}

/// Records what came of a request. It is done and perhaps paid for, so this is repeated while the database
/// does not take it. Where it refuses that for good, or that panics, `refused` is recorded instead: else the request
/// would be carried out, and paid for, without end.
pub(crate) fn record(
    db: &Db,
    stop: &Stop,
    outcome: impl Fn(&Tx<'_>) -> Result<(), StoreError> + Send + Sync + 'static,
    refused: impl FnOnce(&Tx<'_>) -> Result<(), StoreError> + Send + 'static,
) -> Result<(), StoreError> {
    let outcome = Arc::new(outcome);
    loop {
        let again = Arc::clone(&outcome);
        let recorded = StoreError::catch("recording it panicked", || db.write(move |tx| again(tx)));
        match recorded {
            Err(error) if error.kind.passes() && !stop.is_set() => {
                stop.pause(RETRY);
            }
            Err(error) if !error.kind.passes() => {
                tracing::error!(%error, "what came of a request cannot be recorded");
                return db.write(refused);
            }
            recorded => return recorded,
        }
    }
}
