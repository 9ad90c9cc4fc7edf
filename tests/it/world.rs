//! The World: people, a bot, and stand-ins for everything outside.

pub mod crash;

pub mod death;

pub mod reach;

pub mod mortal;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Once;
use std::time::Duration;

use axum::Router;
use reelbot::actions::add_key::NewKey;
use reelbot::actions::add_key::add_key;
use reelbot::actions::grant_credits::Grant;
use reelbot::actions::grant_credits::grant_credits;
use reelbot::app::Components;
use reelbot::app::Plan;
use reelbot::app::runtime;
use reelbot::clock::ManualClock;
use reelbot::config::settings::Config;
use reelbot::domain::credits::Credits;
use reelbot::domain::ports::Clock;
use reelbot::domain::secret::Secret;
use reelbot::domain::time::Timestamp;
use reelbot::sandbox::demo::PHOTO;
use reelbot::sandbox::kie::behaviour::Behaviour;
use reelbot::sandbox::serve::Server;
use reelbot::sandbox::serve::serve;
use reelbot::sandbox::stage::Stage;
use reelbot::sandbox::telegram::person::Person;
use reelbot::sandbox::telegram::shown::ShownMessage;
use reelbot::store::audit;
use reelbot::store::db::Db;
use reelbot::store::report;
use reelbot::store::report::JobLine;
use reelbot::telegram::outbox::Outbox;
use reelbot::telegram::poller::Poller;
use reelbot::worker::janitor::Janitor;
use reelbot::worker::worker::Turn;
use reelbot::worker::worker::Worker;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::world::mortal::Mortality;

/// How long a render of this world takes.
pub const RENDER: Duration = Duration::from_mins(5);

/// More moves than any story needs: who needs more goes in circles.
const MANY: usize = 20_000;

/// Messages that wait no longer than this wait for Telegram's pace alone.
const PACE: Duration = Duration::from_secs(2);

/// The shortest step of the clock.
const MOMENT: Duration = Duration::from_millis(1);

/// A world with one bot.
pub struct World {
    bot: Option<Bot>,
    mortality: Option<Mortality>,
    /// The stand-ins.
    pub stage: Stage,
    /// Its time.
    pub clock: Arc<ManualClock>,
    config: Config,
    /// Where KIE is, if not on the stage.
    kie: Option<Server>,
    /// What is different in this life of the bot.
    twist: Box<dyn Fn(&mut Plan)>,
    folder: TempDir,
    runtime: Runtime,
}

/// The components of a bot, and who moves in them.
struct Bot {
    components: Components,
    poller: Poller,
    outbox: Outbox,
    worker: Worker,
    janitor: Janitor,
}

