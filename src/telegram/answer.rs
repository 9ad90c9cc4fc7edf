//! Taps are answered within a second, so that the button stops showing a spinner: with the word of
//! the action if it is done by then, else without one.

use std::{sync::Arc, time::Duration};

use teloxide::payloads::AnswerCallbackQuery;
use tokio::sync::{Semaphore, oneshot::Receiver};

use crate::chat::{check::MAX_TOAST, text::cut};
use crate::domain::ports::Clock;
use crate::telegram::{bot::Bot, error::TelegramError, toasts::Toasts};

/// Answers that are sent at the same time.
const AT_ONCE: usize = 32;

/// Answers that may wait for their turn: forty full batches of updates, in a few megabytes. A
/// flood beyond it goes unanswered, which costs its sender a spinner on the button.
const QUEUE: usize = 4000;

/// How long the action's word is waited for. In real time, however fast the bot's clock runs: it is
/// the person who waits, and the action takes as long as it takes.
const WORD: Duration = Duration::from_millis(700);

/// How long one answer may take. Telegram forgets a tap after 150 s in any case.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The wait before an answer is tried again, once.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers taps.
#[derive(Clone)]
pub(crate) struct Answerer {
    bot: Bot,
    clock: Arc<dyn Clock>,
    toasts: Arc<Toasts>,
    patience: Duration,
    queue: Arc<Semaphore>,
    calls: Arc<Semaphore>,
}

impl Answerer {
    /// Answers with this bot, and with these words.
    pub(crate) fn new(bot: Bot, clock: Arc<dyn Clock>, toasts: Arc<Toasts>) -> Self {
        let queue = Arc::new(Semaphore::new(QUEUE));
        let calls = Arc::new(Semaphore::new(AT_ONCE));
        Self { bot, clock, toasts, patience: WORD, queue, calls }
    }

    /// The same, which waits so long for a word.
    pub(crate) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Answers a tap, in a task of its own. To be called before the tap is stored: what the action
    /// says from then on is not missed.
    pub(crate) fn answer(&self, tap: &str) {
        let Ok(queued) = Arc::clone(&self.queue).try_acquire_owned() else {
            tracing::warn!("more taps than can be answered");
            return;
        };
        let (answerer, tap) = (self.clone(), tap.to_owned());
        let word = self.toasts.expect(&tap);
        tokio::spawn(async move {
            match word {
                Some(word) => answerer.answer_with(&tap, word).await,
                None => answerer.send(&tap, None).await,
            }
            drop(queued);
        });
    }

    /// Answers a tap with the word that its action says in time.
    async fn answer_with(&self, tap: &str, word: Receiver<Option<String>>) {
        match tokio::time::timeout(self.patience, word).await {
            Ok(Ok(word)) => self.send(tap, word).await,
            // The same tap came again, and is answered there.
            Ok(Err(_)) => {}
            Err(_) => {
                self.toasts.forget(tap);
                self.send(tap, None).await;
            }
        }
    }

    async fn send(&self, tap: &str, word: Option<String>) {
        let Ok(_permit) = self.calls.acquire().await else { return };
        let mut payload = AnswerCallbackQuery::new(tap.to_owned().into());
        payload.text = word.map(|word| cut(&word, MAX_TOAST));
        match self.bot.call_twice(&payload, TIMEOUT, self.clock.real(PAUSE)).await {
            Ok(_) | Err(TelegramError::QueryTooOld) => {}
            Err(error) if error.passes() => {
                tracing::debug!(%error, "a tap could not be answered");
            }
            Err(error) => tracing::warn!(%error, "a tap could not be answered"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::domain::time::Timestamp;
    use crate::telegram::scripted::{Answer, Scripted, scripted};

    async fn answerer(script: Vec<Answer>) -> (Scripted, Answerer) {
        let (server, bot) = scripted(script).await;
        let clock = Arc::new(ManualClock::at(Timestamp(0)));
        (server, Answerer::new(bot, clock, Arc::default()))
    }

    async fn answered(script: Vec<Answer>) -> Vec<String> {
        let (server, answerer) = answerer(script).await;
        answerer.send("44", None).await;
        assert_eq!(server.calls()[0].json()["callback_query_id"], "44");
        assert_eq!(server.calls()[0].json().get("text"), None);
        server.methods()
    }

    #[tokio::test]
    async fn an_answer_that_comes_too_late_is_no_error_and_not_repeated() {
        let late = "Bad Request: query is too old and response timeout expired or query ID is \
                    invalid";
        assert_eq!(answered(vec![Answer::error(400, late)]).await, ["AnswerCallbackQuery"]);
    }

    #[tokio::test]
    async fn a_lost_answer_is_sent_once_more() {
        assert_eq!(answered(vec![Answer::HangUp, Answer::HangUp]).await.len(), 2);
    }

    #[tokio::test]
    async fn a_tap_is_answered_with_the_word_of_its_action() {
        let (server, answerer) = answerer(vec![]).await;
        answerer.toasts.say("early", Some("early".repeat(100)));
        for tap in ["early", "late", "none"] {
            answerer.answer(tap);
        }
        answerer.toasts.say("late", Some("<b>&".to_owned()));
        answerer.toasts.say("none", None);
        while server.calls().len() < 3 {
            tokio::task::yield_now().await;
        }
        for call in server.calls() {
            let call = call.json();
            let text = call["text"].as_str().unwrap_or_default();
            match call["callback_query_id"].as_str().unwrap() {
                "early" => assert_eq!(text.chars().count(), MAX_TOAST),
                "late" => assert_eq!(text, "<b>&"),
                _ => assert_eq!(text, ""),
            }
        }
    }

    #[tokio::test]
    async fn a_tap_whose_action_takes_its_time_is_answered_within_a_second() {
        let (server, answerer) = answerer(vec![]).await;
        let began = std::time::Instant::now();
        answerer.answer("44");
        while server.calls().is_empty() {
            tokio::task::yield_now().await;
        }
        assert!(began.elapsed() >= WORD && WORD < Duration::from_secs(1));
        answerer.toasts.say("44", Some("too late".to_owned()));
        assert_eq!(server.calls()[0].json().get("text"), None);
        answerer.answer("44");
        assert!(answerer.toasts.expect("44").is_some());
    }
}
