//! What people must be told goes out: each chat in order, chats side by side, all of it paced.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use crate::chat::notification;
use crate::chat::screen::Screen;
use crate::chat::words::Words;
use crate::domain::id::OutboxId;
use crate::domain::time::Timestamp;
use crate::service::notify::Channel;
use crate::service::serve::IDLE;
use crate::service::serve::RETRY;
use crate::service::stop::Stop;
use crate::store::db::Db;
use crate::store::error::StoreError;
use crate::store::outbox;
use crate::store::outbox::Kind;
use crate::store::outbox::Message;
use crate::store::users;
use crate::telegram::blocking::blocking;
use crate::telegram::bot::Bot;
use crate::telegram::error::TelegramError;
use crate::telegram::in_flight::InFlight;
use crate::telegram::message::show;
use crate::telegram::outcome::SendOutcome;
use crate::telegram::outcome::after;
use crate::telegram::pace::Pace;
use crate::telegram::pause::pause;
use crate::telegram::pause::stopped;

/// Messages on their way at the same time.
const AT_ONCE: usize = 16;

/// Chats that are looked at together.
const LOOK: u32 = 200;

/// The shortest wait, in real time, so that no clock can make the loop spin.
const SHORTEST: Duration = Duration::from_millis(5);

/// More doubtful messages than this at a time are a great trouble, in which some
/// repetitions too many are a small one.
const MANY: usize = 4096;

/// The sender. Clones share everything.
#[derive(Clone)]
pub struct Outbox {
    bot: Bot,
    db: Arc<Db>,
    words: Arc<Words>,
    pace: Arc<Pace>,
    memory: Arc<Mutex<Unrecorded>>,
}

/// What a sender did, and when there will be more to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How many messages were told.
    pub sent: usize,
    /// When the next one may go, if any waits.
    pub next: Option<Timestamp>,
}

/// What need not outlive the program.
#[derive(Default)]
struct Unrecorded {
    /// How often a message may have arrived.
    doubts: HashMap<OutboxId, u32>,
    /// What the database could not note: such a message must not be sent again.
    unnoted: HashMap<OutboxId, SendOutcome>,
}

impl Outbox {
    /// Tells what waits in the database, in these words and at this pace.
    pub fn new(bot: Bot, db: Arc<Db>, words: Arc<Words>, pace: Arc<Pace>) -> Self {
        Self { bot, db, words, pace, memory: Arc::default() }
    }

    /// Tells everything that is due and that the pace lets through.
    pub async fn send_due(&self) -> Result<Sent, StoreError> {
        let mut in_flight = InFlight::default();
        let mut sent = 0;
        loop {
            let next = self.launch(&mut in_flight).await?;
            match in_flight.next().await {
                Some(told) => sent += usize::from(told?),
                None => return Ok(Sent { sent, next }),
            }
        }
    }

    /// Tells what waits until the bot shuts down; then lets what is on its way arrive.
    pub async fn run(&self, stop: &Stop) {
        let mut in_flight = InFlight::default();
        while !stop.is_set() {
            let next = self.launch(&mut in_flight).await;
            let told = tokio::select! {
                biased;
                () = stopped(stop) => break,
                Some(told) = in_flight.next() => told.map(drop),
                () = self.db.notifiers.get(Channel::Outbox).notified() => Ok(()),
                () = tokio::time::sleep(self.nap(next.as_ref().ok().copied().flatten())) => Ok(()),
            };
            if let Err(error) = next.map(drop).and(told) {
                tracing::debug!(%error, "the outbox cannot use the database");
                pause(stop, RETRY).await;
            }
        }
        while in_flight.next().await.is_some() {}
    }

    /// Starts what may start now, and says when more may.
    async fn launch(&self, in_flight: &mut InFlight) -> Result<Option<Timestamp>, StoreError> {
        let now = self.db.clock.now();
        let opens = self.pace.opens_at();
        if opens > now {
            // Nobody's turn: in a rush each notification would read the same long line again.
            return Ok(Some(opens));
        }
        let (due, mut next) = self.look(now).await?;
        for (message, blocked) in due {
            if in_flight.len() >= AT_ONCE {
                break;
            }
            if in_flight.is_busy_with(message.to) {
                continue;
            }
            let ready = self.pace.ready_at(message.to);
            if ready > now && !blocked {
                next = Some(next.map_or(ready, |next| next.min(ready)));
                continue;
            }
            if !blocked {
                self.pace.take(message.to);
            }
            in_flight.start(message.to, self.clone().send(message, blocked));
        }
        Ok(next)
    }

