//! The door as a whole: opened, watched, closed.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::chat::words::Words;
use crate::service::stop::Stop;
use crate::service::stop::StopGuard;
use crate::store::db::Db;
use crate::telegram::bot::Bot;
use crate::telegram::outbox::Outbox;
use crate::telegram::pace::Pace;
use crate::telegram::poller::PollEnd;
use crate::telegram::poller::Poller;
use crate::telegram::setup::introduce;

/// What the door is made of.
pub struct Parts {
    /// The bot.
    pub bot: Bot,
    /// The database with inbox and outbox.
    pub db: Arc<Db>,
    /// The words.
    pub words: Arc<Words>,
    /// Telegram's limits, shared with the courier.
    pub pace: Arc<Pace>,
}

/// The door, open: updates come in and messages go out.
pub struct Service {
    runtime: Handle,
    stop: StopGuard,
    outbox: JoinHandle<()>,
}

impl Service {
    /// Opens it on `runtime`. `ended` is called when there is no point in
    /// fetching updates any longer.
    pub fn open(
        runtime: &Handle,
        parts: Parts,
        ended: impl FnOnce(PollEnd) + Send + 'static,
    ) -> Self {
        let Parts { bot, db, words, pace } = parts;
        let stop = Stop::new(&db.notifiers);
        let poller = Poller::new(bot.clone(), Arc::clone(&db));
        let listening = stop.clone();
        runtime.spawn(async move {
            if let Err(end) = poller.run(&listening).await {
                ended(end);
            }
        });
        let (greeter, said, greeting) = (bot.clone(), Arc::clone(&words), stop.clone());
        runtime.spawn(async move { introduce(&greeter, &said, &greeting).await });
        let (outbox, sending) = (Outbox::new(bot, db, words, pace), stop.clone());
        let outbox = runtime.spawn(async move { outbox.run(&sending).await });
        Self { runtime: runtime.clone(), stop: stop.on_drop(), outbox }
    }

    /// Closes it: no more updates are fetched, and what is on its way arrives
    /// within `grace`.
    pub fn close(self, grace: Duration) {
        drop(self.stop);
        let arrived =
            self.runtime.block_on(async { tokio::time::timeout(grace, self.outbox).await });
        if arrived.is_err() {
            tracing::warn!("messages were still on their way when the house closed");
        }
    }
}
