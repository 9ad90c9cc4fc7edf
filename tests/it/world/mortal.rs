//! How the bot dies: at a named point, at once. The thread that came there never
//! comes back, so nothing of it runs any more: no result is settled, no error is
//! handled, nothing is dropped. Then the file is opened by a new life.

use std::path::Path;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::Sender;
use std::sync::mpsc::channel;
use std::thread;
use std::thread::JoinHandle;

use reelbot::domain::failure::Failure;
use reelbot::domain::id::UserId;
use reelbot::domain::job::Step;
use reelbot::domain::news::News;
use reelbot::domain::ports::Brief;
use reelbot::domain::ports::Clock;
use reelbot::domain::ports::Courier;
use reelbot::domain::ports::CourierError;
use reelbot::domain::ports::DownloadError;
use reelbot::domain::ports::Parcel;
use reelbot::domain::ports::PollError;
use reelbot::domain::ports::Progress;
use reelbot::domain::ports::PromptWriter;
use reelbot::domain::ports::Receipt;
use reelbot::domain::ports::Render;
use reelbot::domain::ports::SubmitError;
use reelbot::domain::ports::VideoMaker;
use reelbot::domain::secret::Secret;
use reelbot::domain::time::Timestamp;
use reelbot::house::Rooms;
use reelbot::sandbox::kie::outcome::Outcome as Ending;
use reelbot::sandbox::kie::stand_in::Kie;
use reelbot::sandbox::stage::Stage;
use reelbot::sandbox::telegram::fault::Fault;
use reelbot::sandbox::telegram::fault::Trouble;
use reelbot::store::bell::Bells;
use reelbot::store::db::Db;
use reelbot::store::error::StoreError;
use reelbot::store::inbox;
use reelbot::store::outbox;
use reelbot::store::queue::Found;
use reelbot::worker::shift::Shift;
use reelbot::worker::step::Done;
use reelbot::worker::step::Outcome;
use reelbot::worker::stop::Stop;

use crate::world::World;
use crate::world::crash::Crash;

/// What will become of the video with this number, whenever it is submitted.
pub type Fate = fn(u32) -> Ending;

/// A bot that dies at a point: who holds it can see how often it did.
pub struct Mortality {
    death: Arc<Death>,
    words: Receiver<Word>,
    threads: Vec<JoinHandle<()>>,
}

/// What the ports and the world share.
struct Death {
    plan: Mutex<Plan>,
    fate: Fate,
    words: Sender<Word>,
    grave: Grave,
}

struct Plan {
    here: Option<Crash>,
    /// How often the bot passes the point unharmed before.
    passes: usize,
    /// How often it dies there.
    left: usize,
    deaths: usize,
    /// Where it came by, as often as it did.
    visits: Vec<Crash>,
    /// Which video the worker has in hand.
    number: u32,
}

/// What a thread of the bot tells the world.
enum Word {
    Done,
    Died,
}

/// Where dead threads lie until the story is over.
#[derive(Default)]
struct Grave {
    over: Mutex<bool>,
    told: Condvar,
}

impl Grave {
    fn rest(&self) {
        let over = lock(&self.over);
        drop(self.told.wait_while(over, |over| !*over));
        std::panic::resume_unwind(Box::new("the story is over"));
    }

    fn open(&self) {
        *lock(&self.over) = true;
        self.told.notify_all();
    }
}

impl Death {
    /// Whether the bot will die the next time it comes here.
    fn awaits(&self, here: Crash) -> bool {
        let plan = lock(&self.plan);
        plan.here == Some(here) && plan.passes == 0 && plan.left > 0
    }

    /// The bot comes by: whether it dies.
    fn strikes(&self, here: Crash) -> bool {
        let strikes = self.awaits(here);
        let mut plan = lock(&self.plan);
        plan.visits.push(here);
        if strikes {
            plan.left -= 1;
            plan.deaths += 1;
        } else if plan.here == Some(here) {
            plan.passes = plan.passes.saturating_sub(1);
        }
        strikes
    }

    /// A thread of the bot comes by: if the bot dies, it stays.
    fn at(&self, here: Crash) {
        if self.strikes(here) {
            // The world is there as long as it waits for this word.
            let _ = self.words.send(Word::Died);
            self.grave.rest();
        }
    }
}

