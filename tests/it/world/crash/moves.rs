//! The moves of a bot that can crash: the same as always, past every named point. What
//! it does is taken in halves; after a crash the bot starts anew on the same database.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use reelbot::testing::{
    actions::{Delivery, Submission},
    app::Components,
    chat::Tap,
    domain::{Clock, Notification, Progress, Step},
    sandbox::{Fault, PlannedFault},
    store::{Claimed, Db, Kind, Message, inbox, send_queue},
    worker::{Done, StepOutcome, Worker},
};

use crate::world::{
    Bot, World,
    crash::{
        injector::{CrashPlan, Injector, Threads},
        point::Crash,
        ports::{self, Outcomes, PlannedRenders},
    },
};

/// What crashes the bot, and the outcomes of its videos.
pub(crate) struct Crashes {
    threads: Threads,
    renders: Arc<PlannedRenders>,
}

impl Crashes {
    /// A bot that starts can crash as well.
    pub(crate) fn wrap(&self, components: &mut Components) {
        ports::wrap(components, &self.threads.injector, &self.renders);
    }
}

impl World {
    /// From now on the bot crashes by this plan, and each video has its outcome.
    pub(crate) fn bot_crashes(&mut self, plan: CrashPlan, outcomes: Outcomes) {
        let claimed = AtomicU32::default();
        let renders = Arc::new(PlannedRenders { kie: self.stage.kie.clone(), outcomes, claimed });
        self.is_killed();
        self.crashes = Some(Crashes { threads: Threads::new(plan), renders });
        self.starts();
    }

    /// What crashes the bot.
    pub(crate) fn injector(&self) -> Arc<Injector> {
        Arc::clone(&self.crashes.as_ref().expect("the bot can crash").threads.injector)
    }

    /// As [`World::moves`], past every point.
    pub(crate) fn moves_past_points(&mut self) -> bool {
        self.move_past_points().unwrap_or_else(|| {
            self.restarts();
            true
        })
    }

    /// One move; `None` when the bot crashed in it.
    fn move_past_points(&mut self) -> Option<bool> {
        Some(
            self.fetches()?
                || self.handles()?
                || self.sends()?
                || self.bot().components.doctor.turn().unwrap()
                || self.writes()?
                || self.works()?,
        )
    }

    fn at(&self, here: Crash) -> Option<()> {
        (!self.injector().crashes_at(here)).then_some(())
    }

    fn running(&mut self) -> (&mut Bot, &mut Crashes) {
        let crashes = self.crashes.as_mut().expect("the bot can crash");
        (self.bot.as_mut().expect("the bot runs"), crashes)
    }

    /// Updates come in.
    fn fetches(&mut self) -> Option<bool> {
        let fetching = self.bot().poller.poll_once(Duration::ZERO);
        let fetched = self.runtime.block_on(fetching).unwrap() > 0;
        if fetched && tap_waits(self.db(), Tap::PRESET) {
            self.at(Crash::AfterTapIsStored)?;
        }
        if fetched && tap_waits(self.db(), Tap::ORDER) {
            self.at(Crash::AfterOrderIsStored)?;
        }
        Some(fetched)
    }

    /// Updates are handled.
    fn handles(&mut self) -> Option<bool> {
        let before = self.jobs().len();
        let handled = self.bot().components.handler.round().unwrap() > 0;
        if self.jobs().len() > before {
            self.at(Crash::AfterOrderIsSaved)?;
        }
        Some(handled)
    }

    /// The outbox is sent.
    fn sends(&mut self) -> Option<bool> {
        let next = self.next_message();
        let points = next.as_ref().and_then(sending);
        if let Some([before, after, _]) = points {
            self.at(before)?;
            if self.injector().is_armed_at(after) {
                self.sends_without_an_answer(next.as_ref());
            }
            self.at(after)?;
        }
        let sent = self.runtime.block_on(self.bot().outbox.send_due()).unwrap().sent > 0;
        if let Some([_, _, recorded]) = points {
            assert!(sent, "{next:?} goes out");
            self.at(recorded)?;
        }
        Some(sent)
    }

    /// What is sent arrives, and Telegram's answer never does.
    fn sends_without_an_answer(&self, next: Option<&Message>) {
        let telegram = &self.stage.telegram;
        let edits = next.is_some_and(|message| message.edits.is_some());
        let method = if edits { "editMessageText" } else { "sendMessage" };
        telegram.plan(PlannedFault::new(Fault::Timeout).on(method));
        let calls = telegram.calls_of(method).len() + 1;
        let arrives = async {
            while telegram.calls_of(method).len() < calls {
                tokio::task::yield_now().await;
            }
        };
        self.runtime.block_on(async {
            tokio::select! {
                sent = self.bot().outbox.send_due() => panic!("an answer came: {sent:?}"),
                () = arrives => assert!(telegram.planned_faults_are_over()),
            }
        });
    }

