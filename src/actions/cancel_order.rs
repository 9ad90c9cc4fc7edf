//! A person calls an order off: what nothing was submitted of ends at once, and its credits are back.

use crate::actions::end_job::{close_order, refund};
use crate::domain::{
    credits::Credits,
    id::{OrderId, UserId},
};
use crate::store::{error::StoreError, jobs, orders, tx::Tx};

/// What was called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// How many videos.
    pub videos: u32,
    /// What came back for them.
    pub credits: Credits,
    /// How many others are being filmed, and go on.
    pub going_on: u32,
}

/// Why nothing was called off.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CancelOrderError {
    /// There is no such order, or it is another person's.
    #[error("no such order")]
    NoOrder,
    /// Its last video has ended.
    #[error("the order has ended")]
    Ended,
    /// All that is left of it is being filmed.
    #[error("the videos are being filmed")]
    TooLate,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Calls off what can be: who comes again finds nothing to call off, and gets nothing back.
pub fn cancel_order(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
) -> Result<Cancelled, CancelOrderError> {
    let found = orders::find(tx, user, order)?.ok_or(CancelOrderError::NoOrder)?;
    if orders::is_closed(tx, order)? {
        return Err(CancelOrderError::Ended);
    }
    let jobs = jobs::cancel(tx, user, order)?;
    if jobs.is_empty() {
        return Err(CancelOrderError::TooLate);
    }
    for job in &jobs {
        refund(tx, user, *job, found.price)?;
    }
    let going_on = orders::tally(tx, order)?.open;
    close_order(tx, user, order)?;
    let videos = u32::try_from(jobs.len()).unwrap_or(u32::MAX);
    Ok(Cancelled { videos, credits: found.price.times(videos), going_on })
}
