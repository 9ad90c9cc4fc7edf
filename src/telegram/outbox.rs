//! Sends the messages of the outbox: lane after lane, each chat in order, chats in parallel, all of it
//! paced.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::chat::settings::LiveSettings;
use crate::domain::{id::OutboxId, lane::Lane, notification::Notification, time::Timestamp};
use crate::service::{
    notify::Channel,
    pulse::Beat,
    serve::{IDLE, RETRY},
    stop::Stop,
};
use crate::store::{
    alerts, away,
    db::Db,
    error::StoreError,
    send_queue::{self, Message},
    users,
};
use crate::telegram::{
    blocking::blocking,
    bot::Bot,
    contents::{Contents, Found, fact},
    error::TelegramError,
    in_flight::{InFlight, Sending},
    message::{Shown, show},
    outcome::{SendOutcome, after},
    pace::Pace,
    pause::{pause, stopped},
    statuses::Statuses,
};

/// How many due messages of each lane are read at once, one of each chat.
const BATCH: u32 = 200;

/// No look at what is due lasts longer, on however slow a disk.
const LONGEST_LOOK: Duration = Duration::from_mins(5);

/// The shortest wait, in real time, so that no clock can make the loop spin.
const SHORTEST_WAIT: Duration = Duration::from_millis(5);

/// The most messages whose doubts are counted. Only a large outage leaves more, and in it a
/// few repetitions too many do little harm.
const MAX_DOUBTFUL: usize = 4096;

/// The sender. Clones share everything.
#[derive(Clone)]
pub struct Outbox {
    bot: Bot,
    db: Arc<Db>,
    settings: Arc<LiveSettings>,
    pace: Arc<Pace>,
    statuses: Statuses,
    unrecorded: Arc<Mutex<Unrecorded>>,
}

/// What was sent, and when there is more to send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// How many messages were sent.
    pub sent: usize,
    /// When the next one may go, if any waits.
    pub next: Option<Timestamp>,
}

/// What the database does not hold; it need not outlive the process.
#[derive(Default)]
struct Unrecorded {
    /// How often a message may have arrived.
    doubts: HashMap<OutboxId, u32>,
    /// Outcomes that the database did not take: such a message, as it was, must not be sent again.
    outcomes: HashMap<OutboxId, (Message, SendOutcome)>,
}

impl Outbox {
    /// Sends what waits in the database, in the words of the settings and at this pace.
    pub fn new(bot: Bot, db: Arc<Db>, settings: Arc<LiveSettings>, pace: Arc<Pace>) -> Self {
        let statuses = Statuses::new(&bot, &db, &settings, &pace);
        Self { bot, db, settings, pace, statuses, unrecorded: Arc::default() }
    }

    /// Sends everything that is due and that the pace allows.
    pub async fn send_due(&self) -> Result<Sent, StoreError> {
        let mut in_flight = InFlight::default();
        let mut sent = 0;
        loop {
            let next = self.start_due(&mut in_flight).await?;
            match in_flight.next().await {
                Some(is_sent) => sent += usize::from(is_sent?),
                None => return Ok(Sent { sent, next }),
            }
        }
    }

    /// Sends what waits until the bot shuts down; then waits for the messages in flight.
    pub async fn run(&self, stop: &Stop) {
        let mut in_flight = InFlight::default();
        let turns = self.db.pulse.loops.join("outbox", LONGEST_LOOK);
        while !stop.is_set() {
            turns.works();
            let next = self.start_due(&mut in_flight).await;
            turns.waits(IDLE);
            let wait = self.idle_wait(next.as_ref().ok().copied().flatten());
            let woken = tokio::select! {
                biased;
                () = stopped(stop) => break,
                Some(result) = in_flight.next() => result.map(drop),
                () = self.db.notifiers.get(Channel::Outbox).notified() => Ok(()),
                () = tokio::time::sleep(wait) => Ok(()),
            };
            if let Err(error) = next.map(drop).and(woken) {
                tracing::debug!(%error, "the outbox cannot use the database");
                pause(stop, RETRY).await;
            }
        }
        while in_flight.next().await.is_some() {}
    }

