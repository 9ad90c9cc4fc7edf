//! The moves of a bot that can die: the same as always, past every named point. The
//! halves of what it does are taken one by one; after a death the file is opened by
//! a new life.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reelbot::actions::settle_deliver::Delivery;
use reelbot::actions::settle_submit::Submission;
use reelbot::app::Components;
use reelbot::domain::job::Step;
use reelbot::domain::notification::Notification;
use reelbot::domain::ports::Clock;
use reelbot::domain::ports::Progress;
use reelbot::sandbox::telegram::fault::Fault;
use reelbot::sandbox::telegram::fault::PlannedFault;
use reelbot::store::db::Db;
use reelbot::store::inbox;
use reelbot::store::outbox;
use reelbot::store::outbox::Kind;
use reelbot::store::outbox::Message;
use reelbot::store::queue::Claimed;
use reelbot::worker::step::Done;
use reelbot::worker::step::StepOutcome;
use reelbot::worker::worker::Worker;

use crate::world::Bot;
use crate::world::World;
use crate::world::crash::Crash;
use crate::world::death::Death;
use crate::world::death::Life;
use crate::world::death::Plan;
use crate::world::reach::Destiny;
use crate::world::reach::Fate;
use crate::world::reach::put_between;

/// A life that can end, and what becomes of the videos meanwhile.
pub struct Mortality {
    life: Life,
    destiny: Arc<Destiny>,
}

impl Mortality {
    /// A new life begins, and may end as well.
    pub fn reach_into(&self, components: &mut Components) {
        put_between(components, &self.life.death, &self.destiny);
    }
}

impl World {
    /// From now on the bot can die, and each video has its fate.
    pub fn becomes_mortal(&mut self, plan: Plan, fate: Fate) {
        let in_hand = AtomicU32::default();
        let destiny = Arc::new(Destiny { kie: self.stage.kie.clone(), fate, in_hand });
        self.dies();
        self.mortality = Some(Mortality { life: Life::new(plan), destiny });
        self.starts();
    }

    /// The death of a bot that can die.
    pub fn death(&self) -> Arc<Death> {
        Arc::clone(&self.mortality.as_ref().expect("the bot is mortal").life.death)
    }

    /// As [`World::moves`], past every point.
    pub(super) fn moves_mortally(&mut self) -> bool {
        self.lives_on().unwrap_or_else(|| {
            self.dies();
            self.starts();
            true
        })
    }

    /// One move; `None` when the bot died of it.
    fn lives_on(&mut self) -> Option<bool> {
        Some(
            self.fetches()?
                || self.answers()?
                || self.tells()?
                || self.writes()?
                || self.works()?,
        )
    }

    fn at(&self, here: Crash) -> Option<()> {
        (!self.death().strikes(here)).then_some(())
    }

    fn alive(&mut self) -> (&mut Bot, &mut Mortality) {
        let mortality = self.mortality.as_mut().expect("the bot is mortal");
        (self.bot.as_mut().expect("the bot runs"), mortality)
    }

    /// Updates come in.
    fn fetches(&mut self) -> Option<bool> {
        let fetching = self.bot().poller.poll_once(Duration::ZERO);
        let fetched = self.runtime.block_on(fetching).unwrap() > 0;
        if fetched && tap_waits(self.db(), "p:") {
            self.at(Crash::AfterTapIsStored)?;
        }
        if fetched && tap_waits(self.db(), "o:") {
            self.at(Crash::AfterOrderIsStored)?;
        }
        Some(fetched)
    }

    /// Updates are handled.
    fn answers(&mut self) -> Option<bool> {
        let before = self.jobs().len();
        let handled = self.bot().components.handler.round().unwrap() > 0;
        if self.jobs().len() > before {
            self.at(Crash::AfterOrderIsSaved)?;
        }
        Some(handled)
    }

