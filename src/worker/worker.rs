//! A worker: settles the last step, claims the next and does it.

use std::{sync::Arc, time::Duration};

use crate::actions::{
    hold_job::{choose_model, hold_job},
    rescue_jobs::take_over,
    rules::Rules,
};
use crate::chat::settings::Settings;
use crate::domain::{
    failure::{Failure, FailureKind},
    job::Step,
    time::Timestamp,
};
use crate::service::{
    notify::Channel,
    pulse::Beat,
    serve::{Next, RETRY, serve},
};
use crate::store::{
    claimed_step::ClaimedStep,
    error::StoreError,
    queue::{self, Capacity, Claimed, SubmitCapacity},
    tx::Tx,
};
use crate::worker::{
    context::WorkerContext,
    step::{Done, execute, settle},
    step_limits::{StepLimits, StepPermit},
};

/// No step lasts longer: its calls have limits of minutes each, and there are few of them.
const LONGEST_STEP: Duration = Duration::from_mins(30);

/// How many jobs one claim holds at most because no model is up, before others write.
const MOST_HELD: usize = 64;

/// One worker. What it has done is settled together with its next claim, in
/// one write.
pub struct Worker {
    context: Arc<WorkerContext>,
    /// Those by which the step in hand was claimed: it is done and settled by the same.
    settings: Arc<Settings>,
    done: Option<Arc<Done>>,
    permit: Option<StepPermit>,
}

/// How a turn went.
#[derive(Debug)]
pub enum Turn {
    /// A step was done; it is settled at the next turn.
    Worked,
    /// Nothing is due before this time.
    Idle(Option<Timestamp>),
    /// The database did not take what was to be written; it is tried again.
    Failed(StoreError),
}

impl Worker {
    /// A worker without a step.
    pub fn new(context: Arc<WorkerContext>) -> Self {
        Self { settings: context.settings(), context, done: None, permit: None }
    }

    /// Works until the bot shuts down. A step that is not settled then is settled last.
    pub fn work(mut self) {
        let context = Arc::clone(&self.context);
        let notifier = context.db.notifiers.get(Channel::Work);
        let turns = context.db.pulse.loops.join("worker", LONGEST_STEP);
        serve(&turns, &context.stop, Some(notifier), RETRY, || match self.turn() {
            Turn::Worked => Ok(Next::Now),
            // A step that becomes due notifies nobody: one of the idle workers wakes in time.
            Turn::Idle(next) => Ok(Next::Within(self.idle_timeout(next))),
            Turn::Failed(error) => Err(error),
        });
        while self.done.is_some() {
            if let Turn::Failed(_) = self.turn() {
                // The stop is past; a commit would show that the database works again.
                notifier.wait(notifier.ticket(), RETRY);
            }
        }
    }

    /// Settles the last step, claims the next and does it. A panic never costs the thread.
    pub fn turn(&mut self) -> Turn {
        match self.record() {
            Ok(claimed) => self.take_up(claimed),
            Err(turn) => turn,
        }
    }

    /// The first half of a turn: the last step is settled and the next claimed, in
    /// one commit. An error is how the turn went.
    pub fn record(&mut self) -> Result<Claimed, Turn> {
        let settings = self.context.settings();
        match StoreError::catch("a turn panicked", || self.settle_and_claim(&settings)) {
            Ok((claimed, permit)) => {
                self.log_settled();
                (self.settings, self.permit) = (settings, permit);
                Ok(claimed)
            }
            Err(error) if self.done.is_some() && !error.kind.passes() => {
                self.settle_alone();
                Err(if self.done.is_none() { Turn::Worked } else { Turn::Failed(error) })
            }
            Err(error) => Err(Turn::Failed(error)),
        }
    }

    fn settle_and_claim(
        &self,
        settings: &Arc<Settings>,
    ) -> Result<(Claimed, Option<StepPermit>), StoreError> {
        take_over_when_alone(&self.context, settings)?;
        let is_stopping = self.context.stop.is_set();
        let (context, done) = (Arc::clone(&self.context), self.done.clone());
        let (before, settings) = (Arc::clone(&self.settings), Arc::clone(settings));
        self.context.db.write(move |tx| {
            if let Some(done) = &done {
                settle(tx, &before.rules, &context.keyring, done)?;
            }
            if is_stopping {
                return Ok((Claimed::Nothing(None), None));
            }
            claim(tx, &context, &settings.rules)
        })
    }

    /// The error may come from the claim: then the last step can still be settled. A result
    /// that cannot be recorded is dropped, and its claim given back when it expires, or at
    /// the next start.
    fn settle_alone(&mut self) {
        let Some(done) = self.done.clone() else { return };
        let (context, settings) = (Arc::clone(&self.context), Arc::clone(&self.settings));
        let copy = Arc::clone(&done);
        let settled = StoreError::catch("it panicked", || {
            self.context.db.write(move |tx| settle(tx, &settings.rules, &context.keyring, &copy))
        });
        let error = match settled {
            Ok(()) => return self.log_settled(),
            Err(error) if error.kind.passes() => return,
            Err(error) => error,
        };
        self.done = None;
        tracing::error!(
            %error,
            job.id = done.step.claim.job.0,
            step = done.step.step.word(),
            outcome = done.word(),
            task = done.task(),
            "a step could not be recorded; its result is dropped"
        );
    }

