//! Taps are answered at once, so that the button stops showing a spinner; what they ask for is
//! done later.

use std::{sync::Arc, time::Duration};

use teloxide::payloads::AnswerCallbackQuery;
use tokio::sync::Semaphore;

use crate::domain::ports::Clock;
use crate::telegram::{bot::Bot, error::TelegramError};

/// Answers that are sent at the same time.
const AT_ONCE: usize = 32;

/// Answers that may wait for their turn: forty full batches of updates, in a few megabytes. A
/// flood beyond it goes unanswered, which costs its sender a spinner on the button.
const QUEUE: usize = 4000;

/// How long one answer may take. Telegram forgets a tap after 150 s in any case.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The wait before an answer is tried again, once.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers taps.
#[derive(Clone)]
pub(crate) struct Answerer {
    bot: Bot,
    clock: Arc<dyn Clock>,
    queue: Arc<Semaphore>,
    calls: Arc<Semaphore>,
}

impl Answerer {
    /// Answers with this bot.
    pub(crate) fn new(bot: Bot, clock: Arc<dyn Clock>) -> Self {
        let queue = Arc::new(Semaphore::new(QUEUE));
        Self { bot, clock, queue, calls: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Answers a tap, in a task of its own.
    pub(crate) fn answer(&self, tap: &str) {
        let Ok(queued) = Arc::clone(&self.queue).try_acquire_owned() else {
            tracing::warn!("more taps than can be answered");
            return;
        };
        let (answerer, tap) = (self.clone(), tap.to_owned());
        tokio::spawn(async move {
            answerer.answer_now(&tap).await;
            drop(queued);
        });
    }

    async fn answer_now(&self, tap: &str) {
        let Ok(_permit) = self.calls.acquire().await else { return };
        let payload = AnswerCallbackQuery::new(tap.to_owned().into());
        let mut result = self.bot.call(&payload, TIMEOUT).await;
        if result.as_ref().is_err_and(TelegramError::passes) {
            tokio::time::sleep(self.clock.real(PAUSE)).await;
            result = self.bot.call(&payload, TIMEOUT).await;
        }
        match result {
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
    use crate::telegram::scripted::{Answer, scripted};

    async fn answered(script: Vec<Answer>) -> Vec<String> {
        let (server, bot) = scripted(script).await;
        let answerer = Answerer::new(bot, Arc::new(ManualClock::at(Timestamp(0))));
        answerer.answer_now("44").await;
        assert_eq!(server.calls()[0].json()["callback_query_id"], "44");
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
}
