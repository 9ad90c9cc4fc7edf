//! The signal that the bot shuts down, for threads and for tasks.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::service::notify::{Notifier, Notifiers};

/// Shared by all that have to stop. Clones are the same signal.
#[derive(Clone, Debug)]
pub struct Stop(Arc<StopState>);

#[derive(Debug)]
struct StopState {
    is_set: watch::Sender<bool>,
    notifier: Notifier,
    others: Arc<Notifiers>,
}

impl Stop {
    /// A signal that is not set. Setting it will wake all that wait on these notifiers.
    pub fn new(notifiers: &Arc<Notifiers>) -> Self {
        let (is_set, notifier) = (watch::Sender::default(), Notifier::default());
        Self(Arc::new(StopState { is_set, notifier, others: Arc::clone(notifiers) }))
    }

    /// Whether it is set.
    pub fn is_set(&self) -> bool {
        *self.0.is_set.borrow()
    }

    /// Sets it, from any thread, as often as one likes.
    pub fn set(&self) {
        self.0.is_set.send_replace(true);
        self.0.notifier.notify_all();
        self.0.others.notify_all();
    }

    /// Sets it when the guard is dropped.
    pub fn on_drop(self) -> StopGuard {
        StopGuard(self)
    }

    /// Blocks for so long; `false` when the signal was set before that.
    pub fn pause(&self, real: Duration) -> bool {
        let ticket = self.0.notifier.ticket();
        if !self.is_set() {
            self.0.notifier.wait(ticket, real);
        }
        !self.is_set()
    }

    /// For a thread that only the signal wakes before its time: nothing else notifies it.
    pub fn notifier(&self) -> &Notifier {
        &self.0.notifier
    }

    /// For a task: the value becomes `true` when the signal is set.
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.0.is_set.subscribe()
    }
}

/// Sets a signal when it is dropped.
#[derive(Debug)]
pub struct StopGuard(Stop);

impl Drop for StopGuard {
    fn drop(&mut self) {
        self.0.set();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn a_pause_ends_at_its_time_or_when_the_signal_is_set() {
        let stop = Stop::new(&Arc::default());
        assert!(stop.pause(Duration::ZERO));
        thread::scope(|scope| {
            let pauses = [(); 2].map(|()| scope.spawn(|| stop.pause(Duration::from_hours(1))));
            stop.clone().set();
            assert!(pauses.into_iter().all(|pause| !pause.join().unwrap()));
        });
    }
}