    /// What is due, whether its person has blocked the bot, and when more is due.
    async fn look(
        &self,
        now: Timestamp,
    ) -> Result<(Vec<(Message, bool)>, Option<Timestamp>), StoreError> {
        let db = Arc::clone(&self.db);
        blocking(move || {
            db.read(|view| {
                let due = outbox::due(view, now, LOOK)?;
                let marked = due.into_iter().map(|message| {
                    let blocked = users::is_blocked(view, message.to)?;
                    Ok((message, blocked))
                });
                let marked = marked.collect::<Result<_, StoreError>>()?;
                Ok((marked, outbox::next_due(view, now)?))
            })
        })
        .await
    }

    /// Tells one thing and notes what became of it; says whether it was told.
    async fn send(self, message: Message, blocked: bool) -> Result<bool, StoreError> {
        let unnoted = self.remember(|memory| memory.unnoted.remove(&message.id));
        let outcome = match unnoted {
            Some(outcome) => outcome,
            None if blocked => SendOutcome::StillBlocked,
            None => self.attempt(&message).await,
        };
        let told = matches!(outcome, SendOutcome::Sent(_));
        let id = message.id;
        let noted = self.note(message, outcome.clone()).await;
        if noted.is_err() {
            self.remember(|memory| memory.unnoted.insert(id, outcome));
        }
        noted.map(|()| told)
    }

    async fn attempt(&self, message: &Message) -> SendOutcome {
        let Some(screen) = self.screen(message) else {
            tracing::error!(row = %message.id, "the outbox holds what cannot be read");
            return SendOutcome::GivenUp("the body cannot be read".to_owned());
        };
        let trouble = match show(&self.bot, message.to, message.edits, &screen).await {
            Ok(shown_in) => {
                self.remember(|memory| memory.doubts.remove(&message.id));
                return SendOutcome::Sent(shown_in);
            }
            Err(trouble) => trouble,
        };
        let now = self.db.clock.now();
        if let TelegramError::RetryAfter(wait) = trouble {
            self.pace.hold(message.to, now + wait);
        }
        let outcome = after(message, &trouble, self.doubts(message.id, &trouble), now);
        if matches!(outcome, SendOutcome::Later(_)) {
            tracing::debug!(row = %message.id, %trouble, ?outcome, "a message did not go out");
        } else {
            tracing::warn!(row = %message.id, %trouble, ?outcome, "a message did not go out");
            self.remember(|memory| memory.doubts.remove(&message.id));
        }
        outcome
    }

    fn screen(&self, message: &Message) -> Option<Screen> {
        match message.kind {
            Kind::Screen => serde_json::from_str(&message.body).ok(),
            Kind::Notification => {
                let fact = serde_json::from_str(&message.body).ok()?;
                let voice = self.words.voice(message.language);
                Some(notification::screen(&voice, message.id, &fact))
            }
        }
    }

    async fn note(&self, message: Message, outcome: SendOutcome) -> Result<(), StoreError> {
        let db = Arc::clone(&self.db);
        blocking(move || {
            db.write(move |tx| match outcome {
                SendOutcome::Sent(shown_in) => outbox::sent(tx, &message, shown_in),
                SendOutcome::Later(until) => outbox::put_off(tx, message.id, until),
                SendOutcome::GivenUp(why) => outbox::give_up(tx, message.id, &why),
                SendOutcome::Unreachable(why) => {
                    users::block(tx, message.to)?;
                    outbox::give_up_all(tx, message.to, &why)
                }
                // They may have come back since we looked.
                SendOutcome::StillBlocked if users::is_blocked(tx, message.to)? => {
                    outbox::give_up_all(tx, message.to, "the person has blocked the bot")
                }
                SendOutcome::StillBlocked => Ok(()),
            })
        })
        .await
    }

    /// How often the message may have arrived, this time included.
    fn doubts(&self, id: OutboxId, trouble: &TelegramError) -> u32 {
        self.remember(|memory| {
            if memory.doubts.len() >= MANY {
                memory.doubts.clear();
            }
            let doubts = memory.doubts.entry(id).or_default();
            *doubts += u32::from(matches!(trouble, TelegramError::Unknown(_)));
            *doubts
        })
    }

