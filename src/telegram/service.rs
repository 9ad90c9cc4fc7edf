//! The Telegram service as a whole: started, and stopped.

use std::{sync::Arc, time::Duration};

use tokio::{runtime::Handle, task::JoinHandle};

use crate::chat::settings::LiveSettings;
use crate::service::stop::{Stop, StopGuard};
use crate::store::db::Db;
use crate::telegram::{
    bot::Bot, menus::Menus, outbox::Outbox, pace::Pace, poller::Poller, setup::set_up,
    streak::PollEnd, toasts::Toasts,
};

/// What messages in flight have at least to arrive, however long the steps took to finish:
/// one that is cut off is sent again at the next start.
const LAST_MESSAGES: Duration = Duration::from_secs(5);

/// What the service is made of.
pub(crate) struct Parts {
    /// The bot.
    pub bot: Bot,
    /// The database with inbox and outbox.
    pub db: Arc<Db>,
    /// What the operator decided.
    pub settings: Arc<LiveSettings>,
    /// Telegram's rate limits, shared with the courier.
    pub pace: Arc<Pace>,
    /// The words for taps, shared with the handler.
    pub toasts: Arc<Toasts>,
    /// How long after an update was stored Telegram is told of it.
    pub confirm_after: Duration,
}

/// The running service: updates come in and messages go out.
pub(crate) struct Service {
    runtime: Handle,
    stop: StopGuard,
    outbox: JoinHandle<()>,
}

impl Service {
    /// Starts it on `runtime`. `ended` is called when there is no point in
    /// fetching updates any longer.
    pub(crate) fn open(
        runtime: &Handle,
        parts: Parts,
        ended: impl FnOnce(PollEnd) + Send + 'static,
    ) -> Self {
        let Parts { bot, db, settings, pace, toasts, confirm_after } = parts;
        let stop = Stop::new(&db.notifiers);
        let poller = Poller::new(bot.clone(), Arc::clone(&db), Arc::clone(&settings), toasts)
            .confirming_after(confirm_after);
        let signal = stop.clone();
        runtime.spawn(async move {
            if let Err(end) = poller.run(&signal).await {
                ended(end);
            }
        });
        let (copy, live, signal) = (bot.clone(), Arc::clone(&settings), stop.clone());
        let notifiers = Arc::clone(&db.notifiers);
        runtime.spawn(async move { set_up(&copy, &live, &notifiers, &signal).await });
        let menus = Menus::new(bot.clone(), Arc::clone(&db), Arc::clone(&settings));
        let signal = stop.clone();
        runtime.spawn(async move { menus.run(&signal).await });
        let (outbox, signal) = (Outbox::new(bot, db, settings, pace), stop.clone());
        let outbox = runtime.spawn(async move { outbox.run(&signal).await });
        Self { runtime: runtime.clone(), stop: stop.on_drop(), outbox }
    }

    /// Stops it: no more updates are fetched, and messages in flight arrive within `grace`,
    /// or five seconds where that is less.
    pub(crate) fn close(self, grace: Duration) {
        drop(self.stop);
        let grace = grace.max(LAST_MESSAGES);
        let finished =
            self.runtime.block_on(async { tokio::time::timeout(grace, self.outbox).await });
        if finished.is_err() {
            tracing::warn!("messages were still in flight when the bot stopped");
        }
    }
}