    /// What must be told is told.
    fn tells(&mut self) -> Option<bool> {
        let next = self.next_told();
        let points = next.as_ref().and_then(telling);
        if let Some([before, after, _]) = points {
            self.at(before)?;
            if self.death().awaits(after) {
                self.tells_and_hears_nothing(next.as_ref());
            }
            self.at(after)?;
        }
        let told = self.runtime.block_on(self.bot().outbox.send_due()).unwrap().sent > 0;
        if let Some([_, _, noted]) = points {
            assert!(told, "{next:?} goes out");
            self.at(noted)?;
        }
        Some(told)
    }

    /// What is told arrives, and Telegram's answer never does.
    fn tells_and_hears_nothing(&self, next: Option<&Message>) {
        let telegram = &self.stage.telegram;
        let edits = next.is_some_and(|message| message.edits.is_some());
        let method = if edits { "editMessageText" } else { "sendMessage" };
        telegram.plan(PlannedFault::new(Fault::Timeout).on(method));
        let told = telegram.calls_of(method).len() + 1;
        let arrives = async {
            while telegram.calls_of(method).len() < told {
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

    /// What may be told now.
    fn next_told(&self) -> Option<Message> {
        let (components, now) = (&self.bot().components, self.clock.now());
        let due = components.db.read(|view| outbox::due(view, now, 1)).unwrap();
        due.into_iter().find(|message| components.pace.ready_at(message.to) <= now)
    }

    /// Scripts are written.
    fn writes(&mut self) -> Option<bool> {
        let (bot, mortality) = self.alive();
        let prompt_worker = Arc::clone(&bot.components.prompt_worker);
        let wrote = mortality.life.lives(move || prompt_worker.turn().unwrap())?;
        if wrote {
            self.at(Crash::AfterScriptIsSaved)?;
        }
        Some(wrote)
    }

    /// A worker's turn.
    fn works(&mut self) -> Option<bool> {
        let (bot, _) = self.alive();
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
            let (_, mortality) = self.alive();
            mortality.destiny.in_hand.store(work.order.number, Ordering::SeqCst);
        }
        let (_, mortality) = self.alive();
        let worker = mortality.life.lives(move || {
            worker.take_up(found);
            worker
        })?;
        let (bot, _) = self.alive();
        let worked = settles || worker.done().is_some();
        bot.worker = worker;
        if bot.components.context.stop.is_set() {
            self.at(Crash::AfterUploadIsSaved)?;
        }
        Some(worked)
    }
}

/// Whether a tap on a button with such data is stored and not handled.
fn tap_waits(db: &Db, data: &str) -> bool {
    let data = format!("\"data\":\"{data}");
    let waiting = db.read(|view| inbox::waiting(view, 10)).unwrap();
    waiting.iter().any(|arrival| arrival.body.contains(&data))
}

fn claiming(step: Step) -> Crash {
    match step {
        Step::Submit => Crash::AfterSubmitIsClaimed,
        Step::Poll => Crash::AfterPollIsClaimed,
        Step::Deliver => Crash::AfterDeliverIsClaimed,
    }
}

/// The points before a message goes out, after it has, and after that is noted.
fn telling(message: &Message) -> Option<[Crash; 3]> {
    let news: Option<Notification> = match message.kind {
        Kind::Notification => Some(serde_json::from_str(&message.body).unwrap()),
        Kind::Screen => None,
    };
    match news {
        None if message.body.contains("Принял!") => {
            Some([Crash::BeforeAnswerIsTold, Crash::AfterAnswerIsTold, Crash::AfterAnswerIsNoted])
        }
        None if message.body.contains("\"p:") => {
            Some([Crash::BeforeIdeasAreTold, Crash::AfterIdeasAreTold, Crash::AfterIdeasAreNoted])
        }
        Some(Notification::VideoFailed { .. }) => {
            Some([Crash::BeforeRefundIsTold, Crash::AfterRefundIsTold, Crash::AfterRefundIsNoted])
        }
        Some(Notification::OrderClosed { .. }) => Some([
            Crash::BeforeClosingIsTold,
            Crash::AfterClosingIsTold,
            Crash::AfterClosingIsNoted,
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