impl Mortality {
    /// Puts death's hand on everything through which the bot reaches the outside.
    pub fn reaches_into(&self, rooms: &mut Rooms, stage: &Stage) {
        let bells = Arc::clone(&rooms.db.bells);
        let hands = Arc::get_mut(&mut rooms.hands).expect("nobody works yet");
        hands.maker = Arc::new(MortalMaker {
            maker: Arc::clone(&hands.maker),
            kie: stage.kie.clone(),
            stop: hands.stop.clone(),
            bells,
            death: Arc::clone(&self.death),
        });
        hands.courier = Arc::new(MortalCourier {
            courier: Arc::clone(&hands.courier),
            death: Arc::clone(&self.death),
        });
        let scribe = Arc::get_mut(&mut rooms.scribe).expect("nobody writes yet");
        scribe.writer = Arc::new(MortalWriter {
            writer: Arc::clone(&scribe.writer),
            death: Arc::clone(&self.death),
        });
    }

    /// Something the bot does on a thread of its own; `None` when it died of it.
    fn lives<T: Send + 'static>(&mut self, act: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (words, (put, result)) = (self.death.words.clone(), channel());
        self.threads.push(thread::spawn(move || {
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(act));
            // Who died is waited for by nobody.
            let _ = put.send(done);
            let _ = words.send(Word::Done);
        }));
        match self.words.recv().expect("death holds a sender") {
            Word::Died => None,
            Word::Done => {
                let thread = self.threads.pop().expect("it was put there");
                thread.join().expect("it caught its panic");
                let done = result.recv().expect("it left its result");
                Some(done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            }
        }
    }
}

