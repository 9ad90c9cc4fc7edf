//! The handler: stored updates become actions and answers. An update is marked
//! as handled in the transaction of the action that it caused, so however often
//! the process dies it counts once.

use std::{collections::HashSet, sync::Arc, time::Duration};

use crate::actions::alert_operator::alert_operator;
use crate::chat::{input::Incoming, looked_up::Wanted, router, settings::LiveSettings};
use crate::domain::{
    id::{InboxId, UserId},
    notification::Concern,
};
use crate::service::{
    notify::Channel,
    serve::{Next, RETRY, serve},
    stop::Stop,
};
use crate::store::{
    db::Db,
    error::StoreError,
    inbox::{self, PendingUpdate},
    tx::View,
};
use crate::telegram::{
    parse::ParsedUpdate,
    received::{Payment, ReceivedUpdate},
    toasts::Toasts,
};

/// The updates of how many people are read in one round, and how many of each.
const PEOPLE: u32 = 256;
const OF_EACH: u32 = 8;

/// No round lasts longer: it is a few hundred writes, on however slow a disk.
const LONGEST_ROUND: Duration = Duration::from_mins(10);

/// How often an update is tried before it is given up with an apology to the person.
const TRIES: u32 = 3;

/// When an update about money that could not be handled is tried again.
const MONEY_AGAIN: Duration = Duration::from_mins(1);

/// Answers the updates in the inbox.
#[derive(Clone)]
pub struct Handler {
    db: Arc<Db>,
    settings: Arc<LiveSettings>,
    toasts: Arc<Toasts>,
}

impl Handler {
    /// A handler of that database's inbox, whose words for taps go there.
    pub fn new(db: Arc<Db>, settings: Arc<LiveSettings>, toasts: Arc<Toasts>) -> Self {
        Self { db, settings, toasts }
    }

    /// Answers until the bot shuts down.
    pub fn work(&self, stop: &Stop) {
        let turns = self.db.pulse.loops.join("handler", LONGEST_ROUND);
        serve(&turns, stop, Some(self.db.notifiers.get(Channel::Inbox)), RETRY, || {
            self.round().map(|handled| Next::after(handled > 0))
        });
    }

    /// Handles what waits now, one update after the other and a few of each person, so that nobody's
    /// flood holds up the others; returns how many were handled. What
    /// comes after an update that failed waits for it, if it is of the same chat. There is
    /// one handler: all it ever waits for is the database's writer, and several handlers that
    /// queued for that took twice as long (`benches/taps.rs`). Telegram allows 30 screens a
    /// second, and one handler makes hundreds.
    pub fn round(&self) -> Result<usize, StoreError> {
        let now = self.db.clock.now();
        let read = |view: &View<'_>| inbox::waiting_of_each(view, now, PEOPLE, OF_EACH);
        let waiting = self.db.read(read)?;
        let mut held: HashSet<UserId> = HashSet::new();
        let mut handled = 0;
        for pending in waiting {
            let update = ParsedUpdate::read(&pending.body);
            let from = update.sender();
            if from.is_some_and(|from| held.contains(&from)) {
                continue;
            }
            if self.handle(&pending, update)? {
                handled += 1;
            } else if let Some(from) = from {
                held.insert(from);
            }
        }
        Ok(handled)
    }

    /// Handles one update; `false` when it failed and will be tried again.
    fn handle(&self, pending: &PendingUpdate, update: ParsedUpdate) -> Result<bool, StoreError> {
        self.db.health.expect_no_loss()?;
        let id = pending.id;
        let ReceivedUpdate { payment, tap, .. } = ReceivedUpdate::read(&pending.body);
        if let Some(payment) = payment {
            return self.keep(id, payment);
        }
        let incoming = match update {
            ParsedUpdate::Person(incoming) => incoming,
            ParsedUpdate::NoAnswer => return self.skip(id, tap),
            ParsedUpdate::Unreadable => {
                tracing::warn!(inbox.id = id.0, "an update that cannot be read is skipped");
                return self.skip(id, tap);
            }
        };
        let from = incoming.from.id;
        match self.answer(id, *incoming) {
            Ok(word) => Ok(self.done(tap, word)),
            Err(error) if error.kind.passes() => Err(error),
            Err(error) => self.failed(pending, from, &error),
        }
    }

    /// Puts an update about money off, and alerts the operator. It is never given up, and holds up
    /// no other. Nothing is sold here yet, so nothing can handle it: a program that had this token
    /// before may have sold something.
    fn keep(&self, id: InboxId, payment: Payment) -> Result<bool, StoreError> {
        let settings = self.settings.load_full();
        self.db.write(move |tx| {
            inbox::put_off(tx, id, tx.now + MONEY_AGAIN)?;
            let Payment { kind, charge, facts } = payment;
            let which = charge.unwrap_or_else(|| format!("update {id}"));
            // A payment and its refund have one charge.
            let subject = format!("{kind} {which}");
            alert_operator(tx, &settings.rules.admins, Concern::Payment, &subject, &facts)
        })?;
        Ok(true)
    }

    fn skip(&self, id: InboxId, tap: Option<String>) -> Result<bool, StoreError> {
        self.db.write(move |tx| inbox::mark_handled(tx, id))?;
        Ok(self.done(tap, None))
    }

    /// An update is handled; a tap is answered with this word.
    fn done(&self, tap: Option<String>, word: Option<String>) -> bool {
        if let Some(tap) = tap {
            self.toasts.say(&tap, word);
        }
        true
    }

    /// Carries out what the person asks for; returns the word for their tap.
    fn answer(&self, id: InboxId, incoming: Incoming) -> Result<Option<String>, StoreError> {
        let settings = self.settings.load_full();
        StoreError::catch("the answer panicked", || {
            let now = self.db.clock.now();
            let wanted = Wanted::of(&incoming.input);
            let look_up = |wanted| {
                self.db.read(|view| router::look_up(&settings, view, now, &incoming, wanted))
            };
            let looked_up = wanted.map(look_up).transpose()?.flatten();
            self.db.write(move |tx| {
                if inbox::mark_handled(tx, id)? {
                    router::answer(&settings, tx, &incoming, looked_up)
                } else {
                    Ok(None)
                }
            })
        })
    }

    fn failed(
        &self,
        pending: &PendingUpdate,
        from: UserId,
        error: &StoreError,
    ) -> Result<bool, StoreError> {
        let (id, last) = (pending.id, pending.tries + 1 >= TRIES);
        tracing::error!(user.id = from.0, %error, last, "an update failed");
        let settings = self.settings.load_full();
        self.db.write(move |tx| {
            inbox::mark_failed(tx, id)?;
            if last && inbox::mark_handled(tx, id)? {
                router::apologize(&settings, tx, from)?;
            }
            Ok(())
        })?;
        Ok(last)
    }
}
