//! The whole bot, assembled: opened and closed. The sandbox and `run` open the same
//! one.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tokio::runtime::Runtime;

use crate::chat::settings::Settings;
use crate::components::Components;
use crate::config::settings::Config;
use crate::metrics::server::serve;
use crate::plan::{AppError, Plan};
use crate::provider::ping::Ping;
use crate::service::vitals::RunState;
use crate::store::{db::Db, error::StoreError, runs};
use crate::telegram::{
    service::{Parts, Service},
    streak::PollEnd,
};
use crate::worker::{pool::Pool, reload::Reloader};

/// The running bot.
pub struct App {
    components: Components,
    reloader: Option<Arc<Reloader>>,
    runtime: Runtime,
    telegram: Service,
    pool: Pool,
    handler: JoinHandle<()>,
}

impl App {
    /// Starts everything. `ended` is called when Telegram refuses this bot: a wrong
    /// token, or another run on the same one.
    pub fn open(
        plan: &Plan,
        ended: impl FnOnce(PollEnd) + Send + 'static,
    ) -> Result<Self, AppError> {
        let runtime = runtime()?;
        let components = Components::build(plan, &runtime)?;
        let reloader = plan.source.as_ref().map(|source| {
            let context = Arc::clone(&components.context);
            Arc::new(Reloader::new(context, Arc::clone(source), plan.config.clone()))
        });
        let pool = Pool::start(
            plan.config.workers.count,
            &components.context,
            &components.prompt_worker,
            &components.doctor,
            &components.voice_worker,
            reloader.as_ref(),
        )?;
        let (handler, stop) = (components.handler.clone(), components.context.stop.clone());
        let handler =
            thread::Builder::new().name("handler".to_owned()).spawn(move || handler.work(&stop))?;
        let parts = Parts {
            bot: components.bot.clone(),
            db: Arc::clone(&components.db),
            settings: Arc::clone(&components.settings),
            pace: Arc::clone(&components.pace),
            toasts: Arc::clone(&components.toasts),
            confirm_after: plan.config.database.copied_after(),
        };
        let telegram = Service::open(runtime.handle(), parts, ended);
        watched(&components, &plan.config, &runtime)?;
        components.heart.enter(RunState::Running);
        Ok(Self { components, reloader, runtime, telegram, pool, handler })
    }

    /// The database.
    pub fn db(&self) -> &Arc<Db> {
        &self.components.db
    }

    /// The settings in force.
    pub fn settings(&self) -> Arc<Settings> {
        self.components.settings.load_full()
    }

    /// Reads the config again, where it can be. What cannot be used changes nothing.
    pub fn reload(&self) {
        let read = self.reloader.as_ref().map(|reloader| reloader.reload());
        if let Some(Err(error)) = read {
            tracing::error!(%error, "nobody could be alerted of the config");
        }
    }

    /// Closes the bot: nothing new is begun, running steps finish within
    /// `grace`, the rest is given back at the next start. Returns how many
    /// threads were still running.
    pub fn close(self, grace: Duration) -> usize {
        let end = Instant::now() + grace;
        let components = self.components;
        components.heart.enter(RunState::Closing);
        components.context.stop.set();
        let left = || end.saturating_duration_since(Instant::now());
        let busy = self.pool.join(left());
        self.telegram.close(left());
        if self.handler.join().is_err() {
            tracing::error!("the handler had panicked");
        }
        if let Err(error) = close_run(&components.db) {
            tracing::warn!(%error, "the database was not closed; it is checked at the next start");
        }
        self.runtime.shutdown_timeout(left());
        if busy > 0 {
            // They use the database until the process ends, and so long it stays locked.
            std::mem::forget(components.lock);
        }
        busy
    }
}

/// Lets others see how the run is doing, where the operator wants it.
fn watched(components: &Components, config: &Config, runtime: &Runtime) -> Result<(), AppError> {
    if let Some(address) = config.metrics.address() {
        let served = serve(runtime.handle(), address, &components.db, &components.settings);
        served.map_err(|error| AppError::Metrics { address, error })?;
    }
    if !config.health.ping_url.is_empty() {
        let pulse = Arc::clone(&components.db.pulse);
        let ping = Ping::new(config.health.ping_url.clone(), pulse);
        let stop = components.context.stop.clone();
        thread::Builder::new().name("ping".to_owned()).spawn(move || ping.work(&stop))?;
    }
    Ok(())
}

/// The runtime of the asynchronous tasks.
pub fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// Closes the run.
fn close_run(db: &Db) -> Result<(), StoreError> {
    if let Some(number) = db.run.number() {
        db.write(move |tx| runs::close(tx, number))?;
    }
    db.checkpoint()
}
