//! A job ends: with its video, or with its credit back.

use crate::domain::{
    credits::{Credits, EntryKind},
    failure::{Failure, Violation, cause},
    id::{BatchId, JobId, OrderId, UserId},
    job_move::Move,
    notification::Notification,
    time::Timestamp,
};
use crate::store::{
    batches,
    claimed_step::ClaimedStep,
    drafts,
    error::StoreError,
    jobs,
    ledger::{self, Entry},
    orders, outbox, status_messages,
    tx::Tx,
};

/// Ends a job without a video: its credit comes back, the person is notified once for
/// each cause, and an order whose last job this was is closed. With `watch` the task is
/// still polled, from then on.
pub(crate) fn fail_job(
    tx: &Tx<'_>,
    step: &ClaimedStep,
    failure: &Failure,
    watch: Option<Timestamp>,
) -> Result<(), StoreError> {
    let job = step.claim.job;
    let error = &failure.text;
    let made = match watch {
        Some(due) => Move::TimeOut { error, due },
        None => Move::Fail { kind: failure.kind, violation: failure.violation, error },
    };
    jobs::transition(tx, step.claim, &made)?;
    refund(tx, step.order.user, job, step.order.price)?;
    let (user, order) = (step.order.user, step.order.id);
    let (kind, violation) = cause(failure.kind, failure.violation);
    let notification = Notification::VideosFailed { order, kind, violation };
    let rule = violation.map_or("", Violation::word);
    let name = format!("failed order {order} {} {rule}", kind.word());
    // What failed of a series is told when all of it has ended.
    if orders::batch(tx, order)?.is_none() {
        outbox::put_subject(tx, user, &notification, name.trim_end())?;
    }
    close_order(tx, user, order)
}

/// Gives the credit of a job back, once whatever happens.
pub(crate) fn refund(
    tx: &Tx<'_>,
    user: UserId,
    job: JobId,
    price: Credits,
) -> Result<(), StoreError> {
    let refund = Entry {
        user,
        amount: price,
        kind: EntryKind::Refund,
        once: format!("refund job {job}"),
        order: None,
        job: Some(job),
        note: None,
    };
    ledger::add(tx, &refund).map(drop)
}

/// Closes an order once its last job has ended: time for the closing keyboard.
pub(crate) fn close_order(tx: &Tx<'_>, user: UserId, order: OrderId) -> Result<(), StoreError> {
    let tally = orders::tally(tx, order)?;
    if tally.open > 0 || !orders::close(tx, order)? {
        return Ok(());
    }
    if orders::ending(tx, order)?.is_some_and(|ending| ending.is_photo_refused())
        && let Some(order) = orders::find(tx, user, order)?
    {
        drafts::close_photo(tx, order.photo)?;
    }
    status_messages::close(tx, order)?;
    if let Some(batch) = orders::batch(tx, order)? {
        return close_series(tx, user, batch);
    }
    let notification = Notification::OrderClosed { order };
    outbox::put_notification(tx, user, &notification, &format!("closing order {order}"))
}

/// Closes a series once its last order has ended: time for the summary. What is ordered of it later
/// has a summary of its own, which tells of all.
fn close_series(tx: &Tx<'_>, user: UserId, batch: BatchId) -> Result<(), StoreError> {
    let (orders, open) = batches::count_orders(tx, batch)?;
    if open > 0 {
        return Ok(());
    }
    let notification = Notification::SeriesClosed { batch };
    outbox::put_notification(tx, user, &notification, &format!("closing series {batch} {orders}"))
}
