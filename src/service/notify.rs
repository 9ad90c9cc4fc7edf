//! Notifications: how a commit wakes the threads and the task that wait for work.
//!
//! This is an eventcount: a waiter takes a ticket, looks for work, and waits on the
//! ticket, so a notification in between is never lost. A task needs no
//! ticket: a notification for which it does not wait is kept for its next wait.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

/// The timeout of the waiters that are not the timekeeper.
const NO_TIMEOUT: Duration = Duration::from_hours(1);

/// Wakes the threads, and one task, that wait for one kind of event.
#[derive(Debug, Default)]
pub struct Notifier {
    state: Mutex<NotifierState>,
    condvar: Condvar,
    task: Notify,
}

#[derive(Debug, Default)]
struct NotifierState {
    /// Notifications so far, to one or to all.
    notified: u64,
    /// Notifications to all.
    broadcasts: u64,
    /// How many of the notifications were followed by a ticket, and so by a search for work.
    seen: u64,
    /// The earliest timeout that one of the sharing waiters keeps.
    timekeeper: Option<Instant>,
}

impl NotifierState {
    /// Whether a sharing waiter with this ticket has nothing to wake for.
    fn is_quiet(&self, ticket: Ticket) -> bool {
        self.notified == self.seen && self.broadcasts == ticket.broadcasts
    }

    /// Becomes the timekeeper until `deadline`, unless another waiter wakes before.
    fn keep_time(&mut self, now: Instant, deadline: Instant) -> bool {
        let is_kept = self.timekeeper.is_some_and(|kept| now <= kept && kept <= deadline);
        if !is_kept {
            self.timekeeper = Some(deadline);
        }
        !is_kept
    }
}

/// How often a notifier had been notified when its holder looked for work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    notified: u64,
    broadcasts: u64,
}

impl Notifier {
    /// To be taken before looking for work.
    pub fn ticket(&self) -> Ticket {
        let mut state = self.state();
        state.seen = state.notified;
        Ticket { notified: state.notified, broadcasts: state.broadcasts }
    }

    /// Wakes one waiter. A waiter that finds work notifies the next one before doing
    /// it: so no thread wakes in vain, and there is always one that looks for work.
    pub fn notify_one(&self) {
        self.state().notified += 1;
        self.condvar.notify_one();
        self.task.notify_one();
    }

    /// Wakes every waiter.
    pub fn notify_all(&self) {
        let mut state = self.state();
        state.notified += 1;
        state.broadcasts += 1;
        drop(state);
        self.condvar.notify_all();
        self.task.notify_one();
    }

    /// For the one task that waits for it: the next notification, or one that it has not
    /// waited for.
    pub fn notified(&self) -> impl Future<Output = ()> + '_ {
        self.task.notified()
    }

    /// Waits for a notification after `ticket`, until `timeout` at most.
    pub fn wait(&self, ticket: Ticket, timeout: Duration) {
        let state = self.state();
        let is_quiet = |state: &mut NotifierState| state.notified == ticket.notified;
        let waited = self.condvar.wait_timeout_while(state, timeout, is_quiet);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// As [`Self::wait`], for one or more threads that look for the same work: once one of
    /// them has looked after a notification, it does not wake the others, and only one
    /// of them, the timekeeper, wakes at its timeout. A timekeeper that finds work
    /// notifies another waiter, which keeps the time in its stead.
    pub fn wait_shared(&self, ticket: Ticket, timeout: Duration) {
        let now = Instant::now();
        let (mut state, deadline) = (self.state(), now + timeout);
        let timeout = if state.keep_time(now, deadline) { timeout } else { NO_TIMEOUT };
        let is_quiet = |state: &mut NotifierState| state.is_quiet(ticket);
        let waited = self.condvar.wait_timeout_while(state, timeout, is_quiet);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.timekeeper == Some(deadline) {
            state.timekeeper = None;
        }
    }

    fn state(&self) -> MutexGuard<'_, NotifierState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A kind of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A step has become due.
    Work,
    /// A script is to be written.
    Prompts,
    /// A photo has come.
    Photos,
    /// A voice message has come.
    Voices,
    /// A message waits to be sent.
    Outbox,
    /// An update has arrived.
    Inbox,
    /// A chat's command menu is to be set.
    Menus,
    /// The write-ahead log has grown long.
    Wal,
    /// Somebody wants something again.
    Exports,
    /// Other settings are in force.
    Settings,
}

/// One notifier for each channel.
#[derive(Debug, Default)]
pub struct Notifiers([Notifier; Channel::Settings as usize + 1]);

impl Notifiers {
    /// The notifier of a channel.
    pub fn get(&self, channel: Channel) -> &Notifier {
        &self.0[channel as usize]
    }

    /// Wakes every waiter of every channel, so that all see that the bot shuts down.
    pub fn notify_all(&self) {
        self.0.iter().for_each(Notifier::notify_all);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_between_ticket_and_wait_is_not_lost() {
        let notifier = Notifier::default();
        let ticket = notifier.ticket();
        notifier.notify_one();
        notifier.wait(ticket, Duration::from_hours(1));
        assert_ne!(notifier.ticket(), ticket);
    }

    #[tokio::test]
    async fn a_task_misses_no_notification_even_before_it_waits() {
        let notifier = Notifier::default();
        notifier.notify_one();
        notifier.notified().await;
        notifier.notify_all();
        notifier.notified().await;
    }

    #[test]
    fn a_notification_after_which_one_waiter_has_looked_wakes_no_other() {
        let notifier = Notifier::default();
        let ticket = notifier.ticket();
        notifier.notify_one();
        assert!(!is_quiet(&notifier, ticket), "nobody has looked since");
        let late = notifier.ticket();
        assert!(is_quiet(&notifier, ticket) && is_quiet(&notifier, late), "one has");
        notifier.notify_all();
        let newest = notifier.ticket();
        assert!(!is_quiet(&notifier, ticket), "a broadcast is for everybody");
        assert!(is_quiet(&notifier, newest));
    }

    /// Whether a sharing waiter with that ticket would sleep on.
    fn is_quiet(notifier: &Notifier, ticket: Ticket) -> bool {
        notifier.state().is_quiet(ticket)
    }

    #[test]
    fn one_of_all_waiters_is_the_timekeeper() {
        let (mut state, now) = (NotifierState::default(), Instant::now());
        let at = |seconds| now + Duration::from_secs(seconds);
        assert!(state.keep_time(now, at(5)));
        assert!(!state.keep_time(now, at(7)), "another waiter wakes before that");
        assert!(state.keep_time(now, at(3)), "none wakes by then");
        assert!(state.keep_time(at(4), at(9)), "the timekeeper is late, or gone");
    }
}
