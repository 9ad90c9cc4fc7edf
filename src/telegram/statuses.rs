//! Keeps the messages true that say how orders stand: each is an edit of the answer to the order, in the
//! newest words, and goes when nothing else wants the pace.

use std::{sync::Arc, time::Duration};

use crate::chat::{order_status, screen::Screen, settings::LiveSettings};
use crate::domain::{id::MessageId, lane::Lane, time::Timestamp};
use crate::service::pulse::Beat;
use crate::store::{
    away,
    db::Db,
    error::StoreError,
    status_messages::{self, Looked, StatusMessage},
    users,
};
use crate::telegram::{
    blocking::blocking,
    bot::Bot,
    error::TelegramError,
    in_flight::{InFlight, Sending},
    message::revise,
    outcome::away_for,
    pace::Pace,
};

/// How many messages are looked at together.
const BATCH: usize = 8;

/// The wait after an edit that Telegram could not take.
const LATER: Duration = Duration::from_secs(15);

/// How long a message is worth its last words, since its order has closed and its person is there.
const LAST_WORDS: Duration = Duration::from_hours(24);

/// Edits the messages of orders.
#[derive(Clone)]
pub(crate) struct Statuses {
    bot: Bot,
    db: Arc<Db>,
    settings: Arc<LiveSettings>,
    pace: Arc<Pace>,
}

/// What a look at a message has come to.
struct Look {
    message: StatusMessage,
    found: Found,
    /// After how long it may have something else to say by the clock alone.
    next: Option<Duration>,
}

enum Found {
    /// It shows what there is to say.
    Same,
    /// This message should show this.
    Edit(MessageId, Screen),
    /// Its person is away.
    Away,
    /// There is nothing more to say, or nowhere.
    Over,
}

/// What becomes of a message.
enum Outcome {
    Looked(Looked, Option<Timestamp>),
    /// The person blocked the bot or is gone: their news wait so long; why.
    Unreachable(Duration, String),
    /// The person was known to have blocked the bot.
    StillBlocked,
    Over,
}

impl Statuses {
    /// Edits the messages that the database names, in the words of the settings and at this pace.
    pub(crate) fn new(
        bot: &Bot,
        db: &Arc<Db>,
        settings: &Arc<LiveSettings>,
        pace: &Arc<Pace>,
    ) -> Self {
        let (bot, db) = (bot.clone(), Arc::clone(db));
        Self { bot, db, settings: Arc::clone(settings), pace: Arc::clone(pace) }
    }

    /// Starts the looks and edits that may be made now, and returns when more may.
    pub(crate) async fn start_due(
        &self,
        in_flight: &mut InFlight,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        if !in_flight.has_room_for(Lane::Status) {
            // Looked at again when one of them has arrived.
            return Ok(None);
        }
        let (looks, mut next) = self.look(now).await?;
        for look in looks {
            let message = look.found.edits();
            let what = Sending { to: look.message.to, lane: Lane::Status, edits: message };
            if !in_flight.has_room_for(Lane::Status) || in_flight.is_busy_with(what) {
                continue;
            }
            if message.is_some() {
                let ready = self.pace.ready_at(what.to, Lane::Status);
                if ready > self.pace.opens_for(Lane::Status).max(now) {
                    // The others do not wait for what this chat alone has to wait for.
                    let what = Sending { edits: None, ..what };
                    in_flight.start(what, self.clone().put_off(look.message, ready));
                    continue;
                }
                if ready > now {
                    next = Some(next.map_or(ready, |next| next.min(ready)));
                    continue;
                }
                self.pace.take(what.to, Lane::Status);
            }
            in_flight.start(what, self.clone().settle(look));
        }
        Ok(next)
    }

    /// What is due, and when more is.
    async fn look(&self, now: Timestamp) -> Result<(Vec<Look>, Option<Timestamp>), StoreError> {
        let (db, settings) = (Arc::clone(&self.db), self.settings.load_full());
        let opens = self.pace.opens_for(Lane::Status);
        let look = move || {
            db.read(|view| {
                // What is due and may not go yet is looked at when it may.
                let next = status_messages::next_due(view)?.map(|next| next.max(opens));
                if next.is_none_or(|next| next > now) {
                    return Ok((Vec::new(), next));
                }
                let flow = order_status::flow(view, &settings, now)?;
                let look = |message: StatusMessage| {
                    let voice = settings.words.voice(message.language);
                    let shown = order_status::screen(view, &voice, &message, &flow, now)?;
                    Ok(Look::at(message, shown, now))
                };
                let due = status_messages::due(view, now, BATCH)?;
                let looks: Result<Vec<Look>, StoreError> = due.into_iter().map(look).collect();
                Ok((looks?, None))
            })
        };
        blocking(look).await
    }

