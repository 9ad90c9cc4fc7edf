//! How a job has ended, read from its row.

use std::time::Duration;

use crate::domain::{
    failure::FailureKind,
    id::JobId,
    job::{JobState, Status},
    job_move::Move,
    time::Timestamp,
};
use crate::service::business::{EndedJob, Event, JobResult};
use crate::store::{error::StoreError, tx::Tx};

/// Tells that a job has ended, when a move from that state is the one with which it did.
pub(super) fn tell(
    tx: &Tx<'_>,
    job: JobId,
    from: JobState,
    made: &Move<'_>,
) -> Result<(), StoreError> {
    let is_late = from.status() == Status::Failed;
    let result = match made {
        Move::Deliver { .. } if is_late => JobResult::Gift,
        Move::Deliver { .. } | Move::AssumeDelivery { .. } if !is_late => JobResult::Delivered,
        Move::Fail { kind, .. } => JobResult::Failed(*kind),
        Move::Cancel => JobResult::Failed(FailureKind::Cancelled),
        Move::TimeOut { .. } => JobResult::Failed(FailureKind::Timeout),
        _ => return Ok(()),
    };
    let sql = "select order_id, tg_user_id, model,
                      (select label from kie_keys where kie_keys.id = key_id),
                      created_at, submitted_at, rendered_at
               from generation_jobs where id = ?";
    let ended = tx.one(sql, [job], |row| {
        let (created, submitted, rendered): (Timestamp, Option<Timestamp>, Option<Timestamp>) =
            (row.get(4)?, row.get(5)?, row.get(6)?);
        let span = |from: Option<Timestamp>, to: Option<Timestamp>| -> Option<Duration> {
            from.zip(to).map(|(from, to)| to.since(from))
        };
        let delivered = matches!(made, Move::Deliver { .. }).then_some(tx.now);
        Ok(EndedJob {
            job,
            order: row.get(0)?,
            user: row.get(1)?,
            model: row.get(2)?,
            key: row.get(3)?,
            result,
            waited: span(Some(created), submitted),
            rendered: span(submitted, rendered),
            delivered: span(rendered, delivered),
        })
    })?;
    tx.tell(Event::Ended(ended));
    Ok(())
}
