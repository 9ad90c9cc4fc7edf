//! One step, done through the ports and then settled.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::time::Instant;

use crate::actions::rules::Rules;
use crate::actions::settle_deliver::Delivery;
use crate::actions::settle_deliver::settle_deliver;
use crate::actions::settle_poll::settle_poll;
use crate::actions::settle_submit::Submission;
use crate::actions::settle_submit::settle_submit;
use crate::domain::failure::Failure;
use crate::domain::failure::FailureKind;
use crate::domain::job::Step;
use crate::domain::ports::PollError;
use crate::domain::ports::Progress;
use crate::store::error::StoreError;
use crate::store::queue::Work;
use crate::store::tx::Tx;
use crate::worker::deliver::deliver;
use crate::worker::hands::Hands;
use crate::worker::submit::submit;

/// What came of a step.
#[derive(Debug)]
pub enum Outcome {
    /// Of a submission.
    Submit(Submission),
    /// Of a poll.
    Poll(Result<Progress, PollError>),
    /// Of a delivery.
    Deliver(Delivery),
}

/// A step and what came of it, to be settled.
#[derive(Debug)]
pub struct Done {
    /// The step.
    pub work: Box<Work>,
    /// What came of it.
    pub outcome: Outcome,
}

/// Does a step. A panic in it becomes a failed step, never a dead thread.
pub fn carry_out(hands: &Hands, work: Box<Work>) -> Done {
    let tried = catch_unwind(AssertUnwindSafe(|| try_step(hands, &work)));
    let outcome = tried.unwrap_or_else(|_| {
        tracing::error!(job.id = work.claim.job.0, step = work.step.word(), "a step panicked");
        match work.step {
            Step::Submit => Outcome::Submit(Submission::Lost("the step panicked".to_owned())),
            Step::Poll => Outcome::Poll(Err(PollError::Lost("the step panicked".to_owned()))),
            Step::Deliver => Outcome::Deliver(Delivery::Failed("the step panicked".to_owned())),
        }
    });
    tell(hands, &outcome);
    Done { work, outcome }
}

/// Tells the operator of jobs that wait through no fault of their own.
fn tell(hands: &Hands, outcome: &Outcome) {
    let (failing, now) = (&hands.failing, Instant::now());
    match outcome {
        Outcome::Submit(
            Submission::Failed(Failure { kind: FailureKind::Temporary, text: reason, .. })
            | Submission::Lost(reason),
        )
        | Outcome::Poll(Err(PollError::Lost(reason))) => {
            if let Some(tale) = failing.kie.failed(now) {
                let hint = "check the network, and kie.api_url; the orders wait, and go on by \
                            themselves or are refunded";
                tracing::warn!(reason, failures = tale.failures, hint, "KIE cannot be used");
            }
        }
        Outcome::Poll(Ok(_)) => {
            if let Some(tale) = failing.kie.worked(now) {
                tracing::info!(failures = tale.failures, "KIE can be used again");
            }
        }
        Outcome::Submit(Submission::NotNow(reason)) => {
            if let Some(tale) = failing.submissions.failed(now) {
                let hint = "see to the disk of the database; the orders keep their place";
                tracing::error!(
                    reason,
                    failures = tale.failures,
                    hint,
                    "orders cannot be sent off"
                );
            }
        }
        Outcome::Submit(Submission::Task(_)) => {
            if let Some(tale) = failing.submissions.worked(now) {
                tracing::info!(failures = tale.failures, "orders are sent off again");
            }
        }
        Outcome::Deliver(Delivery::Failed(reason)) => {
            if let Some(tale) = failing.deliveries.failed(now) {
                let hint = "they are kept for a day, and tried again every 10 minutes or sooner";
                tracing::warn!(
                    reason,
                    failures = tale.failures,
                    hint,
                    "videos cannot be delivered"
                );
            }
        }
        Outcome::Deliver(Delivery::Sent(_)) => {
            if let Some(tale) = failing.deliveries.worked(now) {
                tracing::info!(failures = tale.failures, "videos are delivered again");
            }
        }
        _ => {}
    }
}

fn try_step(hands: &Hands, work: &Work) -> Outcome {
    match work.step {
        Step::Submit => Outcome::Submit(submit(hands, work)),
        Step::Poll => Outcome::Poll(poll(hands, work)),
        Step::Deliver => Outcome::Deliver(deliver(hands, work)),
    }
}

fn poll(hands: &Hands, work: &Work) -> Result<Progress, PollError> {
    let key = hands.key(work.key).map_err(|error| PollError::Lost(error.to_string()))?;
    let unknown = || PollError::Lost("its key is not known to this run".to_owned());
    let key = key.ok_or_else(unknown)?;
    let task = work.task.as_deref().unwrap_or_default();
    hands.maker.poll(&key.secret, task)
}

impl Done {
    /// The task that it has created: paid for, and known to nobody until this is settled.
    pub fn task(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Submit(Submission::Task(task)) => Some(task),
            _ => None,
        }
    }

    /// What came of it, in a word for the log.
    pub fn word(&self) -> &'static str {
        match &self.outcome {
            Outcome::Submit(Submission::Task(_)) => "created",
            Outcome::Submit(Submission::Failed(failure))
            | Outcome::Poll(Ok(Progress::Failed(failure))) => failure.kind.word(),
            Outcome::Submit(Submission::Lost(_)) => "lost",
            Outcome::Submit(Submission::NoKeys) => "no_keys",
            Outcome::Submit(Submission::GivenBack) => "given_back",
            Outcome::Submit(Submission::NotNow(_)) => "not_now",
            Outcome::Poll(Ok(Progress::Running)) => "running",
            Outcome::Poll(Ok(Progress::Done { .. })) => "rendered",
            Outcome::Poll(Err(_)) => "no_answer",
            Outcome::Deliver(Delivery::Sent(_)) => "delivered",
            Outcome::Deliver(Delivery::Blocked) => "blocked",
            Outcome::Deliver(Delivery::NotBefore(_) | Delivery::Later(_)) => "put_off",
            Outcome::Deliver(Delivery::Refused(_)) => "refused",
            Outcome::Deliver(Delivery::TooLarge) => "too_large",
            Outcome::Deliver(Delivery::Failed(_)) => "failed",
        }
    }
}

/// Settles a step in the transaction of its deed.
pub fn settle(tx: &Tx<'_>, rules: &Rules, done: &Done) -> Result<(), StoreError> {
    match &done.outcome {
        Outcome::Submit(submission) => settle_submit(tx, rules, &done.work, submission),
        Outcome::Poll(answer) => settle_poll(tx, rules, &done.work, answer),
        Outcome::Deliver(delivery) => settle_deliver(tx, &done.work, delivery),
    }
}
