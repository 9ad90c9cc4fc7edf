//! A person calls an order off, with those that the same tap has placed: what nothing was submitted of ends at
//! once, and its credits are back.

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
    /// The last video of it, and of those that were placed with it, has ended.
    #[error("the order has ended")]
    Ended,
    /// All that is left of it is being filmed.
    #[error("the videos are being filmed")]
    TooLate,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Calls off what can be of an order, and of those that were placed with it where it is the first of them: who
/// comes again finds nothing to call off, and gets nothing back.
pub fn cancel_order(
    tx: &Tx<'_>,
    user: UserId,
    order: OrderId,
) -> Result<Cancelled, CancelOrderError> {
    let orders = orders::together(tx, user, order)?;
    if orders.is_empty() {
        return Err(CancelOrderError::NoOrder);
    }
    let (mut cancelled, mut is_open) =
        (Cancelled { videos: 0, credits: Credits(0), going_on: 0 }, false);
    for order in orders {
        if orders::is_closed(tx, order.id)? {
            continue;
        }
        is_open = true;
        for job in jobs::cancel(tx, user, order.id)? {
            refund(tx, user, job, order.price)?;
            cancelled.videos += 1;
            cancelled.credits.0 += order.price.0;
        }
        cancelled.going_on += orders::tally(tx, order.id)?.open;
        close_order(tx, user, order.id)?;
    }
    match cancelled.videos {
        0 if is_open => Err(CancelOrderError::TooLate),
        0 => Err(CancelOrderError::Ended),
        _ => Ok(cancelled),
    }
}