impl World {
    /// A world as the operator finds it after the installation.
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    /// A world whose operator changed the config.
    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        somebody_listens();
        let runtime = runtime().unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_795_000_000_000)));
        let behaviour = Behaviour { polls: None, ..Behaviour::steady(RENDER) };
        let stage = runtime.block_on(Stage::set(clock.clone(), behaviour)).unwrap();
        let mut config = Config::default();
        change(&mut config);
        let folder = tempfile::tempdir().unwrap();
        let twist = Box::new(|_: &mut Plan| {});
        let mut world = Self {
            bot: None,
            mortality: None,
            stage,
            clock,
            config,
            kie: None,
            twist,
            folder,
            runtime,
        };
        world.stage.bring_key(&world.plan()).unwrap();
        world.starts();
        world
    }

    fn plan(&self) -> Plan {
        let mut plan = self.stage.plan(self.config.clone(), &self.database());
        if let Some(kie) = &self.kie {
            plan.config.kie.api_url = kie.url();
            plan.config.kie.upload_url = kie.url();
        }
        (self.twist)(&mut plan);
        plan
    }

    /// KIE moves to a server that answers so, and the bot starts anew.
    pub fn kie_moves(&mut self, router: Router) {
        self.dies();
        self.kie = Some(self.runtime.block_on(serve(router, 0)).unwrap());
        self.starts();
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("reelbot.db")
    }

    /// The folder for photos and videos on their way.
    pub fn scratch(&self) -> PathBuf {
        self.folder.path().join("reelbot.db.scratch")
    }

    /// The bot starts on what its life before left.
    pub fn starts(&mut self) {
        self.clock.restart();
        let mut components = Components::build(&self.plan(), &self.runtime).unwrap();
        if let Some(mortality) = &self.mortality {
            mortality.reach_into(&mut components);
        }
        self.bot = Some(Bot {
            poller: Poller::new(components.bot.clone(), Arc::clone(&components.db)),
            outbox: Outbox::new(
                components.bot.clone(),
                Arc::clone(&components.db),
                Arc::clone(&components.words),
                Arc::clone(&components.pace),
            ),
            worker: Worker::new(Arc::clone(&components.context)),
            janitor: Janitor::new(Arc::clone(&components.context)),
            components,
        });
    }

    /// The bot is gone at once, with all it had in hand.
    pub fn dies(&mut self) {
        self.bot = None;
    }

    /// Somebody changes the database behind the bot's back.
    pub fn meddles(&self, sql: &str) {
        rusqlite::Connection::open(self.database()).unwrap().execute_batch(sql).unwrap();
    }

    /// The bot is killed, and starts on a machine where something is different.
    pub fn starts_anew(&mut self, twist: impl Fn(&mut Plan) + 'static) {
        self.dies();
        self.twist = Box::new(twist);
        self.starts();
    }

    /// The time by the bot's clock.
    pub fn now(&self) -> Timestamp {
        self.db().clock.now()
    }

    /// The operator changes the config and starts the bot anew.
    pub fn operator_changes(&mut self, change: impl FnOnce(&mut Config)) {
        self.dies();
        change(&mut self.config);
        self.starts();
    }

    fn bot(&self) -> &Bot {
        self.bot.as_ref().expect("the bot runs")
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.bot().components.db
    }

    /// A person who has pressed /start and has this many credits.
    pub fn person_with(&mut self, name: &str, language: &str, credits: i64) -> Person {
        let person = self.stage.telegram.person(name, language);
        person.sends_text("/start");
        self.settles();
        let missing = credits - self.balance(&person);
        if missing > 0 {
            self.grants(&person, missing);
        }
        person
    }

    /// The operator gives credits.
    pub fn grants(&self, person: &Person, amount: i64) {
        let uuid = format!("{} {amount} {}", person.id(), self.clock.now());
        let grant = Grant { user: person.id(), amount: Credits(amount), uuid, note: None };
        self.db().try_write(move |tx| grant_credits(tx, &grant)).unwrap();
    }

    /// The operator adds a key of an account that KIE knows.
    pub fn adds_key(&self, account: &str, key: &str) {
        self.stage.kie.account(account).key(key).credits(10_000.0);
        let new = NewKey {
            secret: Secret::new(key),
            account: Some(account.to_owned()),
            label: Some(format!("{account} {}", &key[..4])),
        };
        self.db().try_write(move |tx| add_key(tx, &new)).unwrap();
    }

    /// What a person has.
    pub fn balance(&self, person: &Person) -> i64 {
        let user = person.id();
        let balance = self.db().read(|view| reelbot::store::ledger::balance(view, user));
        balance.unwrap().0
    }

    /// The jobs, oldest first.
    pub fn jobs(&self) -> Vec<JobLine> {
        let mut jobs = self.db().read(|view| report::jobs(view, None, None, 10_000)).unwrap();
        jobs.reverse();
        jobs
    }

    /// One move of whoever has something to do now; `false` when nobody has.
    pub fn moves(&mut self) -> bool {
        if self.mortality.is_some() {
            return self.moves_mortally();
        }
        let runtime = &self.runtime;
        let bot = self.bot.as_mut().expect("the bot runs");
        runtime.block_on(bot.poller.poll_once(Duration::ZERO)).is_ok_and(|updates| updates > 0)
            || bot.components.handler.round().unwrap() > 0
            || bot.components.prompt_worker.turn().unwrap()
            || matches!(bot.worker.turn(), Turn::Worked)
            || runtime.block_on(bot.outbox.send_due()).unwrap().sent > 0
    }

    /// Everything happens that can happen at this time, and is told: Telegram's
    /// pace may take some seconds for that.
    pub fn settles(&mut self) {
        for _ in 0..MANY {
            if self.moves() {
                continue;
            }
            let now = self.now();
            let told = self.runtime.block_on(self.bot().outbox.send_due()).unwrap();
            match told.next.map(|next| next.since(now)) {
                Some(wait) if wait <= PACE => self.clock.advance(wait.max(MOMENT)),
                _ => return,
            }
        }
        panic!("the world does not come to rest");
    }

    /// Time passes, step by step, and what becomes due is done.
    pub fn passes(&mut self, time: Duration) {
        let end = self.now() + time;
        self.settles();
        while self.now() < end {
            let next = self.next_due().map_or(end, |next| next.min(end));
            let step = next.since(self.now()).max(MOMENT);
            self.clock.advance(step);
            self.settles();
        }
    }

    /// Time passes until no job is open and everything is told.
    pub fn all_work_is_done(&mut self) {
        self.settles();
        for _ in 0..MANY {
            let open = self.jobs().iter().any(|job| job.finished_at.is_none());
            let Some(next) = self.next_due() else {
                assert!(!open, "an open job is due at no time: {:#?}", self.jobs());
                return;
            };
            if !open && self.watches_only() {
                return;
            }
            let step = next.since(self.now()).max(MOMENT);
            self.clock.advance(step);
            self.settles();
        }
        panic!("the work never ends: {:#?}", self.jobs());
    }

    /// The janitor goes round.
    pub fn janitor_goes_round(&mut self) {
        self.bot.as_mut().expect("the bot runs").janitor.round().unwrap();
    }

    /// Whether what is left is only the watch for late videos.
    fn watches_only(&mut self) -> bool {
        let told = self.runtime.block_on(self.bot().outbox.send_due()).unwrap();
        told.next.is_none()
    }

    fn next_due(&mut self) -> Option<Timestamp> {
        let bot = self.bot.as_mut().expect("the bot runs");
        let work = match bot.worker.turn() {
            Turn::Idle(next) => next,
            Turn::Worked => Some(bot.components.db.clock.now()),
            Turn::Failed(error) => panic!("{error}"),
        };
        let told = self.runtime.block_on(bot.outbox.send_due()).unwrap().next;
        [work, told].into_iter().flatten().min()
    }

    /// A person sends a photo, taps the first preset and orders.
    pub fn orders(&mut self, person: &Person, count: u32) {
        self.sends_photo(person);
        self.taps(person, "p:");
        self.taps_count(person, count);
    }

    /// A person sends the photo.
    pub fn sends_photo(&mut self, person: &Person) {
        person.sends_photo(PHOTO).unwrap();
        self.settles();
    }

    /// A person taps the last button whose data begins so.
    pub fn taps(&mut self, person: &Person, start: &str) {
        let (message, data) = button(person, |data| data.starts_with(start));
        person.taps(message.id, &data).unwrap();
        self.settles();
    }

    /// A person taps "1 / 3 / 5 videos".
    pub fn taps_count(&mut self, person: &Person, count: u32) {
        let end = format!(":{count}");
        let (message, data) = button(person, |data| data.starts_with("o:") && data.ends_with(&end));
        person.taps(message.id, &data).unwrap();
        self.settles();
    }

    /// Every invariant holds.
    pub fn adds_up(&self) {
        let verdicts = self.db().read(audit::check).unwrap();
        let broken: Vec<_> = verdicts.iter().filter(|verdict| verdict.broken > 0).collect();
        assert!(broken.is_empty(), "{broken:#?}");
    }
}

