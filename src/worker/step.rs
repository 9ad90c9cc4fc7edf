//! One step, done through the ports and then settled.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::actions::{
    rules::Rules,
    settle_deliver::{Delivery, settle_deliver},
    settle_poll::settle_poll,
    settle_submit::{Submission, settle_submit},
};
use crate::chat::settings::Settings;
use crate::domain::{
    failure::{Failure, FailureKind},
    job::Step,
    ports::{PollError, Progress},
};
use crate::store::{claimed_step::ClaimedStep, error::StoreError, tx::Tx};
use crate::worker::{
    context::WorkerContext,
    deliver::deliver,
    keyring::Keyring,
    submit::{create, prepare},
};

/// What came of a step.
#[derive(Debug)]
pub enum StepOutcome {
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
    pub step: Box<ClaimedStep>,
    /// What came of it.
    pub outcome: StepOutcome,
}

/// Executes a step. A panic in it becomes a failed step, never a dead thread.
pub(crate) fn execute(
    context: &WorkerContext,
    settings: &Settings,
    step: Box<ClaimedStep>,
) -> Done {
    let panicked = || "the step panicked".to_owned();
    let outcome = match step.step {
        Step::Submit => StepOutcome::Submit(submit(context, settings, &step)),
        Step::Poll => StepOutcome::Poll(
            guarded(&step, || poll(context, &step))
                .unwrap_or_else(|()| Err(PollError::Lost(panicked()))),
        ),
        Step::Deliver => StepOutcome::Deliver(
            guarded(&step, || deliver(context, &step))
                .unwrap_or_else(|()| Delivery::Failed(panicked())),
        ),
    };
    log_outages(context, &outcome);
    Done { step, outcome }
}

/// Submits a job. What fails before KIE was asked gives back the creation that was counted for it.
fn submit(context: &WorkerContext, settings: &Settings, step: &ClaimedStep) -> Submission {
    let panicked = || "the step panicked".to_owned();
    let failed = |()| Err(Submission::Failed(Failure::new(FailureKind::Temporary, panicked())));
    match guarded(step, || prepare(context, settings, step)).unwrap_or_else(failed) {
        Ok(prepared) => guarded(step, || create(context, settings, step, &prepared))
            .unwrap_or_else(|()| Submission::Lost(panicked())),
        Err(submission) => {
            context.uncount_creation(step.attempt.key);
            submission
        }
    }
}

/// Runs a part of a step; an error is a panic in it.
fn guarded<T>(step: &ClaimedStep, part: impl FnOnce() -> T) -> Result<T, ()> {
    catch_unwind(AssertUnwindSafe(part)).map_err(|_| {
        tracing::error!(job.id = step.claim.job.0, step = step.step.word(), "a step panicked");
    })
}

/// Logs that jobs wait through no fault of their own, or no longer do.
fn log_outages(context: &WorkerContext, outcome: &StepOutcome) {
    let outages = &context.outages;
    match outcome {
        StepOutcome::Submit(
            Submission::Failed(Failure { kind: FailureKind::Temporary, text: reason, .. })
            | Submission::Lost(reason),
        )
        | StepOutcome::Poll(Err(PollError::Lost(reason))) => outages.kie.failed(reason),
        StepOutcome::Poll(Ok(_)) => outages.kie.worked(),
        StepOutcome::Submit(Submission::NotNow(reason)) => outages.submissions.failed(reason),
        StepOutcome::Submit(Submission::Task(_)) => outages.submissions.worked(),
        StepOutcome::Deliver(
            Delivery::Failed(reason) | Delivery::NoVideo(reason) | Delivery::Unconfirmed(reason),
        ) => outages.deliveries.failed(reason),
        StepOutcome::Deliver(Delivery::Sent(_)) => outages.deliveries.worked(),
        _ => {}
    }
}

fn poll(context: &WorkerContext, step: &ClaimedStep) -> Result<Progress, PollError> {
    let key = context.key(step.attempt.key).map_err(|error| PollError::Lost(error.to_string()))?;
    let unknown = || PollError::Lost("its key is not known to this run".to_owned());
    let key = key.ok_or_else(unknown)?;
    let task = step.task.as_ref().map_or("", |task| &task.id);
    context.ports.maker.poll(&key.secret, task)
}

impl Done {
    /// The task that it has created: paid for, and recorded nowhere until this is settled.
    pub fn task(&self) -> Option<&str> {
        match &self.outcome {
            StepOutcome::Submit(Submission::Task(task)) => Some(task),
            _ => None,
        }
    }

    /// What came of it, in a word for the log.
    pub fn word(&self) -> &'static str {
        match &self.outcome {
            StepOutcome::Submit(Submission::Task(_)) => "created",
            StepOutcome::Submit(Submission::Failed(failure))
            | StepOutcome::Poll(Ok(Progress::Failed(failure))) => failure.kind.word(),
            StepOutcome::Submit(Submission::Lost(_)) => "lost",
            StepOutcome::Submit(Submission::PhotoGone(_) | Submission::PhotoOutOfReach(_)) => {
                "no_photo"
            }
            StepOutcome::Submit(Submission::NoKeys) => "no_keys",
            StepOutcome::Submit(Submission::GivenBack) => "given_back",
            StepOutcome::Submit(Submission::NotNow(_)) => "not_now",
            StepOutcome::Poll(Ok(Progress::Running)) => "running",
            StepOutcome::Poll(Ok(Progress::NoAddress)) => "no_address",
            StepOutcome::Poll(Ok(Progress::Done { .. })) => "rendered",
            StepOutcome::Poll(Err(_)) => "no_answer",
            StepOutcome::Deliver(Delivery::Sent(_)) => "delivered",
            StepOutcome::Deliver(Delivery::Blocked) => "blocked",
            StepOutcome::Deliver(Delivery::NotBefore(_) | Delivery::Later(_)) => "put_off",
            StepOutcome::Deliver(Delivery::Refused(_)) => "refused",
            StepOutcome::Deliver(Delivery::LinkOnly(_)) => "link_only",
            StepOutcome::Deliver(Delivery::NoVideo(_)) => "no_video",
            StepOutcome::Deliver(Delivery::Failed(_)) => "failed",
            StepOutcome::Deliver(Delivery::Unconfirmed(_)) => "unconfirmed",
        }
    }
}

/// Settles a step in the transaction of its action.
pub fn settle(
    tx: &Tx<'_>,
    rules: &Rules,
    keyring: &Keyring,
    done: &Done,
) -> Result<(), StoreError> {
    match &done.outcome {
        StepOutcome::Submit(submission) => settle_submit(tx, rules, &done.step, submission),
        StepOutcome::Poll(answer) => {
            let pace = keyring.next_poll(rules, done.step.attempt.key, answer, tx.now);
            settle_poll(tx, rules, &done.step, answer, pace)
        }
        StepOutcome::Deliver(delivery) => settle_deliver(tx, &done.step, delivery),
    }
}
