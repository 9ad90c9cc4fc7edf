//! What is no longer needed is forgotten, in writes so small that nobody waits for them.

use std::time::Duration;

use crate::domain::{id::PhotoId, time::Timestamp};
use crate::store::{
    albums, anchors, away, batches, drafts, error::StoreError, exports, inbox, outbox, photos,
    status_messages, tx::Tx, uploads, voices,
};
use crate::worker::context::WorkerContext;

/// How many rows one write forgets: some milliseconds.
const MOST: u16 = 200;

/// Forgets, or gives up, at most so many rows that are from before a time; returns how many.
type Forget = fn(&Tx<'_>, Timestamp, u16) -> Result<usize, StoreError>;

/// What is forgotten, and how long it is kept. Telegram keeps its own updates for a day, and uses
/// their ids again after a week at the earliest.
const KEPT: [(Forget, Duration); 13] = [
    (inbox::forget, Duration::from_hours(72)),
    (outbox::forget, Duration::from_hours(72)),
    (outbox::forget_once, Duration::from_hours(30 * 24)),
    (away::give_up_parked, Duration::ZERO),
    (status_messages::give_up_parked, away::AWAY),
    (exports::give_up_parked, Duration::ZERO),
    (anchors::forget, Duration::from_hours(72)),
    (uploads::forget_old, Duration::from_hours(24)),
    (albums::forget, Duration::from_hours(7 * 24)),
    (voices::forget, Duration::from_hours(72)),
    (drafts::forget, Duration::from_hours(7 * 24)),
    (batches::forget, Duration::from_hours(7 * 24)),
    (exports::forget, Duration::from_hours(72)),
];

/// Forgets what has had its time, and gives the room back.
pub(crate) fn prune(context: &WorkerContext) -> Result<(), StoreError> {
    let now = context.db.clock.now();
    for (forget, kept) in KEPT {
        while !context.stop.is_set()
            && context.db.write(move |tx| forget(tx, now - kept, MOST))? == usize::from(MOST)
        {
        }
    }
    context.db.shrink(&context.stop)
}

/// Forgets the photos that nothing names any more.
pub(crate) fn prune_photos(context: &WorkerContext) -> Result<(), StoreError> {
    let unnamed = context.db.read(photos::unnamed)?;
    for some in unnamed.chunks(MOST.into()) {
        if context.stop.is_set() {
            break;
        }
        let some: Vec<PhotoId> = some.to_vec();
        context.db.write(move |tx| {
            some.into_iter().try_for_each(|photo| photos::forget(tx, photo).map(drop))
        })?;
    }
    Ok(())
}