/// No story leaves the books in disorder, or a job in somebody's context.
impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.bot.is_some() {
            self.settles();
            self.adds_up();
        }
    }
}

/// Lets every line of the log be wanted by somebody from the start. A story that reads the log in its
/// own thread could miss a line that another thread says for the first time at that very moment: tracing
/// asks only once, per line, whether anybody listens.
fn somebody_listens() {
    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        let set = tracing::subscriber::set_global_default(tracing_subscriber::registry());
        set.expect("nobody else sets it");
    });
}

/// The last message with a button whose data is so, and that data.
pub fn button(person: &Person, is_it: impl Fn(&str) -> bool) -> (ShownMessage, String) {
    let chat = person.chat();
    let found = chat.iter().rev().find_map(|message| {
        let data = message.buttons.iter().flatten().filter_map(|button| button.data.clone());
        data.into_iter().find(|data| is_it(data)).map(|data| (message.clone(), data))
    });
    found.unwrap_or_else(|| panic!("no such button in {chat:#?}"))
}

/// What the bot's messages say, oldest first.
pub fn said(person: &Person) -> Vec<String> {
    person
        .chat()
        .into_iter()
        .filter(|message| message.from_bot)
        .map(|message| message.text)
        .collect()
}

/// Whether the bot said something with these words in it.
pub fn was_told(person: &Person, words: &str) -> bool {
    said(person).iter().any(|text| text.contains(words))
}

/// How many of the bot's messages have the closing keyboard.
pub fn closings(person: &Person) -> usize {
    let chat = person.chat();
    let closing = |message: &&ShownMessage| {
        message
            .buttons
            .iter()
            .flatten()
            .any(|button| button.data.as_ref().is_some_and(|data| data.starts_with("m:")))
    };
    chat.iter().filter(closing).count()
}