    /// Starts sending what may go now, and returns when more may.
    async fn start_due(&self, in_flight: &mut InFlight) -> Result<Option<Timestamp>, StoreError> {
        let now = self.db.clock.now();
        let opens = self.pace.opens_at();
        if opens > now {
            // Nobody's turn: in a rush each notification would read the same long queue again.
            return Ok(Some(opens));
        }
        if !in_flight.has_room_for(Lane::Answers) {
            // Looked at again when one of them has arrived.
            return Ok(None);
        }
        let (due, mut next) = self.read_due(now).await?;
        for message in due {
            let what = Sending { to: message.to, lane: message.lane, edits: message.edits };
            if !in_flight.has_room_for(what.lane) || in_flight.is_busy_with(what) {
                continue;
            }
            if !message.is_blocked {
                let ready = self.pace.ready_at(what.to, what.lane);
                if ready > now {
                    next = Some(next.map_or(ready, |next| next.min(ready)));
                    continue;
                }
                self.pace.take(what.to, what.lane);
            }
            in_flight.start(what, self.clone().send(message));
        }
        // After all of these: what they have left of the pace.
        let next_status = self.statuses.start_due(in_flight, now).await?;
        Ok([next, next_status].into_iter().flatten().min())
    }

    /// What is due, and when more is due.
    async fn read_due(
        &self,
        now: Timestamp,
    ) -> Result<(Vec<Message>, Option<Timestamp>), StoreError> {
        let db = Arc::clone(&self.db);
        blocking(move || {
            db.read(|view| {
                Ok((send_queue::due(view, now, BATCH)?, send_queue::next_due(view, now)?))
            })
        })
        .await
    }

    /// Sends a message and records the outcome; returns whether it was sent.
    async fn send(self, message: Message) -> Result<bool, StoreError> {
        let unrecorded = self.unrecorded(|all| all.outcomes.remove(&message.id));
        let (message, outcome) = match unrecorded {
            Some(unrecorded) => unrecorded,
            None if message.is_blocked => (message, SendOutcome::StillBlocked),
            None => {
                let outcome = self.attempt(&message).await?;
                (message, outcome)
            }
        };
        let is_sent = matches!(outcome, SendOutcome::Sent(_));
        let recorded = self.record(message.clone(), outcome.clone()).await;
        if recorded.is_err() {
            self.unrecorded(|all| all.outcomes.insert(message.id, (message, outcome)));
        }
        recorded.map(|()| is_sent)
    }

    async fn attempt(&self, message: &Message) -> Result<SendOutcome, StoreError> {
        let contents = match self.contents(message).await? {
            Found::Contents(contents) => contents,
            // As good as told.
            Found::Nothing => return Ok(SendOutcome::Sent(None)),
            Found::Unreadable => {
                tracing::error!(row = %message.id, "a message of the outbox cannot be read");
                return Ok(SendOutcome::GivenUp("the body cannot be read".to_owned()));
            }
        };
        let error = match show(&self.bot, contents.letter(message)).await {
            Ok(Shown { message: shown_in, file_id }) => {
                self.db.pulse.beat(Beat::Text);
                self.unrecorded(|all| all.doubts.remove(&message.id));
                if let Some(file_id) = file_id.filter(|id| contents.is_news_of_file(id)) {
                    self.keep_file_id(contents, file_id).await;
                }
                return Ok(SendOutcome::Sent(shown_in));
            }
            Err(error) => error,
        };
        let now = self.db.clock.now();
        if let TelegramError::RetryAfter(wait) = error {
            self.pace.hold(message.to, now + wait);
        }
        let outcome = after(message, &error, self.doubts(message.id, &error), now);
        if matches!(outcome, SendOutcome::Later(_)) {
            tracing::debug!(row = %message.id, %error, ?outcome, "a message did not go out");
        } else {
            tracing::warn!(row = %message.id, %error, ?outcome, "a message did not go out");
            self.unrecorded(|all| all.doubts.remove(&message.id));
        }
        Ok(outcome)
    }

    /// What a message shows now.
    async fn contents(&self, message: &Message) -> Result<Found, StoreError> {
        let (db, settings) = (Arc::clone(&self.db), self.settings.load_full());
        let message = message.clone();
        blocking(move || Contents::read(&db, &settings, &message)).await
    }

    /// Keeps Telegram's id of a file that was sent; without it, it is uploaded again.
    async fn keep_file_id(&self, contents: Contents, file_id: String) {
        let db = Arc::clone(&self.db);
        let kept = blocking(move || db.write(move |tx| contents.keep_file_id(tx, &file_id)));
        if let Err(error) = kept.await {
            tracing::debug!(%error, "a file will be uploaded again");
        }
    }