    /// Notes that a message is not edited before then.
    async fn put_off(self, message: StatusMessage, until: Timestamp) -> Result<bool, StoreError> {
        let later = Outcome::Looked(Looked::NotBefore(until), Some(until));
        self.record(message, later).await.map(|()| false)
    }

    /// Edits the message where there is more to say, and notes how it went; returns whether it was
    /// edited.
    async fn settle(self, look: Look) -> Result<bool, StoreError> {
        let now = self.db.clock.now();
        let message = look.message;
        let next = look.next.map(|wait| now + wait);
        let outcome = match look.found {
            Found::Same => Outcome::Looked(Looked::Same, next),
            Found::Away => Outcome::StillBlocked,
            Found::Over => Outcome::Over,
            Found::Edit(id, screen) => match revise(&self.bot, message.to, id, &screen).await {
                Ok(()) => {
                    self.db.pulse.beat(Beat::Text);
                    Outcome::Looked(Looked::Edited(screen.fingerprint()), next)
                }
                Err(error) => self.failed(&message, &error),
            },
        };
        let is_edited = matches!(outcome, Outcome::Looked(Looked::Edited(_), _));
        self.record(message, outcome).await.map(|()| is_edited)
    }

    fn failed(&self, message: &StatusMessage, error: &TelegramError) -> Outcome {
        let (order, now) = (message.order.0, self.db.clock.now());
        if let Some((wait, why)) = away_for(error) {
            return Outcome::Unreachable(wait, why);
        }
        let wait = match error {
            TelegramError::RetryAfter(wait) => {
                self.pace.hold(message.to, now + *wait);
                *wait
            }
            error if error.passes() => LATER,
            TelegramError::TokenWrong(_) | TelegramError::Conflict(_) => LATER,
            TelegramError::EditGone(_) => {
                tracing::debug!(order.id = order, %error, "nothing shows the order any more");
                return Outcome::Over;
            }
            error => {
                tracing::warn!(order.id = order, %error, "the order's message stays as it is");
                return Outcome::Over;
            }
        };
        tracing::debug!(order.id = order, %error, "the order's message is edited later");
        Outcome::Looked(Looked::NotBefore(now + wait), Some(now + wait))
    }

    async fn record(&self, message: StatusMessage, outcome: Outcome) -> Result<(), StoreError> {
        let db = Arc::clone(&self.db);
        let record = move || {
            db.write(move |tx| match outcome {
                Outcome::Looked(looked, next) => {
                    status_messages::record(tx, &message, looked, next)
                }
                Outcome::Unreachable(wait, why) => {
                    users::block(tx, message.to)?;
                    away::park(tx, message.to, wait, &why)
                }
                // They may have come back since this was read.
                Outcome::StillBlocked if users::is_blocked(tx, message.to)? => {
                    status_messages::park(tx, message.to)
                }
                Outcome::StillBlocked => Ok(()),
                Outcome::Over => status_messages::end(tx, message.order),
            })
        };
        blocking(record).await
    }
}

impl Look {
    fn at(
        message: StatusMessage,
        shown: Option<(Screen, Option<Duration>)>,
        now: Timestamp,
    ) -> Self {
        let is_late = message.final_at.is_some_and(|since| now.since(since) >= LAST_WORDS);
        let (found, next) = match (message.message, shown) {
            _ if message.is_blocked => (Found::Away, None),
            _ if is_late => (Found::Over, None),
            (None, _) | (_, None) => (Found::Over, None),
            (_, Some((screen, next))) if screen.fingerprint() == message.shown => {
                (Found::Same, next)
            }
            (Some(id), Some((screen, next))) => (Found::Edit(id, screen), next),
        };
        Self { message, found, next }
    }
}

impl Found {
    /// The message that is to be edited.
    fn edits(&self) -> Option<MessageId> {
        match self {
            Self::Edit(id, _) => Some(*id),
            Self::Same | Self::Away | Self::Over => None,
        }
    }
}