/// The story is over: the dead threads end.
impl Drop for Mortality {
    fn drop(&mut self) {
        self.death.grave.open();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl World {
    /// From now on the bot is mortal: it passes `here` so many times unharmed, and then
    /// dies there so many times. Each video has its fate, whoever submits it how often.
    pub fn dies_at(&mut self, here: Option<Crash>, passes: usize, times: usize, fate: Fate) {
        let (words, heard) = channel();
        let plan = Plan { here, passes, left: times, deaths: 0, visits: Vec::new(), number: 0 };
        let plan = Mutex::new(plan);
        let death = Arc::new(Death { plan, fate, words, grave: Grave::default() });
        self.dies();
        self.mortality = Some(Mortality { death, words: heard, threads: Vec::new() });
        self.starts();
    }

    /// How often the bot has died.
    pub fn deaths(&self) -> usize {
        self.mortality.as_ref().map_or(0, |mortality| lock(&mortality.death.plan).deaths)
    }

    /// How often the bot has come by a point.
    pub fn visits(&self, here: Crash) -> usize {
        let death = self.death();
        let plan = lock(&death.plan);
        plan.visits.iter().filter(|visit| **visit == here).count()
    }

    /// As [`World::moves`], past every point. After a death the bot starts anew.
    pub(super) fn moves_mortally(&mut self) -> bool {
        let moved = self.fetches().and_then(|fetched| {
            if fetched || self.answers()? || self.tells()? || self.writes()? {
                return Some(true);
            }
            self.works()
        });
        moved.unwrap_or_else(|| {
            self.dies();
            self.starts();
            true
        })
    }

    fn strikes(&self, here: Crash) -> Option<()> {
        (!self.death().strikes(here)).then_some(())
    }

    fn death(&self) -> Arc<Death> {
        Arc::clone(&self.mortality.as_ref().expect("the bot is mortal").death)
    }

    /// Updates come in.
    fn fetches(&mut self) -> Option<bool> {
        let poller = &self.bot().poller;
        let fetched = self.runtime.block_on(poller.poll_once(std::time::Duration::ZERO)).unwrap();
        if fetched > 0 && tap_waits(self.db(), "p:") {
            self.strikes(Crash::AfterTapIsStored)?;
        }
        if fetched > 0 && tap_waits(self.db(), "o:") {
            self.strikes(Crash::AfterOrderIsStored)?;
        }
        Some(fetched > 0)
    }

    /// Updates are handled.
    fn answers(&mut self) -> Option<bool> {
        let ordered = self.jobs().len();
        let handled = self.bot().rooms.handler.round().unwrap();
        if self.jobs().len() > ordered {
            self.strikes(Crash::AfterOrderIsSaved)?;
        }
        Some(handled > 0)
    }

    /// What must be told is told.
    fn tells(&mut self) -> Option<bool> {
        let news = self.next_news();
        let (before, after, noted) = match &news {
            Some(News::VideoFailed { .. }) => {
                (Crash::BeforeRefundIsTold, Crash::AfterRefundIsTold, Crash::AfterRefundIsNoted)
            }
            Some(News::OrderClosed { .. }) => {
                (Crash::BeforeClosingIsTold, Crash::AfterClosingIsTold, Crash::AfterClosingIsNoted)
            }
            _ => {
                let outbox = &self.bot().outbox;
                return Some(self.runtime.block_on(outbox.send_due()).unwrap().sent > 0);
            }
        };
        self.strikes(before)?;
        if self.death().awaits(after) {
            self.tells_and_hears_nothing();
        }
        self.strikes(after)?;
        let sent = self.runtime.block_on(self.bot().outbox.send_due()).unwrap();
        assert!(sent.sent > 0, "the news goes out");
        self.strikes(noted)?;
        Some(true)
    }

    /// What is told is done, and its answer never comes.
    fn tells_and_hears_nothing(&self) {
        let telegram = &self.stage.telegram;
        telegram.plan(Trouble::new(Fault::Timeout).on("sendMessage"));
        let mut changes = telegram.changes();
        self.runtime.block_on(async {
            tokio::select! {
                sent = self.bot().outbox.send_due() => panic!("an answer came: {sent:?}"),
                told = changes.wait_for(|_| telegram.trouble_is_over()) => drop(told.unwrap()),
            }
        });
    }

    /// The news that may go out now.
    fn next_news(&self) -> Option<News> {
        let rooms = &self.bot().rooms;
        let now = self.clock.now();
        let due = rooms.db.read::<_, StoreError>(|view| outbox::due(view, now, 1)).unwrap();
        let next = due.into_iter().find(|message| rooms.pace.ready_at(message.to) <= now)?;
        (next.kind == outbox::Kind::News).then(|| serde_json::from_str(&next.body).unwrap())
    }

    /// Scripts are written.
    fn writes(&mut self) -> Option<bool> {
        let scribe = Arc::clone(&self.bot().rooms.scribe);
        let mortality = self.mortality.as_mut().expect("the bot is mortal");
        let wrote = mortality.lives(move || scribe.turn().unwrap())?;
        if wrote {
            self.strikes(Crash::AfterScriptIsSaved)?;
        }
        Some(wrote)
    }

    /// A worker's turn.
    fn works(&mut self) -> Option<bool> {
        let hands = Arc::clone(&self.bot().rooms.hands);
        let bot = self.bot.as_mut().expect("the bot runs");
        let mut shift = std::mem::replace(&mut bot.shift, Shift::new(hands));
        let saving = shift.done().and_then(saving);
        if let Some((before, _)) = saving {
            self.strikes(before)?;
        }
        let found = shift.record().unwrap_or_else(|turn| panic!("{turn:?}"));
        if let Some((_, after)) = saving {
            self.strikes(after)?;
        }
        let shift = match found {
            Found::Nothing(_) => shift,
            Found::Work(work) => {
                lock(&self.death().plan).number = work.number;
                self.strikes(match work.step {
                    Step::Submit => Crash::AfterSubmitIsClaimed,
                    Step::Poll => Crash::AfterPollIsClaimed,
                    Step::Deliver => Crash::AfterDeliverIsClaimed,
                })?;
                let mortality = self.mortality.as_mut().expect("the bot is mortal");
                mortality.lives(move || {
                    shift.take_up(Found::Work(work));
                    shift
                })?
            }
        };
        if self.bot().rooms.hands.stop.is_set() {
            self.strikes(Crash::AfterUploadIsSaved)?;
        }
        let worked = saving.is_some() || shift.done().is_some();
        self.bot.as_mut().expect("the bot runs").shift = shift;
        Some(worked)
    }
}

/// Whether a tap with such data is stored and not handled.
fn tap_waits(db: &Db, data: &str) -> bool {
    let data = format!("\"data\":\"{data}");
    let waiting = db.read::<_, StoreError>(|view| inbox::waiting(view, 10)).unwrap();
    waiting.iter().any(|arrival| arrival.body.contains(&data))
}

/// The points around the commit of what was done.
fn saving(done: &Done) -> Option<(Crash, Crash)> {
    use reelbot::actions::settle_deliver::Delivery;
    use reelbot::actions::settle_submit::Submission;
    match &done.outcome {
        Outcome::Submit(Submission::Task(_)) => {
            Some((Crash::BeforeSubmitIsSaved, Crash::AfterSubmitIsSaved))
        }
        Outcome::Poll(Ok(Progress::Done { .. })) => {
            Some((Crash::BeforePollIsSaved, Crash::AfterPollIsSaved))
        }
        Outcome::Poll(Ok(Progress::Failed(_))) => {
            Some((Crash::BeforeRefundIsSaved, Crash::AfterRefundIsSaved))
        }
        Outcome::Deliver(Delivery::Sent(_)) => {
            Some((Crash::BeforeDeliveryIsSaved, Crash::AfterDeliveryIsSaved))
        }
        Outcome::Deliver(Delivery::Failed(_)) => {
            Some((Crash::BeforeRetryIsSaved, Crash::AfterRetryIsSaved))
        }
        Outcome::Submit(_) | Outcome::Poll(_) | Outcome::Deliver(_) => None,
    }
}

/// KIE, within death's reach.
struct MortalMaker {
    maker: Arc<dyn VideoMaker>,
    kie: Kie,
    stop: Stop,
    bells: Arc<Bells>,
    death: Arc<Death>,
}

impl VideoMaker for MortalMaker {
    fn upload(&self, key: &Secret, photo: &Path, name: &str) -> Result<String, Failure> {
        self.death.at(Crash::BeforeUpload);
        let url = self.maker.upload(key, photo, name);
        self.death.at(Crash::AfterUpload);
        if self.death.awaits(Crash::AfterUploadIsSaved) {
            // A step that sees the house close stops after that commit, as if it were dead.
            self.stop.set(&self.bells);
        }
        url
    }

    fn submit(&self, key: &Secret, render: &Render) -> Result<String, SubmitError> {
        self.death.at(Crash::BeforeSubmit);
        let number = lock(&self.death.plan).number;
        self.kie.next((self.death.fate)(number));
        let task = self.maker.submit(key, render);
        self.death.at(Crash::AfterSubmit);
        task
    }

    fn poll(&self, key: &Secret, task: &str) -> Result<Progress, PollError> {
        self.death.at(Crash::BeforePoll);
        let progress = self.maker.poll(key, task);
        self.death.at(Crash::AfterPoll);
        progress
    }

    fn download(&self, key: &Secret, url: &str, into: &Path) -> Result<(), DownloadError> {
        self.death.at(Crash::BeforeDownload);
        let downloaded = self.maker.download(key, url, into);
        self.death.at(Crash::AfterDownload);
        downloaded
    }

    fn balance(&self, key: &Secret) -> Result<f64, Failure> {
        self.maker.balance(key)
    }
}

/// Telegram's way of bringing videos, within death's reach.
struct MortalCourier {
    courier: Arc<dyn Courier>,
    death: Arc<Death>,
}

impl Courier for MortalCourier {
    fn ready_at(&self, user: UserId) -> Timestamp {
        self.courier.ready_at(user)
    }

    fn deliver(&self, parcel: &Parcel<'_>) -> Result<Receipt, CourierError> {
        self.death.at(Crash::BeforeSend);
        let receipt = self.courier.deliver(parcel);
        self.death.at(Crash::AfterSend);
        receipt
    }
}

/// GPT, within death's reach.
struct MortalWriter {
    writer: Arc<dyn PromptWriter>,
    death: Arc<Death>,
}

impl PromptWriter for MortalWriter {
    fn write(&self, brief: &Brief, key: Option<&Secret>) -> Result<String, String> {
        self.death.at(Crash::BeforeScript);
        let script = self.writer.write(brief, key);
        self.death.at(Crash::AfterScript);
        script
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
