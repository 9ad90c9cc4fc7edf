//! Fetches updates: they are stored first, and only then confirmed to Telegram.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;
use serde_json::Value;
use teloxide::requests::Payload;

use crate::chat::settings::LiveSettings;
use crate::domain::id::UserId;
use crate::service::{notify::Channel, outage::Outage, pulse::Beat, stop::Stop};
use crate::store::{db::Db, error::StoreError, inbox, tx::Tx};
use crate::telegram::{
    answer::Answerer,
    blocking::blocking,
    bot::Bot,
    checkouts::Checkouts,
    error::TelegramError,
    pause::{pause, stopped},
    received::{ReceivedUpdate, stored},
    setup::identify,
    streak::{PollEnd, PollFault, Streak},
    toasts::Toasts,
    unconfirmed::Unconfirmed,
};

/// How long Telegram may hold a request while there is no update.
pub(crate) const LONG_POLL: Duration = Duration::from_secs(50);

/// The same while the run does not know yet whether it is alone: what it took over waits for the
/// answer, and another program asks again a second after it was refused.
const FIRST_POLL: Duration = Duration::from_secs(2);

/// The time between two requests while Telegram answers each at once, with what it was not told of
/// yet: a tap in between is answered that much later.
const PACE: Duration = Duration::from_millis(200);

/// How much longer than that the answer may take.
const GRACE: Duration = Duration::from_secs(15);

/// The kinds of updates to fetch. The list is sent each time: without it the setting
/// of an earlier program would stay.
const KINDS: &[&str] =
    &["message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query"];

/// How many taps from before a restart are answered.
const OLD_TAPS: u32 = 1000;

/// getUpdates. teloxide's own payload counts updates with 32 bits.
#[derive(Clone, Debug, Serialize)]
struct GetUpdates {
    offset: i64,
    limit: u8,
    timeout: u64,
    allowed_updates: &'static [&'static str],
}

impl Payload for GetUpdates {
    type Output = Value;

    const NAME: &'static str = "GetUpdates";
}

/// Fetches updates. There must be one per bot.
pub struct Poller {
    bot: Bot,
    db: Arc<Db>,
    answerer: Answerer,
    checkouts: Checkouts,
    unconfirmed: Mutex<Unconfirmed>,
    /// The log of refusals though the token is right.
    refused: Outage,
}

impl Poller {
    /// Fetches this bot's updates into that database, and answers taps with these words.
    pub fn new(bot: Bot, db: Arc<Db>, settings: Arc<LiveSettings>, toasts: Arc<Toasts>) -> Self {
        let checkouts = Checkouts::new(bot.clone(), Arc::clone(&db), settings);
        let answerer = Answerer::new(bot.clone(), Arc::clone(&db.clock), toasts);
        let refused = Outage::new(
            "Telegram refuses updates, though it knows the token",
            "Telegram gives updates again",
        );
        let refused =
            refused.hint("check telegram.api_url; it is tried again, and nothing is lost");
        let unconfirmed = Mutex::new(Unconfirmed::new(Duration::ZERO));
        Self { bot, db, answerer, checkouts, unconfirmed, refused }
    }

    /// The same, which tells Telegram only so long after an update was stored that it has arrived:
    /// by then a copy of the database elsewhere has it too.
    #[must_use]
    pub fn confirming_after(self, lag: Duration) -> Self {
        Self { unconfirmed: Mutex::new(Unconfirmed::new(lag)), ..self }
    }