    /// The message that may be sent now.
    fn next_message(&self) -> Option<Message> {
        let (components, now) = (&self.bot().components, self.clock.now());
        let due = components.db.read(|view| send_queue::due(view, now, 1)).unwrap();
        due.into_iter().find(|message| components.pace.ready_at(message.to, message.lane) <= now)
    }

    /// Scripts are written.
    fn writes(&mut self) -> Option<bool> {
        let (bot, crashes) = self.running();
        let prompt_worker = Arc::clone(&bot.components.prompt_worker);
        let wrote = crashes.threads.run(move || prompt_worker.turn().unwrap())?;
        if wrote {
            self.at(Crash::AfterScriptIsSaved)?;
        }
        Some(wrote)
    }

    /// A worker's turn.
    fn works(&mut self) -> Option<bool> {
        let (bot, _) = self.running();
        let mut worker =
            std::mem::replace(&mut bot.worker, Worker::new(Arc::clone(&bot.components.context)));
        let settles = worker.done().is_some();
        let saving = worker.done().and_then(saving);
        if let Some([before, _]) = saving {
            self.at(before)?;
        }
        let found = worker.record().unwrap_or_else(|turn| panic!("{turn:?}"));
        if let Some([_, after]) = saving {
            self.at(after)?;
        }
        if let Claimed::Step(work) = &found {
            self.at(claiming(work.step))?;
            let (_, crashes) = self.running();
            crashes.renders.claimed.store(work.order.number, Ordering::SeqCst);
        }
        let (_, crashes) = self.running();
        let worker = crashes.threads.run(move || {
            worker.take_up(found);
            worker
        })?;
        let (bot, _) = self.running();
        let has_worked = settles || worker.done().is_some();
        bot.worker = worker;
        if bot.components.context.stop.is_set() {
            self.at(Crash::AfterUploadIsSaved)?;
        }
        Some(has_worked)
    }
}

/// Whether a tap whose data begins so is stored and not handled.
fn tap_waits(db: &Db, prefix: &str) -> bool {
    let data = format!("\"data\":\"{prefix}");
    let waiting = db.read(|view| inbox::waiting(view, db.clock.now(), 10)).unwrap();
    waiting.iter().any(|update| update.body.contains(&data))
}

fn claiming(step: Step) -> Crash {
    match step {
        Step::Submit => Crash::AfterSubmitIsClaimed,
        Step::Poll => Crash::AfterPollIsClaimed,
        Step::Deliver => Crash::AfterDeliverIsClaimed,
    }
}

/// The points before a message is sent, after it is, and after that is recorded.
fn sending(message: &Message) -> Option<[Crash; 3]> {
    let notification: Option<Notification> = match message.kind {
        Kind::Notification => Some(serde_json::from_str(&message.body).unwrap()),
        Kind::Screen => None,
    };
    match notification {
        None if message.body.contains(&format!("\"{}", Tap::CANCEL)) => Some([
            Crash::BeforeAnswerIsSent,
            Crash::AfterAnswerIsSent,
            Crash::AfterAnswerIsRecorded,
        ]),
        None if message.body.contains(&format!("\"{}", Tap::PRESET)) => Some([
            Crash::BeforeIdeasAreSent,
            Crash::AfterIdeasAreSent,
            Crash::AfterIdeasAreRecorded,
        ]),
        Some(Notification::VideosFailed { .. }) => Some([
            Crash::BeforeRefundIsSent,
            Crash::AfterRefundIsSent,
            Crash::AfterRefundIsRecorded,
        ]),
        Some(Notification::OrderClosed { .. }) => Some([
            Crash::BeforeClosingIsSent,
            Crash::AfterClosingIsSent,
            Crash::AfterClosingIsRecorded,
        ]),
        _ => None,
    }
}

/// The points before and after the commit of what was done.
fn saving(done: &Done) -> Option<[Crash; 2]> {
    match &done.outcome {
        StepOutcome::Submit(Submission::Task(_)) => {
            Some([Crash::BeforeSubmitIsSaved, Crash::AfterSubmitIsSaved])
        }
        StepOutcome::Poll(Ok(Progress::Done { .. })) => {
            Some([Crash::BeforePollIsSaved, Crash::AfterPollIsSaved])
        }
        StepOutcome::Poll(Ok(Progress::Failed(_))) => {
            Some([Crash::BeforeRefundIsSaved, Crash::AfterRefundIsSaved])
        }
        StepOutcome::Deliver(Delivery::Sent(_)) => {
            Some([Crash::BeforeDeliveryIsSaved, Crash::AfterDeliveryIsSaved])
        }
        StepOutcome::Deliver(Delivery::Failed(_)) => {
            Some([Crash::BeforeRetryIsSaved, Crash::AfterRetryIsSaved])
        }
        StepOutcome::Submit(_) | StepOutcome::Poll(_) | StepOutcome::Deliver(_) => None,
    }
}
