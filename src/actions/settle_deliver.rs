//! A deliver step ends. The render exists: whatever happens here, it is never
//! rendered again.

use std::time::Duration;

use crate::actions::{
    end_job::{close_order, fail_job},
    release_step::release_step,
    rules::{
        DELIVERY_LIFE, FIRST_REDELIVERY, LONGEST_REDELIVERY, PARKED_LIFE, UNCONFIRMED_DELIVERIES,
    },
};
use crate::domain::{
    failure::{Failure, FailureKind},
    job::Form,
    job_move::Move,
    retry::doubling,
    time::Timestamp,
};
use crate::store::{claimed_step::ClaimedStep, error::StoreError, jobs, tx::Tx, users};

/// How a deliver step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Telegram has taken it, under this file id.
    Sent(Option<String>),
    /// The person blocked the bot or is gone.
    Blocked,
    /// It may go at this time: Telegram's limits, or the bot shuts down.
    NotBefore(Timestamp),
    /// Telegram asks for this much patience.
    Later(Duration),
    /// Telegram does not take it in this form.
    Refused(String),
    /// It cannot be sent as a file, such as one larger than Telegram takes: the person gets its
    /// address.
    LinkOnly(String),
    /// There is no video at its address, and it does not come.
    NoVideo(String),
    /// It could not be had or sent just now.
    Failed(String),
    /// It was sent, and no answer came: it may have arrived.
    Unconfirmed(String),
}

/// Settles a deliver step.
pub(crate) fn settle_deliver(
    tx: &Tx<'_>,
    step: &ClaimedStep,
    delivery: &Delivery,
) -> Result<(), StoreError> {
    let form = step.video.as_ref().map_or(Form::Video, |video| video.form);
    match delivery {
        Delivery::Sent(file_id) => {
            jobs::transition(tx, step.claim, &Move::Deliver { file_id: file_id.as_deref() })?;
            close_order(tx, step.order.user, step.order.id)
        }
        Delivery::Blocked => {
            users::block(tx, step.order.user)?;
            park(tx, step)
        }
        Delivery::NotBefore(time) => release_step(tx, step, *time),
        Delivery::Later(patience) => release_step(tx, step, tx.now + *patience),
        Delivery::Refused(text) => match form.plainer() {
            Some(form) => retry(tx, step, form, tx.now),
            None => try_later(tx, step, Form::Link, text),
        },
        Delivery::LinkOnly(_) => retry(tx, step, Form::Link, tx.now),
        Delivery::NoVideo(text) => give_up(tx, step, text),
        Delivery::Failed(text) => try_later(tx, step, form, text),
        Delivery::Unconfirmed(text) => doubt(tx, step, text),
    }
}

/// The video waits until its person comes back; at the end of its life its credit does.
fn park(tx: &Tx<'_>, step: &ClaimedStep) -> Result<(), StoreError> {
    let due = rendered_at(tx, step) + PARKED_LIFE;
    if tx.now < due {
        return jobs::transition(tx, step.claim, &Move::Park { due });
    }
    give_up(tx, step, "the person has blocked the bot")?;
    jobs::mark_away(tx, step.claim.job)
}

fn give_up(tx: &Tx<'_>, step: &ClaimedStep, text: &str) -> Result<(), StoreError> {
    if step.claim.state.is_ended() {
        return jobs::transition(tx, step.claim, &Move::EndWatch);
    }
    let failure = Failure::new(FailureKind::Temporary, format!("not delivered: {text}"));
    fail_job(tx, step, &failure, None)
}

fn retry(tx: &Tx<'_>, step: &ClaimedStep, form: Form, due: Timestamp) -> Result<(), StoreError> {
    jobs::transition(tx, step.claim, &Move::RetryDelivery { form, due })
}

/// It may have arrived. After some such deliveries it counts as arrived, without a refund:
/// the chat may be full of copies, and none of them can be called back.
fn doubt(tx: &Tx<'_>, step: &ClaimedStep, text: &str) -> Result<(), StoreError> {
    let doubts = step.video.as_ref().map_or(0, |video| video.unconfirmed_deliveries);
    if doubts + 1 < UNCONFIRMED_DELIVERIES {
        let due = tx.now + patience(step);
        return jobs::transition(tx, step.claim, &Move::DoubtDelivery { due });
    }
    let error = format!("unconfirmed, sent {UNCONFIRMED_DELIVERIES} times: {text}");
    jobs::transition(tx, step.claim, &Move::AssumeDelivery { error: &error })?;
    close_order(tx, step.order.user, step.order.id)
}

/// Tries again with growing patience, for a day; then the credit comes back.
fn try_later(tx: &Tx<'_>, step: &ClaimedStep, form: Form, text: &str) -> Result<(), StoreError> {
    if tx.now.since(rendered_at(tx, step)) < DELIVERY_LIFE {
        return retry(tx, step, form, tx.now + patience(step));
    }
    give_up(tx, step, text)
}

fn rendered_at(tx: &Tx<'_>, step: &ClaimedStep) -> Timestamp {
    step.video.as_ref().map_or(tx.now, |video| video.rendered_at)
}

/// The wait for the next delivery: it grows with those that failed.
fn patience(step: &ClaimedStep) -> Duration {
    let failed = step.video.as_ref().map_or(0, |video| video.failed_deliveries);
    doubling(FIRST_REDELIVERY, failed, LONGEST_REDELIVERY)
}