    async fn record(&self, message: Message, outcome: SendOutcome) -> Result<(), StoreError> {
        let db = Arc::clone(&self.db);
        blocking(move || {
            db.write(move |tx| match outcome {
                SendOutcome::Sent(shown_in) => {
                    if let Some(Notification::Alert(alert)) = fact(&message) {
                        alerts::mark_alerted(tx, message.to, alert.concern, &alert.subject)?;
                    }
                    send_queue::mark_sent(tx, &message, shown_in)
                }
                SendOutcome::Later(until) => send_queue::put_off(tx, message.id, until),
                SendOutcome::GivenUp(why) => send_queue::give_up(tx, message.id, &why),
                SendOutcome::Unreachable(wait, why) => {
                    users::block(tx, message.to)?;
                    away::park(tx, message.to, wait, &why)
                }
                // They may have come back since the outbox was read.
                SendOutcome::StillBlocked if users::is_blocked(tx, message.to)? => {
                    away::park(tx, message.to, away::AWAY, "the person has blocked the bot")
                }
                SendOutcome::StillBlocked => Ok(()),
            })
        })
        .await
    }

    /// How often the message may have arrived, this time included.
    fn doubts(&self, id: OutboxId, error: &TelegramError) -> u32 {
        self.unrecorded(|all| {
            if all.doubts.len() >= MAX_DOUBTFUL {
                all.doubts.clear();
            }
            let doubts = all.doubts.entry(id).or_default();
            *doubts += u32::from(matches!(error, TelegramError::Unknown(_)));
            *doubts
        })
    }