    /// The second half: the step is done, through the ports.
    pub fn take_up(&mut self, claimed: Claimed) -> Turn {
        match claimed {
            Claimed::Step(step) => {
                // Wakes another worker, which looks for what is due next meanwhile.
                self.context.db.notifiers.get(Channel::Work).notify_one();
                self.done = Some(Arc::new(execute(&self.context, &self.settings, step)));
                self.permit = None;
                Turn::Worked
            }
            Claimed::Nothing(next) => Turn::Idle(next),
        }
    }

    /// What was done and is not settled yet.
    pub fn done(&self) -> Option<&Done> {
        self.done.as_deref()
    }

    /// Logs what was settled, without anybody's texts.
    fn log_settled(&mut self) {
        let Some(done) = self.done.take() else { return };
        self.context.db.pulse.beat(Beat::Step);
        let step = &done.step;
        tracing::debug!(
            job.id = step.claim.job.0,
            order.id = step.order.id.0,
            user.id = step.order.user.0,
            step = step.step.word(),
            attempt = step.attempt.number,
            outcome = done.word(),
            "a step is settled"
        );
    }

    fn idle_timeout(&self, next: Option<Timestamp>) -> Duration {
        let (clock, idle_wait) = (&self.context.db.clock, self.settings.idle_wait);
        let until_due = next.map_or(idle_wait, |next| clock.real(next.since(clock.now())));
        until_due.min(idle_wait).max(Duration::from_millis(1))
    }
}

/// Gives back what the run before had in hand, once it is certain that it is gone.
fn take_over_when_alone(
    context: &WorkerContext,
    settings: &Arc<Settings>,
) -> Result<(), StoreError> {
    let run = &context.db.run;
    let Some(inherited) = run.to_take_over(context.db.clock.now()) else { return Ok(()) };
    let settings = Arc::clone(settings);
    let resumed = context.db.write(move |tx| take_over(tx, &settings.rules, &inherited))?;
    run.took_over();
    if resumed > 0 {
        tracing::info!(resumed, "steps that were claimed at the last stop go on");
    }
    Ok(())
}

/// Claims a step for which there is capacity, and with it a permit. A run that may not be the
/// only one does nothing that costs or is seen: it asks KIE for what is rendered already.
fn claim(
    tx: &Tx<'_>,
    context: &WorkerContext,
    rules: &Rules,
) -> Result<(Claimed, Option<StepPermit>), StoreError> {
    context.db.expect_ownership(tx)?;
    let mut available = context.keyring.available(rules, tx, tx.now)?;
    limit_to_permits(&mut available.capacity, &context.limits);
    if let Some(until) = context.db.run.waits_until(tx.now) {
        available.capacity.submit = SubmitCapacity::Full;
        available.capacity.deliveries = false;
        available.more_at = available.more_at.into_iter().chain([until]).min();
    }
    for _ in 0..MOST_HELD {
        match queue::claim(tx, &available.capacity)? {
            Claimed::Step(step) => {
                let Some(step) = with_model(tx, rules, step)? else { continue };
                context.keyring.count(tx, &step, tx.now)?;
                let permit = context.limits.take(step.step);
                return Ok((Claimed::Step(step), Some(permit)));
            }
            Claimed::Nothing(next) => {
                let next = [next, available.more_at].into_iter().flatten().min();
                return Ok((Claimed::Nothing(next), None));
            }
        }
    }
    Ok((Claimed::Nothing(Some(tx.now)), None))
}

/// A submission with the model that makes it, chosen among those that are up; where none is,
/// it is held here and now, and costs neither a thread nor a creation.
fn with_model(
    tx: &Tx<'_>,
    rules: &Rules,
    mut step: Box<ClaimedStep>,
) -> Result<Option<Box<ClaimedStep>>, StoreError> {
    if step.step != Step::Submit || step.attempt.key.is_none() {
        return Ok(Some(step));
    }
    let Some(model) = choose_model(tx, rules, &step)? else {
        let failure = Failure::new(FailureKind::ModelDown, "no model is up");
        hold_job(tx, rules, &step, step.attempt.number, &failure)?;
        return Ok(None);
    };
    step.attempt.model = model;
    Ok(Some(step))
}

/// Leaves only the capacity for which there is a permit.
fn limit_to_permits(capacity: &mut Capacity, limits: &StepLimits) {
    if matches!(capacity.submit, SubmitCapacity::Key(_)) && !limits.is_free(Step::Submit) {
        capacity.submit = SubmitCapacity::Full;
    }
    if !limits.is_free(Step::Poll) {
        capacity.polls.clear();
    }
    capacity.deliveries &= limits.is_free(Step::Deliver);
}