    /// The same, which waits so long for the word for a tap: a story knows no haste.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { answerer: self.answerer.with_patience(patience), ..self }
    }

    /// Fetches and stores one batch, for which Telegram may wait `timeout`, and returns
    /// how many updates it had.
    pub async fn poll_once(&self, timeout: Duration) -> Result<usize, PollFault> {
        // What was stored since would be lost once it is confirmed; so the next run gets it.
        self.db.health.expect_no_loss()?;
        let payload = GetUpdates {
            offset: self.unconfirmed().offset(self.db.clock.now()),
            limit: 100,
            timeout: timeout.as_secs(),
            allowed_updates: KINDS,
        };
        let answer = self.bot.call_for_list(&payload, timeout + GRACE).await;
        self.note_others(answer.as_ref().err());
        let updates = answer?;
        self.db.pulse.beat(Beat::Poll);
        let read = |body: String| (ReceivedUpdate::read(&body), body);
        let mut updates: Vec<_> = updates.into_iter().map(read).collect();
        updates.retain(|(received, _)| !self.knows(received));
        if updates.is_empty() {
            return Ok(0);
        }
        let batch: Vec<_> = updates.into_iter().filter_map(|update| self.accept(update)).collect();
        let numbers: Vec<_> = batch.iter().map(|(number, ..)| *number).collect();
        if numbers.is_empty() {
            return Err(unnumbered().into());
        }
        self.store(batch).await?;
        self.unconfirmed().stored(&numbers, self.db.clock.now());
        Ok(numbers.len())
    }

    /// Whether an update only comes again because Telegram was not told that it has arrived.
    fn knows(&self, received: &ReceivedUpdate) -> bool {
        received.number.is_some_and(|number| self.unconfirmed().has(number))
    }

    fn unconfirmed(&self) -> MutexGuard<'_, Unconfirmed> {
        self.unconfirmed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches updates until the bot shuts down.
    pub async fn run(&self, stop: &Stop) -> Result<(), PollEnd> {
        if let Err(error) = self.answer_old_queries().await {
            tracing::error!(%error, "the taps from before the start could not be read");
        }
        let mut streak = Streak::default();
        loop {
            let is_confirmed = self.unconfirmed().is_empty(self.db.clock.now());
            if !is_confirmed && !pause(stop, PACE).await {
                return Ok(());
            }
            let timeout = match self.db.run.is_new() {
                _ if !is_confirmed => Duration::ZERO,
                true => FIRST_POLL,
                false => LONG_POLL,
            };
            let polled = tokio::select! {
                biased;
                () = stopped(stop) => return Ok(()),
                polled = self.poll_once(timeout) => polled,
            };
            let Err(fault) = polled else {
                self.refused.worked();
                streak = Streak::default();
                continue;
            };
            let fault = self.confirmed(fault).await;
            let wait = streak.after(fault, self.db.clock.now())?;
            if !pause(stop, self.db.clock.real(wait)).await {
                return Ok(());
            }
        }
    }

    /// A refusal of the token as getMe sees it: only where that refuses it too it may be wrong.
    async fn confirmed(&self, fault: PollFault) -> PollFault {
        let PollFault::Telegram(TelegramError::TokenWrong(text)) = fault else { return fault };
        match identify(&self.bot).await {
            Ok(_) => {
                self.refused.failed(&text);
                TelegramError::Down(text).into()
            }
            Err(error) => error.into(),
        }
    }

    /// Notes what an answer to getUpdates says about other programs with this token.
    fn note_others(&self, error: Option<&TelegramError>) {
        match error {
            None if self.db.run.answered() => {
                self.db.notifiers.get(Channel::Work).notify_one();
            }
            Some(TelegramError::Conflict(_)) => self.db.run.met_another(self.db.clock.now()),
            _ => {}
        }
    }

    /// Answers the taps and checkouts that were stored and not handled before the program ended.
    pub async fn answer_old_queries(&self) -> Result<(), StoreError> {
        let (db, now) = (Arc::clone(&self.db), self.db.clock.now());
        let waiting = blocking(move || db.read(|view| inbox::waiting(view, now, OLD_TAPS))).await?;
        for pending in waiting {
            self.answer(ReceivedUpdate::read(&pending.body));
        }
        Ok(())
    }

    /// Answers the tap or the checkout in an update, if it is one, and returns what is stored of the update
    /// with its number and its person. One without a number can be neither stored nor confirmed.
    fn accept(
        &self,
        (received, update): (ReceivedUpdate, String),
    ) -> Option<(i64, Option<UserId>, String)> {
        let (number, person) = (received.number, received.person);
        self.answer(received);
        if number.is_none() {
            tracing::warn!("an update without a number was skipped");
        }
        Some((number?, person, stored(update)))
    }

    fn answer(&self, received: ReceivedUpdate) {
        if let Some(tap) = received.tap {
            self.answerer.answer(&tap);
        }
        if let Some(checkout) = received.checkout {
            self.checkouts.refuse(checkout);
        }
    }

    async fn store(&self, batch: Vec<(i64, Option<UserId>, String)>) -> Result<(), StoreError> {
        let db = Arc::clone(&self.db);
        let add = move |tx: &Tx<'_>| {
            let mut updates = batch.iter();
            updates.try_for_each(|(id, person, body)| inbox::add(tx, *id, *person, body).map(drop))
        };
        blocking(move || db.write(add)).await
    }
}

