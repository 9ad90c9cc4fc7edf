//! Checkouts are answered by tasks of the poller: Telegram waits ten seconds, and the inbox may be
//! long. Nothing is sold here yet, so each is refused with a sentence, and nobody pays for nothing.

use std::{sync::Arc, time::Duration};

use teloxide::payloads::AnswerPreCheckoutQuery;

use crate::chat::{screens::hint, settings::LiveSettings};
use crate::domain::user::Language;
use crate::store::{db::Db, users};
use crate::telegram::{blocking::blocking, bot::Bot, error::TelegramError, received::Checkout};

/// How long one answer may take: two fit into Telegram's ten seconds.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The wait before an answer is tried again, once.
const PAUSE: Duration = Duration::from_millis(500);

/// Answers checkouts.
#[derive(Clone)]
pub(crate) struct Checkouts {
    bot: Bot,
    db: Arc<Db>,
    settings: Arc<LiveSettings>,
}

impl Checkouts {
    /// Answers with this bot, in the words of the settings.
    pub(crate) fn new(bot: Bot, db: Arc<Db>, settings: Arc<LiveSettings>) -> Self {
        Self { bot, db, settings }
    }

    /// Refuses a checkout, in a task of its own.
    pub(crate) fn refuse(&self, checkout: Checkout) {
        let checkouts = self.clone();
        tokio::spawn(async move { checkouts.refuse_now(checkout).await });
    }

    async fn refuse_now(&self, checkout: Checkout) {
        tracing::warn!(user.id = checkout.from.map(|from| from.0), "a checkout is refused");
        let language = self.language(&checkout).await;
        let reason = hint::no_payments(&self.settings.load().words.voice(language));
        let mut payload = AnswerPreCheckoutQuery::new(checkout.id.into(), false);
        payload.error_message = Some(reason);
        let pause = self.db.clock.real(PAUSE);
        match self.bot.call_twice(&payload, TIMEOUT, pause).await {
            Ok(_) | Err(TelegramError::QueryTooOld) => {}
            Err(error) => tracing::warn!(%error, "a checkout could not be answered"),
        }
    }

    /// The person's language; as their app tells it where the database does not.
    async fn language(&self, checkout: &Checkout) -> Language {
        let (db, from) = (Arc::clone(&self.db), checkout.from);
        let found =
            blocking(move || db.read(|view| from.map_or(Ok(None), |id| users::find(view, id))));
        if let Ok(Some(user)) = found.await {
            return user.language;
        }
        Language::of(None, checkout.language_code.as_deref(), self.settings.load().language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::settings::Settings;
    use crate::clock::SystemClock;
    use crate::domain::id::UserId;
    use crate::store::users::Profile;
    use crate::telegram::scripted::{Answer, Scripted, scripted};

    async fn refused(
        script: Vec<Answer>,
        code: Option<&str>,
        chosen: Option<Language>,
    ) -> Scripted {
        let (server, bot) = scripted(script).await;
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("reelbot.db"), Arc::new(SystemClock)).unwrap();
        let id = UserId(7);
        if let Some(language) = chosen {
            let profile =
                Profile { id, username: None, first_name: "Ann".into(), language_code: None };
            db.write(move |tx| {
                users::see(tx, &profile)?;
                users::choose_language(tx, id, language)
            })
            .unwrap();
        }
        let checkouts = Checkouts::new(bot, Arc::new(db), Settings::default().live());
        let language_code = code.map(str::to_owned);
        let checkout = Checkout { id: "77".to_owned(), from: Some(id), language_code };
        checkouts.refuse_now(checkout).await;
        server
    }

    #[tokio::test]
    async fn a_checkout_is_refused_in_the_persons_language() {
        for (code, chosen, words) in [
            (Some("ru"), None, "Ничего не списано"),
            (None, None, "Ничего не списано"),
            (Some("en"), None, "not charged"),
            (Some("ru"), Some(Language::En), "not charged"),
        ] {
            let server = refused(vec![], code, chosen).await;
            let body = server.calls()[0].json();
            assert_eq!(server.methods(), ["AnswerPreCheckoutQuery"]);
            assert_eq!(
                (&body["pre_checkout_query_id"], &body["ok"]),
                (&"77".into(), &false.into())
            );
            let reason = body["error_message"].as_str().unwrap();
            assert!(reason.contains(words), "{reason}");
        }
    }

    #[tokio::test]
    async fn a_lost_answer_is_sent_once_more_and_a_late_one_is_not() {
        let late = "Bad Request: query is too old and response timeout expired or query ID is \
                    invalid";
        for (script, calls) in [
            (vec![Answer::HangUp, Answer::HangUp, Answer::HangUp], 2),
            (vec![Answer::error(400, late)], 1),
        ] {
            assert_eq!(refused(script, None, None).await.methods().len(), calls);
        }
    }
}