    fn remember<T>(&self, what: impl FnOnce(&mut Unrecorded) -> T) -> T {
        what(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn nap(&self, next: Option<Timestamp>) -> Duration {
        let now = self.db.clock.now();
        let wait = next.map_or(IDLE, |next| next.since(now).min(IDLE));
        self.db.clock.real(wait).max(SHORTEST)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicI64;
    use std::sync::atomic::Ordering;

    use serde_json::json;

    use super::*;
    use crate::clock::ManualClock;
    use crate::domain::credits::Credits;
    use crate::domain::id::MessageId;
    use crate::domain::id::UserId;
    use crate::domain::notification::Notification;
    use crate::domain::ports::Clock;
    use crate::domain::user::Language;
    use crate::store::users::Profile;
    use crate::telegram::scripted::Answer;
    use crate::telegram::scripted::Scripted;
    use crate::telegram::scripted::scripted;

    const ANN: UserId = UserId(7);
    const BEN: UserId = UserId(8);
    const START: Timestamp = Timestamp(1_764_000_000_000);

    struct Stage {
        server: Scripted,
        clock: Arc<ManualClock>,
        outbox: Outbox,
        _folder: tempfile::TempDir,
    }

    async fn stage(script: Vec<Answer>) -> Stage {
        let (server, bot) = scripted(script).await;
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(START));
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let path = folder.path().join("reelbot.db");
        let db = Arc::new(Db::open(&path, Arc::clone(&shared)).unwrap());
        let pace = Arc::new(Pace::new(shared, 30.0, 1.0));
        let outbox = Outbox::new(bot, db, Arc::new(Words::shipped()), pace);
        for id in [ANN, BEN] {
            let (username, first_name, language_code) = (None, String::new(), Some("ru".into()));
            let profile = Profile { id, username, first_name, language_code };
            outbox.db.write(move |tx| users::add(tx, &profile)).unwrap();
        }
        Stage { server, clock, outbox, _folder: folder }
    }

    impl Stage {
        fn put(&self, to: UserId, text: &str, anchor: Option<&'static str>) {
            let body = serde_json::to_string(&Screen::new(text.to_owned())).unwrap();
            self.outbox.db.write(move |tx| outbox::put_screen(tx, to, &body, anchor)).unwrap();
        }

        async fn send(&self) -> usize {
            self.outbox.send_due().await.unwrap().sent
        }

        /// Seconds until there is more to do.
        async fn next(&self) -> Option<u64> {
            let next = self.outbox.send_due().await.unwrap().next;
            next.map(|next| next.since(self.clock.now()).as_secs())
        }

        fn texts(&self) -> Vec<String> {
            let calls = self.server.calls();
            calls.iter().map(|call| call.json()["text"].as_str().unwrap().to_owned()).collect()
        }

        fn waiting(&self) -> usize {
            let far = START + Duration::from_hours(10_000);
            self.outbox.db.read(|view| outbox::due(view, far, 100)).unwrap().len()
        }

        fn is_blocked(&self, user: UserId) -> bool {
            self.outbox.db.read(|view| users::is_blocked(view, user)).unwrap()
        }
    }

    fn message(id: i64) -> Answer {
        Answer::ok(&json!({"message_id": id}))
    }

    #[tokio::test]
    async fn a_chat_hears_everything_in_order() {
        let stage = stage(vec![]).await;
        for text in ["one", "two", "three"] {
            stage.put(ANN, text, None);
        }
        assert_eq!(stage.send().await, 3);
        assert_eq!(stage.texts(), ["one", "two", "three"]);
        assert_eq!(stage.send().await, 0);
    }

    #[tokio::test]
    async fn the_pace_holds_back_a_flood_and_not_the_others() {
        let stage = stage(vec![]).await;
        (0..7).for_each(|n| stage.put(ANN, &format!("{n}"), None));
        stage.put(BEN, "ben", None);
        let mut sent = stage.send().await;
        while sent < 8 {
            assert!(stage.clock.now().since(START) < Duration::from_secs(3));
            stage.clock.advance(Duration::from_millis(100));
            sent += stage.send().await;
        }
        assert!(stage.clock.now().since(START) >= Duration::from_secs(2));
        let texts = stage.texts();
        assert!(texts.iter().position(|text| text == "ben") < Some(6), "{texts:?}");
    }

    #[tokio::test]
    async fn an_anchor_shows_the_next_screen_in_the_same_message() {
        let gone = Answer::error(400, "Bad Request: message to edit not found");
        let stage = stage(vec![message(11), message(11), gone, message(12)]).await;
        for text in ["one", "two", "three", "four"] {
            stage.put(ANN, text, Some("order 1"));
            assert_eq!(stage.send().await, 1);
        }
        let shown: Vec<_> =
            stage.server.calls().iter().map(|call| call.json()["message_id"].as_i64()).collect();
        assert_eq!(shown, [None, Some(11), Some(11), None, Some(12)]);
    }

    #[tokio::test]
    async fn news_are_worded_when_they_are_sent() {
        let stage = stage(vec![]).await;
        let notification = Notification::CreditsGranted { amount: Credits(5), balance: Credits(8) };
        let fact = notification.clone();
        let db = &stage.outbox.db;
        db.write(move |tx| outbox::put_notification(tx, ANN, &fact, "grant 1")).unwrap();
        db.write(|tx| users::choose_language(tx, ANN, Language::En)).unwrap();
        assert_eq!(stage.send().await, 1);
        let expected =
            notification::screen(&Words::shipped().voice(Language::En), OutboxId(1), &notification);
        assert_eq!(stage.texts(), [expected.text]);
    }

    #[tokio::test]
    async fn telegrams_wait_silences_one_chat_and_costs_nothing() {
        let stage = stage(vec![Answer::wait(14)]).await;
        stage.put(ANN, "one", None);
        assert_eq!(stage.next().await, Some(14));
        stage.put(ANN, "two", None);
        stage.put(BEN, "ben", None);
        assert_eq!(stage.send().await, 1);
        assert_eq!(stage.next().await, Some(14), "what stands behind it waits for it");
        stage.clock.advance(Duration::from_secs(14));
        assert_eq!(stage.send().await, 2);
        assert_eq!(stage.texts(), ["one", "ben", "one", "two"]);
    }

    #[tokio::test]
    async fn who_blocked_the_bot_is_left_alone() {
        let blocked = Answer::error(403, "Forbidden: bot was blocked by the user");
        let stage = stage(vec![blocked]).await;
        stage.put(ANN, "one", None);
        stage.put(ANN, "two", None);
        assert_eq!(stage.send().await, 0);
        assert!(stage.is_blocked(ANN));
        stage.put(ANN, "three", None);
        assert_eq!(stage.send().await, 0);
        assert_eq!((stage.texts().len(), stage.waiting()), (1, 0));
    }

    #[tokio::test]
    async fn a_screen_whose_answer_is_lost_is_repeated_three_times() {
        let stage = stage((0..5).map(|_| Answer::HangUp).collect()).await;
        stage.put(ANN, "one", None);
        for wait in [2, 4, 8] {
            assert_eq!(stage.next().await, Some(wait));
            stage.clock.advance(Duration::from_secs(wait));
        }
        assert_eq!(stage.next().await, None);
        assert_eq!((stage.texts().len(), stage.waiting()), (4, 0));
    }

    #[tokio::test]
    async fn what_telegram_refuses_or_nobody_can_read_holds_up_nothing() {
        let stage = stage(vec![Answer::error(400, "Bad Request: message is too long")]).await;
        stage.put(ANN, "long", None);
        stage.outbox.db.write(|tx| outbox::put_screen(tx, ANN, "{", None)).unwrap();
        stage.put(ANN, "fine", None);
        assert_eq!(stage.send().await, 1);
        assert_eq!((stage.texts(), stage.waiting()), (vec!["long".into(), "fine".into()], 0));
    }

    #[tokio::test]
    async fn what_could_not_be_noted_is_not_sent_again() {
        let stage = stage(vec![]).await;
        stage.put(ANN, "one", None);
        let due = stage.outbox.db.read(|view| outbox::due(view, START, 1)).unwrap().remove(0);
        let outcome = SendOutcome::Sent(Some(MessageId(11)));
        stage.outbox.remember(|memory| memory.unnoted.insert(due.id, outcome));
        assert_eq!(stage.send().await, 1);
        assert_eq!((stage.texts().len(), stage.waiting()), (0, 0));
    }

    /// A clock on which every look takes a millisecond.
    struct Ticking(AtomicI64);

    impl Clock for Ticking {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.fetch_add(1, Ordering::SeqCst))
        }

        fn real(&self, _: Duration) -> Duration {
            Duration::ZERO
        }
    }

    #[tokio::test]
    async fn time_that_passes_while_the_database_is_read_holds_nothing_back() {
        let mut stage = stage(vec![]).await;
        let clock: Arc<dyn Clock> = Arc::new(Ticking(AtomicI64::new(START.0)));
        let db = Db::open(stage.outbox.db.path(), Arc::clone(&clock)).unwrap();
        stage.outbox.db = Arc::new(db);
        stage.outbox.pace = Arc::new(Pace::new(clock, 30.0, 1.0));
        stage.put(ANN, "one", None);
        assert_eq!(stage.send().await, 1);
    }

    #[tokio::test]
    async fn the_loop_is_notified_and_ends_when_the_bot_shuts_down() {
        let stage = stage(vec![]).await;
        let stop = Stop::new(&stage.outbox.db.notifiers);
        let (outbox, sign) = (stage.outbox.clone(), stop.clone());
        let run = tokio::spawn(async move { outbox.run(&sign).await });
        stage.put(ANN, "one", None);
        while stage.waiting() > 0 {
            tokio::task::yield_now().await;
        }
        stop.set();
        run.await.unwrap();
        assert_eq!(stage.texts(), ["one"]);
    }
}
