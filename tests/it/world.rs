//! The World: people, a bot, and stand-ins for everything outside.

pub(crate) mod people;

pub(crate) mod work;

pub(crate) mod faults;

pub(crate) mod checks;

pub(crate) mod log;

pub(crate) mod crash;

mod race;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU32},
    time::Duration,
};

use reelbot::testing::{
    app::{Components, Plan, runtime},
    clock::ManualClock,
    config::Config,
    domain::Timestamp,
    sandbox::{Behaviour, Person, Server, Stage},
    store::Db,
    telegram::{Menus, Outbox, Poller},
    worker::{Exporter, Janitor, Worker},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::world::crash::moves::Crashes;

/// How long a render of this world takes.
pub(crate) const RENDER: Duration = Duration::from_mins(5);

/// A world with one bot.
pub(crate) struct World {
    bot: Option<Bot>,
    crashes: Option<Crashes>,
    /// The stand-ins.
    pub stage: Stage,
    /// Its time.
    pub clock: Arc<ManualClock>,
    config: Config,
    /// Where KIE is, if not on the stage.
    kie: Option<Server>,
    /// What the bot finds different since it was last started.
    change: Box<dyn Fn(&mut Plan)>,
    /// How many of the next photos panic when a worker fetches them.
    photo_panics: Arc<AtomicU32>,
    folder: TempDir,
    runtime: Runtime,
}

/// A model that takes a format, and one whose videos follow the photo.
pub(crate) const MODELS: [&str; 2] =
    ["bytedance/seedance-2-mini", "grok-imagine-video-1-5-preview"];

/// The components of a bot, and what the world calls to move them.
struct Bot {
    components: Components,
    poller: Poller,
    outbox: Outbox,
    menus: Menus,
    worker: Worker,
    exporter: Exporter,
    janitor: Janitor,
}

impl World {
    /// A world as the operator finds it after the installation.
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// A world whose operator changed the config.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        log::enable_every_line();
        let runtime = runtime().unwrap();
        let clock = Arc::new(ManualClock::at(Timestamp(1_795_000_000_000)));
        let behaviour = Behaviour { polls: None, ..Behaviour::steady(RENDER) };
        let stage = runtime.block_on(Stage::set(clock.clone(), behaviour)).unwrap();
        let mut config = Config::default();
        // Few polls, and so few moves: what else happens does not hang on their number.
        config.kie.poll_interval_min = config.kie.poll_interval;
        change(&mut config);
        let folder = folder();
        let change = Box::new(|_: &mut Plan| {});
        let mut world = Self {
            bot: None,
            crashes: None,
            stage,
            clock,
            config,
            kie: None,
            change,
            photo_panics: Arc::default(),
            folder,
            runtime,
        };
        world.stage.bring_key(&world.plan()).unwrap();
        world.starts();
        world
    }

    /// A world with Anna, who speaks Russian and has this many credits.
    pub(crate) fn with_anna(credits: i64) -> (Self, Person) {
        let mut world = Self::new();
        let anna = world.person_with("Анна", "ru", credits);
        (world, anna)
    }

    fn plan(&self) -> Plan {
        let mut plan = self.stage.plan(self.config.clone(), &self.database());
        if let Some(kie) = &self.kie {
            plan.config.kie.api_url = kie.url();
            plan.config.kie.upload_url = kie.url();
        }
        (self.change)(&mut plan);
        plan
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("reelbot.db")
    }

    /// The folder for photos and videos on their way.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.folder.path().join("reelbot.db.scratch")
    }

    /// The bot starts on the database that is there.
    pub(crate) fn starts(&mut self) {
        self.clock.restart();
        let mut components = Components::build(&self.plan(), &self.runtime).unwrap();
        faults::let_photos_panic(&mut components, &self.photo_panics);
        if let Some(crashes) = &self.crashes {
            crashes.wrap(&mut components);
        }
        self.bot = Some(Bot {
            poller: Poller::new(
                components.bot.clone(),
                Arc::clone(&components.db),
                Arc::clone(&components.settings),
                Arc::clone(&components.toasts),
            )
            .with_patience(Duration::from_mins(1)),
            outbox: Outbox::new(
                components.bot.clone(),
                Arc::clone(&components.db),
                Arc::clone(&components.settings),
                Arc::clone(&components.pace),
            ),
            menus: Menus::new(
                components.bot.clone(),
                Arc::clone(&components.db),
                Arc::clone(&components.settings),
            ),
            worker: Worker::new(Arc::clone(&components.context)),
            exporter: Exporter::new(Arc::clone(&components.context)),
            janitor: Janitor::new(Arc::clone(&components.context)),
            components,
        });
    }

    /// The bot is gone at once, with all that it had not recorded.
    pub(crate) fn is_killed(&mut self) {
        self.bot = None;
    }

    /// The bot is killed and started.
    pub(crate) fn restarts(&mut self) {
        self.is_killed();
        self.starts();
    }

    fn bot(&self) -> &Bot {
        self.bot.as_ref().expect("the bot runs")
    }

    /// The database.
    pub(crate) fn db(&self) -> &Db {
        &self.bot().components.db
    }

    /// The time by the bot's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.db().clock.now()
    }
}

/// A folder in memory, where there is room: SQLite waits for the disk at each commit, and a story
/// crashes the bot, not the machine.
fn folder() -> TempDir {
    const ROOM: u64 = 2 << 30;
    let memory = Path::new("/dev/shm");
    let has_room = rustix::fs::statvfs(memory).is_ok_and(|fs| fs.f_bavail * fs.f_frsize > ROOM);
    let kept = has_room.then(|| tempfile::tempdir_in(memory)).and_then(Result::ok);
    kept.unwrap_or_else(|| tempfile::tempdir().unwrap())
}
