//! The handler: stored updates become actions and answers. An update is marked
//! as handled in the transaction of the action that it caused, so however often
//! the process dies it counts once.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::chat::input::Incoming;
use crate::chat::router;
use crate::chat::settings::ChatSettings;
use crate::domain::id::InboxId;
use crate::domain::id::UserId;
use crate::store::db::Db;
use crate::store::error::StoreError;
use crate::store::error::StoreErrorKind;
use crate::store::inbox;
use crate::store::inbox::PendingUpdate;
use crate::telegram::parse::Parsed;
use crate::telegram::parse::incoming;
use crate::worker::stop::Stop;

/// How many updates are looked at in one round.
const ROUND: u32 = 256;

/// How often an update is tried before the person is told that it cannot be done.
const TRIES: u32 = 3;

/// How long to wait when nothing comes, or when the database does not answer.
const IDLE_WAIT: Duration = Duration::from_secs(5);
const TROUBLE_WAIT: Duration = Duration::from_secs(1);

/// Answers what waits in the inbox.
#[derive(Clone)]
pub struct Handler {
    db: Arc<Db>,
    settings: Arc<ChatSettings>,
}

/// An update with whom it is from.
struct ParsedUpdate {
    pending: PendingUpdate,
    parsed: Parsed,
}

impl Handler {
    /// A handler of that database's inbox.
    pub fn new(db: Arc<Db>, settings: Arc<ChatSettings>) -> Self {
        Self { db, settings }
    }

    /// Answers until the house closes.
    pub fn work(&self, stop: &Stop) {
        let notifier = &self.db.notifiers.inbox;
        while !stop.is_set() {
            let ticket = notifier.ticket();
            match self.round() {
                Ok(0) => notifier.wait(ticket, IDLE_WAIT),
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(%error, "updates wait: the database does not answer");
                    notifier.wait(notifier.ticket(), TROUBLE_WAIT);
                }
            }
        }
    }

    /// Handles what waits now, one update after the other; returns how many were handled. What
    /// comes after an update that failed waits for it, if it is of the same chat. Nothing in here
    /// waits for anybody but the writer, and who stood in line for that side by side waited twice as
    /// long (`benches/taps.rs`): Telegram lets us show 30 screens a second, and one line alone makes
    /// hundreds.
    pub fn round(&self) -> Result<usize, StoreError> {
        let waiting = self.db.read::<_, StoreError>(|view| inbox::waiting(view, ROUND))?;
        let mut held: HashSet<UserId> = HashSet::new();
        let mut handled = 0;
        for pending in waiting {
            let update = ParsedUpdate { parsed: parsed(&pending), pending };
            let from = sender(&update.parsed);
            if from.is_some_and(|from| held.contains(&from)) {
                continue;
            }
            if self.handle(&update)? {
                handled += 1;
            } else if let Some(from) = from {
                held.insert(from);
            }
        }
        Ok(handled)
    }

    /// Handles one update; `false` when it failed and will be tried again.
    fn handle(&self, update: &ParsedUpdate) -> Result<bool, StoreError> {
        let id = update.pending.id;
        let Parsed::Person(incoming) = &update.parsed else {
            self.db.write::<_, StoreError>(move |tx| inbox::handled(tx, id))?;
            return Ok(true);
        };
        match self.answer(id, incoming.clone()) {
            Ok(()) => Ok(true),
            Err(error) if error.kind.passes() => Err(error),
            Err(error) => self.failed(update, incoming, &error),
        }
    }

    fn answer(&self, id: InboxId, incoming: Incoming) -> Result<(), StoreError> {
        let settings = Arc::clone(&self.settings);
        let answered = catch_unwind(AssertUnwindSafe(|| {
            self.db.write(move |tx| {
                if inbox::handled(tx, id)? {
                    router::answer(&settings, tx, &incoming)?;
                }
                Ok(())
            })
        }));
        answered
            .unwrap_or_else(|_| Err(StoreError::new(StoreErrorKind::Other, "the answer panicked")))
    }

    fn failed(
        &self,
        update: &ParsedUpdate,
        incoming: &Incoming,
        error: &StoreError,
    ) -> Result<bool, StoreError> {
        let (id, last) = (update.pending.id, update.pending.tries + 1 >= TRIES);
        tracing::error!(user.id = incoming.from.id.0, %error, last, "an update failed");
        let (settings, from) = (Arc::clone(&self.settings), incoming.from.id);
        self.db.write::<_, StoreError>(move |tx| {
            inbox::failed(tx, id)?;
            if last && inbox::handled(tx, id)? {
                router::apologize(&settings, tx, from)?;
            }
            Ok(())
        })?;
        Ok(last)
    }
}

fn parsed(pending: &PendingUpdate) -> Parsed {
    let Ok(update) = serde_json::from_str::<Value>(&pending.body) else {
        tracing::warn!(inbox.id = pending.id.0, "an update that cannot be read is passed over");
        return Parsed::Nothing;
    };
    incoming(&update)
}

fn sender(parsed: &Parsed) -> Option<UserId> {
    match parsed {
        Parsed::Person(incoming) => Some(incoming.from.id),
        Parsed::Nothing => None,
    }
}
