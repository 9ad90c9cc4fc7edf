//! A job ends: with its video, or with its credit back.

use crate::domain::{
    credits::EntryKind,
    failure::Failure,
    id::{OrderId, UserId},
    job_move::Move,
    notification::Notification,
    time::Timestamp,
};
use crate::store::{
    claimed_step::ClaimedStep,
    error::StoreError,
    jobs,
    ledger::{self, Entry},
    orders, outbox,
    tx::Tx,
};

/// Ends a job without a video: its credit comes back, the person is notified,
/// and an order whose last job this was is closed. With `watch` the task is
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
        None => Move::Fail { kind: failure.kind, error },
    };
    jobs::transition(tx, step.claim, &made)?;
    let refund = Entry {
        user: step.order.user,
        amount: step.order.price,
        kind: EntryKind::Refund,
        once: format!("refund job {job}"),
        order: None,
        job: Some(job),
        note: None,
    };
    ledger::add(tx, &refund)?;
    let notification = Notification::VideoFailed {
        kind: failure.kind,
        violation: failure.violation,
        refund: step.order.price,
    };
    outbox::put_notification(tx, step.order.user, &notification, &format!("failed job {job}"))?;
    close_order(tx, step.order.user, step.order.id)
}

/// Closes an order once its last job has ended: time for the closing keyboard.
pub(crate) fn close_order(tx: &Tx<'_>, user: UserId, order: OrderId) -> Result<(), StoreError> {
    let tally = orders::tally(tx, order)?;
    if tally.open > 0 || !orders::close(tx, order)? {
        return Ok(());
    }
    let notification =
        Notification::OrderClosed { order, delivered: tally.completed, count: tally.count };
    outbox::put_notification(tx, user, &notification, &format!("closing order {order}"))
}