/// Without a number nothing can be confirmed: the same updates would come again at
/// once and for ever, so a batch with no others is a fault to wait after.
fn unnumbered() -> TelegramError {
    TelegramError::Unknown("getUpdates returned only updates without a number".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::settings::Settings;
    use crate::clock::SystemClock;
    use crate::domain::time::Timestamp;
    use crate::telegram::scripted::{Answer, Scripted, scripted};

    struct Fixture {
        server: Scripted,
        poller: Poller,
        _folder: tempfile::TempDir,
    }

    async fn fixture(script: Vec<Answer>) -> Fixture {
        let (server, bot) = scripted(script).await;
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SystemClock);
        let db = Arc::new(Db::open(&folder.path().join("reelbot.db"), clock).unwrap());
        let poller = Poller::new(bot, db, Settings::default().live(), Arc::default());
        Fixture { server, poller, _folder: folder }
    }

    impl Fixture {
        fn stored(&self) -> Vec<String> {
            let rows =
                self.poller.db.read(|view| inbox::waiting(view, Timestamp(i64::MAX), 100)).unwrap();
            rows.into_iter().map(|row| row.body).collect()
        }
    }

    fn update(id: i64) -> Value {
        json!({"update_id": id, "message": {"message_id": 1, "text": "привет"}})
    }

    #[tokio::test]
    async fn a_batch_is_stored_before_it_is_confirmed() {
        let odd = json!({"update_id": "nine"});
        let batch = Answer::ok(&json!([update(7), odd, update(9_000_000_000), update(8)]));
        let fixture = fixture(vec![batch, Answer::ok(&json!([update(8)]))]).await;
        assert_eq!(fixture.poller.poll_once(LONG_POLL).await.unwrap(), 3);
        assert_eq!(fixture.stored().len(), 3);
        assert_eq!(fixture.poller.poll_once(LONG_POLL).await.unwrap(), 1);
        assert_eq!(fixture.stored().len(), 3, "a repeated update is known");
        let calls = fixture.server.calls();
        assert_eq!(calls[0].json()["offset"], 0);
        assert_eq!(calls[1].json()["offset"], 9_000_000_001_i64);
        for call in calls {
            assert_eq!(call.json()["allowed_updates"], json!(KINDS));
            assert_eq!(call.json()["timeout"], 50);
        }
    }

    #[tokio::test]
    async fn what_telegram_is_not_told_of_yet_comes_again_and_is_known() {
        let answers = [vec![7], vec![7, 8], vec![7, 8]]
            .map(|ids| Answer::ok(&ids.into_iter().map(update).collect::<Vec<_>>().into()));
        let fixture = fixture(answers.into()).await;
        let poller = fixture.poller.confirming_after(Duration::from_hours(1));
        for new in [1, 1, 0] {
            assert_eq!(poller.poll_once(LONG_POLL).await.unwrap(), new);
        }
        let offsets: Vec<_> =
            fixture.server.calls().iter().map(|call| call.json()["offset"].clone()).collect();
        assert_eq!(offsets, [0, 7, 7]);
        let stored = poller.db.read(|view| inbox::waiting(view, Timestamp(i64::MAX), 9)).unwrap();
        assert_eq!(stored.len(), 2);
    }

    #[tokio::test]
    async fn an_unreadable_update_holds_up_no_other() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        for odd in ["\"\\ud800\"", "1e999", deep.as_str()] {
            let odd = format!("{{\"update_id\":8,\"message\":{{\"text\":{odd}}}}}");
            let list = format!("{{\"ok\":true,\"result\":[{},{odd},{}]}}", update(7), update(9));
            let fixture = fixture(vec![Answer::text(200, &list), Answer::ok(&json!([]))]).await;
            assert_eq!(fixture.poller.poll_once(LONG_POLL).await.unwrap(), 3);
            fixture.poller.poll_once(LONG_POLL).await.unwrap();
            assert_eq!(fixture.server.calls()[1].json()["offset"], 10);
            assert_eq!(fixture.stored(), [update(7).to_string(), odd, update(9).to_string()]);
        }
    }

    #[tokio::test]
    async fn a_failed_poll_does_not_move_the_offset() {
        let fixture = fixture(vec![
            Answer::ok(&json!({"not": "a list"})),
            Answer::text(502, "<html>"),
            Answer::ok(&json!([])),
        ])
        .await;
        assert!(fixture.poller.poll_once(LONG_POLL).await.is_err());
        assert!(fixture.poller.poll_once(LONG_POLL).await.is_err());
        assert_eq!(fixture.poller.poll_once(LONG_POLL).await.unwrap(), 0);
        assert!(fixture.server.calls().iter().all(|call| call.json()["offset"] == 0));
    }

    #[tokio::test]
    async fn updates_that_can_never_be_confirmed_are_a_fault_and_not_fetched_again_at_once() {
        let odd = json!([{"message": {}}, 7, null]);
        let fixture = fixture(vec![Answer::ok(&odd)]).await;
        let polled = fixture.poller.poll_once(LONG_POLL).await;
        assert!(matches!(polled, Err(PollFault::Telegram(TelegramError::Unknown(_)))));
    }

    #[tokio::test]
    async fn a_token_is_wrong_when_getme_says_so_too() {
        let refused = || Answer::error(401, "Unauthorized");
        let fixture = fixture(vec![refused(), refused(), refused(), Answer::ok(&json!({"id": 1}))]);
        let fixture = fixture.await;
        let confirmed = || async {
            let fault = fixture.poller.poll_once(LONG_POLL).await.unwrap_err();
            fixture.poller.confirmed(fault).await
        };
        let wrong = confirmed().await;
        assert!(matches!(wrong, PollFault::Telegram(TelegramError::TokenWrong(_))), "{wrong}");
        let slip = confirmed().await;
        assert!(matches!(slip, PollFault::Telegram(TelegramError::Down(_))), "{slip}");
        assert_eq!(fixture.server.methods(), ["GetUpdates", "GetMe", "GetUpdates", "GetMe"]);
    }

    #[tokio::test]
    async fn the_loop_ends_when_the_bot_shuts_down() {
        let fixture = fixture(vec![]).await;
        let stop = Stop::new(&fixture.poller.db.notifiers);
        stop.set();
        assert_eq!(fixture.poller.run(&stop).await, Ok(()));
    }

    #[tokio::test]
    async fn nothing_more_is_confirmed_once_the_database_is_lost() {
        let fixture = fixture(vec![Answer::ok(&json!([update(7)]))]).await;
        assert_eq!(fixture.poller.poll_once(LONG_POLL).await.unwrap(), 1);
        let moved = StoreError::new(crate::store::error::StoreErrorKind::Moved, "it is gone");
        fixture.poller.db.health.failed(&moved);
        let polled = fixture.poller.poll_once(LONG_POLL).await;
        assert!(matches!(polled, Err(PollFault::Store(_))), "{polled:?}");
        assert_eq!(fixture.server.calls().len(), 1);
    }

    #[tokio::test]
    async fn an_answer_without_a_conflict_tells_a_run_that_it_is_alone() {
        let conflict = || Answer::error(409, "Conflict: terminated by other getUpdates request");
        for (answers, waits) in [
            (vec![Answer::ok(&json!([]))], false),
            (vec![Answer::text(502, "<html>")], true),
            (vec![conflict()], true),
            (vec![conflict(), Answer::ok(&json!([]))], true),
        ] {
            let calls = answers.len();
            let fixture = fixture(answers).await;
            let (run, now) = (&fixture.poller.db.run, fixture.poller.db.clock.now());
            run.open(now, Vec::new(), now);
            for _ in 0..calls {
                let _ = fixture.poller.poll_once(Duration::ZERO).await;
            }
            assert_eq!(run.waits_until(now).is_some(), waits);
        }
    }

    #[tokio::test]
    async fn a_tap_is_answered_as_it_arrives_and_once_more_after_a_restart() {
        let tap = json!({"update_id": 1, "callback_query": {"id": "44"}});
        let fixture = fixture(vec![Answer::ok(&json!([tap]))]).await;
        let answers = || {
            let methods = fixture.server.methods();
            methods.iter().filter(|method| *method == "AnswerCallbackQuery").count()
        };
        fixture.poller.poll_once(LONG_POLL).await.unwrap();
        while answers() < 1 {
            tokio::task::yield_now().await;
        }
        fixture.poller.answer_old_queries().await.unwrap();
        while answers() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(fixture.stored(), [tap.to_string()]);
    }
}
