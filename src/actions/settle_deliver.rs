//! A deliver step ends. The render exists: whatever happens here, it is never
//! rendered again.

use std::time::Duration;

use crate::actions::end_job::close_order;
use crate::actions::end_job::fail_job;
use crate::actions::rules::DELIVERY_LIFE;
use crate::actions::rules::FIRST_REDELIVERY;
use crate::actions::rules::LONGEST_REDELIVERY;
use crate::domain::failure::Failure;
use crate::domain::failure::FailureKind;
use crate::domain::job::Form;
use crate::domain::retry::doubling;
use crate::domain::time::Timestamp;
use crate::store::error::StoreError;
use crate::store::jobs;
use crate::store::queue::ClaimedStep;
use crate::store::tx::Tx;
use crate::store::users;

/// How a deliver step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Telegram has taken it, under this file id.
    Sent(Option<String>),
    /// The person blocked the bot or is gone.
    Blocked,
    /// It may go at this time: Telegram's limits, or the house closes.
    NotBefore(Timestamp),
    /// Telegram asks for this much patience.
    Later(Duration),
    /// Telegram does not take it in this form.
    Refused(String),
    /// It is larger than any file that Telegram takes: the person gets its address.
    TooLarge,
    /// It could not be had or sent just now.
    Failed(String),
}

/// Settles a deliver step.
pub fn settle_deliver(
    tx: &Tx<'_>,
    work: &ClaimedStep,
    delivery: &Delivery,
) -> Result<(), StoreError> {
    match delivery {
        Delivery::Sent(file_id) => {
            jobs::delivered(tx, work.claim, file_id.as_deref())?;
            close_order(tx, work.user, work.order)
        }
        Delivery::Blocked => {
            users::block(tx, work.user)?;
            jobs::undeliverable(tx, work.claim)?;
            close_order(tx, work.user, work.order)
        }
        Delivery::NotBefore(time) => jobs::release(tx, work.claim, work.step, *time),
        Delivery::Later(patience) => jobs::release(tx, work.claim, work.step, tx.now + *patience),
        Delivery::Refused(text) => match work.form.plainer() {
            Some(form) => jobs::deliver_again(tx, work.claim, form, tx.now),
            None => try_later(tx, work, Form::Link, text),
        },
        Delivery::TooLarge => jobs::deliver_again(tx, work.claim, Form::Link, tx.now),
        Delivery::Failed(text) => try_later(tx, work, work.form, text),
    }
}

/// Tries again with growing patience, for a day; then the credit comes back.
fn try_later(tx: &Tx<'_>, work: &ClaimedStep, form: Form, text: &str) -> Result<(), StoreError> {
    let waited = tx.now.since(work.rendered_at.unwrap_or(tx.now));
    if waited < DELIVERY_LIFE {
        let patience = doubling(FIRST_REDELIVERY, work.deliveries, LONGEST_REDELIVERY);
        return jobs::deliver_again(tx, work.claim, form, tx.now + patience);
    }
    if work.status.is_ended() {
        return jobs::watch_ended(tx, work.claim);
    }
    let text = format!("not delivered: {text}");
    fail_job(tx, work, &Failure::new(FailureKind::Temporary, text), None)
}