    fn unrecorded<T>(&self, access: impl FnOnce(&mut Unrecorded) -> T) -> T {
        access(&mut self.unrecorded.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn idle_wait(&self, next: Option<Timestamp>) -> Duration {
        let now = self.db.clock.now();
        let wait = next.map_or(IDLE, |next| next.since(now).min(IDLE));
        self.db.clock.real(wait).max(SHORTEST_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use serde_json::json;

    use super::*;
    use crate::actions::grant_credits::{Grant, grant_credits};
    use crate::chat::{
        screen::Screen, screens::balance::granted, settings::Settings, words::Words,
    };
    use crate::clock::ManualClock;
    use crate::domain::{
        credits::Credits,
        id::{MessageId, UserId},
        ports::Clock,
        user::Language,
    };
    use crate::store::{outbox, users::Profile};
    use crate::telegram::scripted::{Answer, Scripted, scripted};

    const ANN: UserId = UserId(7);
    const BEN: UserId = UserId(8);
    const START: Timestamp = Timestamp(1_764_000_000_000);

    struct Fixture {
        server: Scripted,
        clock: Arc<ManualClock>,
        outbox: Outbox,
        _folder: tempfile::TempDir,
    }

    async fn fixture(script: Vec<Answer>) -> Fixture {
        let (server, bot) = scripted(script).await;
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(START));
        let shared: Arc<dyn Clock> = Arc::<ManualClock>::clone(&clock);
        let path = folder.path().join("reelbot.db");
        let db = Arc::new(Db::open(&path, Arc::clone(&shared)).unwrap());
        let pace = Arc::new(Pace::new(shared, 30.0, 1.0));
        let outbox = Outbox::new(bot, db, Settings::default().live(), pace);
        for id in [ANN, BEN] {
            let (username, first_name, language_code) = (None, String::new(), Some("ru".into()));
            let profile = Profile { id, username, first_name, language_code };
            outbox.db.write(move |tx| users::see(tx, &profile)).unwrap();
        }
        Fixture { server, clock, outbox, _folder: folder }
    }

    impl Fixture {
        fn put(&self, to: UserId, text: &str, anchor: Option<&'static str>) {
            let body = serde_json::to_string(&Screen::new(text.to_owned())).unwrap();
            self.outbox
                .db
                .write(move |tx| outbox::put_screen(tx, to, Lane::Answers, &body, anchor))
                .unwrap();
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
            self.outbox.db.read(|view| send_queue::due(view, far, 100)).unwrap().len()
        }

        fn is_blocked(&self, user: UserId) -> bool {
            self.outbox.db.read(|view| users::is_blocked(view, user)).unwrap()
        }
    }

    fn message(id: i64) -> Answer {
        Answer::ok(&json!({"message_id": id}))
    }

    #[tokio::test]
    async fn a_chat_receives_everything_in_order() {
        let fixture = fixture(vec![]).await;
        for text in ["one", "two", "three"] {
            fixture.put(ANN, text, None);
        }
        assert_eq!(fixture.send().await, 3);
        assert_eq!(fixture.texts(), ["one", "two", "three"]);
        assert_eq!(fixture.send().await, 0);
    }

    #[tokio::test]
    async fn the_pace_holds_back_one_flooded_chat_and_not_the_others() {
        let fixture = fixture(vec![]).await;
        (0..7).for_each(|n| fixture.put(ANN, &format!("{n}"), None));
        fixture.put(BEN, "ben", None);
        let mut sent = fixture.send().await;
        while sent < 8 {
            assert!(fixture.clock.now().since(START) < Duration::from_secs(3));
            fixture.clock.advance(Duration::from_millis(100));
            sent += fixture.send().await;
        }
        assert!(fixture.clock.now().since(START) >= Duration::from_secs(2));
        let texts = fixture.texts();
        assert!(texts.iter().position(|text| text == "ben") < Some(6), "{texts:?}");
    }

    #[tokio::test]
    async fn an_anchor_shows_the_next_screen_in_the_same_message() {
        let gone = Answer::error(400, "Bad Request: message to edit not found");
        let fixture = fixture(vec![message(11), message(11), gone, message(12)]).await;
        for text in ["one", "two", "three", "four"] {
            fixture.put(ANN, text, Some("order 1"));
            assert_eq!(fixture.send().await, 1);
        }
        let shown: Vec<_> =
            fixture.server.calls().iter().map(|call| call.json()["message_id"].as_i64()).collect();
        assert_eq!(shown, [None, Some(11), Some(11), None, Some(12)]);
    }

    #[tokio::test]
    async fn a_notification_is_worded_when_it_is_sent() {
        let fixture = fixture(vec![]).await;
        let db = &fixture.outbox.db;
        let grant = |amount: i64, once: &str| {
            let amount = Credits(amount);
            let grant = Grant { user: ANN, amount, once: once.to_owned(), note: None };
            db.try_write(move |tx| grant_credits(tx, &grant)).unwrap();
        };
        grant(5, "a");
        grant(3, "b");
        db.write(|tx| users::choose_language(tx, ANN, Language::En)).unwrap();
        assert_eq!(fixture.send().await, 2);
        let told = |amount| {
            granted(&Words::shipped().voice(Language::En), Credits(amount), Credits(8))
                .text()
                .to_owned()
        };
        assert_eq!(fixture.texts(), [told(5), told(3)]);
    }

    #[tokio::test]
    async fn telegrams_wait_holds_back_one_chat_and_loses_nothing() {
        let fixture = fixture(vec![Answer::wait(14)]).await;
        fixture.put(ANN, "one", None);
        assert_eq!(fixture.next().await, Some(14));
        fixture.put(ANN, "two", None);
        fixture.put(BEN, "ben", None);
        assert_eq!(fixture.send().await, 1);
        assert_eq!(fixture.next().await, Some(14), "what comes after it waits for it");
        fixture.clock.advance(Duration::from_secs(14));
        assert_eq!(fixture.send().await, 2);
        assert_eq!(fixture.texts(), ["one", "ben", "one", "two"]);
    }

    #[tokio::test]
    async fn nothing_more_is_sent_to_a_person_who_blocked_the_bot() {
        let blocked = Answer::error(403, "Forbidden: bot was blocked by the user");
        let fixture = fixture(vec![blocked]).await;
        fixture.put(ANN, "one", None);
        fixture.put(ANN, "two", None);
        assert_eq!(fixture.send().await, 0);
        assert!(fixture.is_blocked(ANN));
        fixture.put(ANN, "three", None);
        assert_eq!(fixture.send().await, 0);
        assert_eq!((fixture.texts().len(), fixture.waiting()), (1, 0));
    }

    #[tokio::test]
    async fn a_screen_whose_answer_is_lost_is_repeated_three_times() {
        let fixture = fixture((0..5).map(|_| Answer::HangUp).collect()).await;
        fixture.put(ANN, "one", None);
        for wait in [2, 4, 8] {
            assert_eq!(fixture.next().await, Some(wait));
            fixture.clock.advance(Duration::from_secs(wait));
        }
        assert_eq!(fixture.next().await, None);
        assert_eq!((fixture.texts().len(), fixture.waiting()), (4, 0));
    }

    #[tokio::test]
    async fn a_refused_or_unreadable_message_holds_up_nothing() {
        let fixture = fixture(vec![Answer::error(400, "Bad Request: message is too long")]).await;
        fixture.put(ANN, "long", None);
        fixture
            .outbox
            .db
            .write(|tx| outbox::put_screen(tx, ANN, Lane::Answers, "{", None))
            .unwrap();
        fixture.put(ANN, "fine", None);
        assert_eq!(fixture.send().await, 1);
        assert_eq!((fixture.texts(), fixture.waiting()), (vec!["long".into(), "fine".into()], 0));
    }

    #[tokio::test]
    async fn a_message_whose_outcome_could_not_be_recorded_is_not_sent_again() {
        let fixture = fixture(vec![]).await;
        fixture.put(ANN, "one", None);
        let due = fixture.outbox.db.read(|view| send_queue::due(view, START, 1)).unwrap().remove(0);
        let outcome = SendOutcome::Sent(Some(MessageId(11)));
        fixture.outbox.unrecorded(|all| all.outcomes.insert(due.id, (due, outcome)));
        assert_eq!(fixture.send().await, 1);
        assert_eq!((fixture.texts().len(), fixture.waiting()), (0, 0));
    }

    #[tokio::test]
    async fn more_to_say_after_an_outcome_that_was_not_recorded_is_said_all_the_same() {
        let fixture = fixture(vec![]).await;
        let tell = || {
            let held = Notification::OrderHeld { order: None };
            let db = &fixture.outbox.db;
            db.write(move |tx| outbox::put_subject(tx, ANN, &held, "order 1")).unwrap();
        };
        tell();
        let due = fixture.outbox.db.read(|view| send_queue::due(view, START, 1)).unwrap().remove(0);
        let outcome = SendOutcome::Sent(Some(MessageId(11)));
        fixture.outbox.unrecorded(|all| all.outcomes.insert(due.id, (due, outcome)));
        tell();
        assert_eq!(fixture.send().await, 2);
        let calls = fixture.server.calls();
        assert_eq!((calls.len(), &calls[0].json()["message_id"]), (1, &json!(11)));
    }

    #[tokio::test]
    async fn answers_find_a_way_past_a_crowd_of_slow_news() {
        let fixture = fixture((0..20).map(|_| Answer::HangUp).collect()).await;
        let mut in_flight = InFlight::default();
        for slow in 0..30 {
            let never = std::future::pending();
            if in_flight.has_room_for(Lane::News) {
                let to = UserId(1000 + slow);
                in_flight.start(Sending { to, lane: Lane::News, edits: None }, never);
            }
        }
        let (to, held) = (BEN, Notification::OrderHeld { order: None });
        let db = &fixture.outbox.db;
        db.write(move |tx| outbox::put_notification(tx, to, &held, "order 1")).unwrap();
        fixture.put(ANN, "an answer", None);
        fixture.outbox.start_due(&mut in_flight).await.unwrap();
        let is_busy = |to, lane| in_flight.is_busy_with(Sending { to, lane, edits: None });
        assert!(is_busy(ANN, Lane::Answers));
        assert!(!is_busy(BEN, Lane::News), "the rest is for answers");
    }

    /// A clock that advances by a millisecond each time it is read.
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
    async fn time_that_passes_while_the_database_is_read_delays_nothing() {
        let mut fixture = fixture(vec![]).await;
        let clock: Arc<dyn Clock> = Arc::new(Ticking(AtomicI64::new(START.0)));
        let db = Db::open(fixture.outbox.db.path(), Arc::clone(&clock)).unwrap();
        fixture.outbox.db = Arc::new(db);
        fixture.outbox.pace = Arc::new(Pace::new(clock, 30.0, 1.0));
        fixture.put(ANN, "one", None);
        assert_eq!(fixture.send().await, 1);
    }

    #[tokio::test]
    async fn the_loop_is_notified_and_ends_when_the_bot_shuts_down() {
        let fixture = fixture(vec![]).await;
        let stop = Stop::new(&fixture.outbox.db.notifiers);
        let (outbox, signal) = (fixture.outbox.clone(), stop.clone());
        let run = tokio::spawn(async move { outbox.run(&signal).await });
        fixture.put(ANN, "one", None);
        while fixture.waiting() > 0 {
            tokio::task::yield_now().await;
        }
        stop.set();
        run.await.unwrap();
        assert_eq!(fixture.texts(), ["one"]);
    }
}
