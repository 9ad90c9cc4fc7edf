//! One step, done through the ports and then settled.

use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use crate::actions::rules::Rules;
use crate::actions::settle_deliver::Delivery;
use crate::actions::settle_deliver::settle_deliver;
use crate::actions::settle_poll::settle_poll;
use crate::actions::settle_submit::Submission;
use crate::actions::settle_submit::settle_submit;
use crate::config::settings::Config;
use crate::domain::id::KeyId;
use crate::domain::job::Step;
use crate::domain::key::LiveKey;
use crate::domain::model::Aspect;
use crate::domain::model::Model;
use crate::domain::ports::Courier;
use crate::domain::ports::PhotoSource;
use crate::domain::ports::PollError;
use crate::domain::ports::Progress;
use crate::domain::ports::VideoMaker;
use crate::store::db::Db;
use crate::store::error::StoreError;
use crate::store::queue::Work;
use crate::store::tx::Tx;
use crate::worker::deliver::deliver;
use crate::worker::keyring::Keyring;
use crate::worker::stop::Stop;
use crate::worker::submit::submit;

/// What every worker works with.
pub struct Hands {
    /// The database.
    pub db: Arc<Db>,
    /// KIE.
    pub maker: Arc<dyn VideoMaker>,
    /// Where photos come from.
    pub photos: Arc<dyn PhotoSource>,
    /// Who brings the videos.
    pub courier: Arc<dyn Courier>,
    /// The keys.
    pub keyring: Arc<Keyring>,
    /// The operator's numbers.
    pub rules: Arc<Rules>,
    /// How models want their input.
    pub models: Vec<Model>,
    /// The shape of the videos.
    pub aspect: Aspect,
    /// Their length in seconds.
    pub seconds: u32,
    /// How long an idle thread waits at most.
    pub idle_wait: Duration,
    /// The sign that the house closes.
    pub stop: Stop,
}

/// The doors that hands reach through.
pub struct Ports {
    /// KIE.
    pub maker: Arc<dyn VideoMaker>,
    /// Where photos come from.
    pub photos: Arc<dyn PhotoSource>,
    /// Who brings the videos.
    pub courier: Arc<dyn Courier>,
}

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

impl Hands {
    /// Hands for a config.
    pub fn new(
        db: Arc<Db>,
        config: &Config,
        keyring: Arc<Keyring>,
        ports: Ports,
        stop: Stop,
    ) -> Self {
        Self {
            db,
            maker: ports.maker,
            photos: ports.photos,
            courier: ports.courier,
            keyring,
            rules: Arc::new(Rules::new(config)),
            models: config.models.clone(),
            aspect: config.kie.aspect_ratio,
            seconds: config.kie.seconds,
            idle_wait: config.workers.idle_wait,
            stop,
        }
    }

    /// Does a step. A panic in it becomes a failed step, never a dead thread.
    pub fn carry_out(&self, work: Box<Work>) -> Done {
        let tried = catch_unwind(AssertUnwindSafe(|| self.try_step(&work)));
        let outcome = tried.unwrap_or_else(|_| {
            tracing::error!(job.id = work.claim.job.0, step = work.step.word(), "a step panicked");
            match work.step {
                Step::Submit => Outcome::Submit(Submission::Lost("the step panicked".to_owned())),
                Step::Poll => Outcome::Poll(Err(PollError::Lost("the step panicked".to_owned()))),
                Step::Deliver => Outcome::Deliver(Delivery::Failed("the step panicked".to_owned())),
            }
        });
        Done { work, outcome }
    }

    fn try_step(&self, work: &Work) -> Outcome {
        match work.step {
            Step::Submit => Outcome::Submit(submit(self, work)),
            Step::Poll => Outcome::Poll(self.poll(work)),
            Step::Deliver => Outcome::Deliver(deliver(self, work)),
        }
    }

    fn poll(&self, work: &Work) -> Result<Progress, PollError> {
        let unknown = || PollError::Lost("its key is not known to this run".to_owned());
        let key = self.key(work.key).ok_or_else(unknown)?;
        let task = work.task.as_deref().unwrap_or_default();
        self.maker.poll(&key.secret, task)
    }

    /// The key with that id, if its secret is known.
    pub fn key(&self, id: Option<KeyId>) -> Option<LiveKey> {
        let id = id?;
        self.db.read::<_, StoreError>(|view| self.keyring.key(view, id)).ok().flatten()
    }
}

impl Done {
    /// What came of it, in a word for the log.
    pub fn word(&self) -> &'static str {
        match &self.outcome {
            Outcome::Submit(Submission::Task(_)) => "created",
            Outcome::Submit(Submission::Failed(failure)) => failure.kind.word(),
            Outcome::Submit(Submission::Lost(_)) => "lost",
            Outcome::Submit(Submission::NoKeys) => "no_keys",
            Outcome::Submit(Submission::GivenBack) => "given_back",
            Outcome::Poll(Ok(Progress::Running)) => "running",
            Outcome::Poll(Ok(Progress::Done { .. })) => "rendered",
            Outcome::Poll(Ok(Progress::Failed(failure))) => failure.kind.word(),
            Outcome::Poll(Err(_)) => "no_answer",
            Outcome::Deliver(Delivery::Sent(_)) => "delivered",
            Outcome::Deliver(Delivery::Blocked) => "blocked",
            Outcome::Deliver(Delivery::NotBefore(_) | Delivery::Later(_)) => "put_off",
            Outcome::Deliver(Delivery::Refused(_)) => "refused",
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
