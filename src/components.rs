//! The parts of the bot before any thread runs.

use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::actions::{add_key::register_environment_keys, resume_work::resume_work};
use crate::chat::{
    settings::{LiveSettings, Settings},
    words::Words,
};
use crate::plan::{AppError, Plan};
use crate::provider::{kie::client::KieClient, latest_gpt::LatestGpt};
use crate::service::{notify::Channel, pulse::Pulse, stop::Stop};
use crate::store::{
    db::Db, error::StoreError, file::Terms, heart::Heart, lock::RunLock, place::Traces, runs,
    scratch::Scratch,
};
use crate::telegram::{
    bot::Bot, courier::TelegramCourier, handler::Handler, pace::Pace, photos::TelegramPhotos,
    toasts::Toasts,
};
use crate::worker::{
    context::{Ports, WorkerContext},
    doctor::PhotoDoctor,
    keyring::Keyring,
    prompt_worker::{PromptWorker, gpt_outage},
    requests::Requests,
    voice_worker::VoiceWorker,
};

/// The parts of the bot. Tests drive them one by one.
pub struct Components {
    /// The database.
    pub db: Arc<Db>,
    /// What the operator decided.
    pub settings: Arc<LiveSettings>,
    /// The bot.
    pub bot: Bot,
    /// Telegram's rate limits.
    pub pace: Arc<Pace>,
    /// What the workers share.
    pub context: Arc<WorkerContext>,
    /// What the prompt workers share.
    pub prompt_worker: Arc<PromptWorker>,
    /// What the threads of the photo doctor share.
    pub doctor: Arc<PhotoDoctor>,
    /// What the voice workers share.
    pub voice_worker: Arc<VoiceWorker>,
    /// The words for taps.
    pub toasts: Arc<Toasts>,
    /// What answers updates.
    pub handler: Handler,
    /// What writes the pulse of the run.
    pub(crate) heart: Heart,
    /// Dropped last: SQLite's own locks go with it.
    pub(crate) lock: Arc<RunLock>,
}

impl Components {
    /// Builds the components: takes the run lock, and brings the database up to date.
    pub fn build(plan: &Plan, runtime: &Runtime) -> Result<Self, AppError> {
        let config = &plan.config;
        let settings = Settings::new(config, Words::new(config.texts.folder())?).live();
        let bot = Bot::new(&config.telegram)?;
        let traces = Traces::of(&plan.database)?;
        let lock = Arc::new(RunLock::take(&plan.database, plan.clock.now())?);
        let pulse = Arc::<Pulse>::default();
        let heart = Heart::start(&plan.database, &pulse)?;
        let scratch = Scratch::sweep(&plan.database)?;
        let (clock, backups) = (Arc::clone(&plan.clock), plan.backups());
        let terms = Terms::migrating(&backups, plan.config.database.checkpoints);
        let db = Db::open_with(&plan.database, clock, pulse, terms)?;
        let db = Arc::new(db.locked_by(&lock));
        let live = Arc::clone(&settings);
        db.answer_in(move || live.load().language);
        // From here on a run is open: what can fail for a mistake of the operator's is behind us.
        resume(&db, plan)?;
        traces.log(&plan.database, db.read(runs::was_cut_off)?);
        let pace = Arc::new(pace(plan));
        let keyring = Arc::new(keyring(&db, plan)?);
        let stop = Stop::new(&db.notifiers);
        let files = Arc::new(TelegramPhotos::new(bot.clone(), runtime.handle().clone()));
        let ports = ports(plan, runtime, &bot, &settings, &pace, &files);
        let gpt = Arc::new(gpt(&settings));
        let prompt_worker = Arc::new(PromptWorker {
            db: Arc::clone(&db),
            writer: Arc::<LatestGpt>::clone(&gpt),
            photos: Arc::clone(&ports.photos),
            keyring: Arc::clone(&keyring),
            settings: Arc::clone(&settings),
            scratch: scratch.clone(),
            stop: stop.clone(),
            outage: gpt_outage(),
            requests: Requests::of(Channel::Prompts),
        });
        let doctor = Arc::new(PhotoDoctor {
            db: Arc::clone(&db),
            photos: Arc::clone(&ports.photos),
            settings: Arc::clone(&settings),
            scratch: scratch.clone(),
            stop: stop.clone(),
            requests: Requests::of(Channel::Photos),
        });
        let voice_worker = Arc::new(VoiceWorker::beside(&prompt_worker, files, gpt));
        let toasts = Arc::new(Toasts::default());
        let handler = Handler::new(Arc::clone(&db), Arc::clone(&settings), Arc::clone(&toasts));
        let context = WorkerContext::new(
            Arc::clone(&db),
            Arc::clone(&settings),
            config.workers.count,
            keyring,
            ports,
            scratch,
            stop,
        );
        let context = Arc::new(context);
        Ok(Self {
            db,
            settings,
            bot,
            pace,
            context,
            prompt_worker,
            doctor,
            voice_worker,
            toasts,
            handler,
            heart,
            lock,
        })
    }
}

/// Begins the run, and makes the keys of the environment known.
fn resume(db: &Db, plan: &Plan) -> Result<(), StoreError> {
    let (keys, bot) = (plan.env_keys.clone(), plan.config.telegram.bot());
    let (number, inherited) = db.write(move |tx| {
        let number = runs::begin(tx)?;
        register_environment_keys(tx, &keys)?;
        Ok((number, resume_work(tx, bot)?))
    })?;
    db.run.open(number, inherited, db.clock.now());
    Ok(())
}

/// GPT, by the settings in force at each script.
fn gpt(settings: &Arc<LiveSettings>) -> LatestGpt {
    let settings = Arc::clone(settings);
    LatestGpt::new(move || {
        let settings = settings.load();
        (settings.gpt.clone(), settings.gpt_takes_kie_keys)
    })
}

fn pace(plan: &Plan) -> Pace {
    let telegram = &plan.config.telegram;
    let per_chat = telegram.messages_per_second_per_chat;
    Pace::new(Arc::clone(&plan.clock), telegram.messages_per_second, per_chat)
}

/// The keyring with the creations of the run before still in its windows.
fn keyring(db: &Db, plan: &Plan) -> Result<Keyring, StoreError> {
    let keyring = Keyring::new(&plan.env_keys);
    let now = plan.clock.now();
    db.read(|view| keyring.restore(view, now))?;
    Ok(keyring)
}

fn ports(
    plan: &Plan,
    runtime: &Runtime,
    bot: &Bot,
    settings: &Arc<LiveSettings>,
    pace: &Arc<Pace>,
    files: &Arc<TelegramPhotos>,
) -> Ports {
    let courier = TelegramCourier::new(
        bot.clone(),
        Arc::clone(settings),
        Arc::clone(pace),
        Arc::clone(&plan.clock),
        runtime.handle().clone(),
    );
    Ports {
        maker: Arc::new(KieClient::new(&plan.config)),
        photos: Arc::<TelegramPhotos>::clone(files),
        videos: Arc::<TelegramPhotos>::clone(files),
        courier: Arc::new(courier),
    }
}
