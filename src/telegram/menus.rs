//! The command menu of each chat whose person chose a language. Telegram chooses a menu by the
//! language of their app, so such a chat has one of its own.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use teloxide::{
    payloads::SetMyCommands,
    types::{BotCommandScope, ChatId, Recipient},
};

use crate::chat::{commands::commands, settings::LiveSettings, words::Words};
use crate::domain::{id::UserId, user::Language};
use crate::service::{notify::Channel, stop::Stop};
use crate::store::{db::Db, error::StoreError, menus, users};
use crate::telegram::{
    blocking::blocking,
    bot::{Bot, CALL},
    error::TelegramError,
    pause::{pause, stopped},
    setup::command_list,
};

/// How many chats are read at once.
const BATCH: u32 = 50;

/// How long to wait after a call that failed.
const LATER: Duration = Duration::from_secs(30);

/// How long to wait without a notification: for those who took a block away since.
const IDLE: Duration = Duration::from_mins(10);

/// Sets the menus.
pub struct Menus {
    bot: Bot,
    db: Arc<Db>,
    settings: Arc<LiveSettings>,
}

impl Menus {
    /// Sets menus in the words of the settings in the chats that the database names.
    pub fn new(bot: Bot, db: Arc<Db>, settings: Arc<LiveSettings>) -> Self {
        Self { bot, db, settings }
    }

    /// Sets the menus that are due until the bot shuts down.
    pub(crate) async fn run(&self, stop: &Stop) {
        while !stop.is_set() {
            let wait = match self.set_due().await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::debug!(%error, "the menus cannot use the database");
                    Some(LATER)
                }
            };
            if let Some(wait) = wait {
                pause(stop, self.db.clock.real(wait)).await;
                continue;
            }
            tokio::select! {
                biased;
                () = stopped(stop) => {}
                () = self.db.notifiers.get(Channel::Menus).notified() => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// Sets every menu that is due: after a choice, after the end of a process that had not noted
    /// it, and where the commands or their texts have changed. Returns how long to wait where
    /// Telegram could not take one.
    pub async fn set_due(&self) -> Result<Option<Duration>, StoreError> {
        let settings = self.settings.load_full();
        for language in Language::ALL {
            let menu = name(&settings.words, language);
            loop {
                let (db, name) = (Arc::clone(&self.db), menu.clone());
                let due =
                    blocking(move || db.read(|view| menus::due(view, language, &name, BATCH)));
                let due = due.await?;
                if due.is_empty() {
                    break;
                }
                for user in due {
                    let list = command_list(&settings.words, language);
                    if let Some(wait) = self.set(user, list, &menu).await? {
                        return Ok(Some(wait));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Sets one menu. One that Telegram refuses counts as set: it would refuse it again.
    async fn set(
        &self,
        user: UserId,
        mut payload: SetMyCommands,
        menu: &str,
    ) -> Result<Option<Duration>, StoreError> {
        let chat_id = Recipient::Id(ChatId(user.0));
        payload.scope = Some(BotCommandScope::Chat { chat_id });
        let result = self.bot.call(&payload, CALL).await.map(drop);
        let is_blocked = match result {
            Ok(()) => false,
            Err(TelegramError::Blocked(_)) => true,
            Err(TelegramError::RetryAfter(wait)) => return Ok(Some(wait)),
            Err(error @ TelegramError::Refused(_)) => {
                tracing::warn!(%error, user.id = user.0, "the chat has no menu of its own");
                false
            }
            Err(error) => {
                tracing::debug!(%error, user.id = user.0, "the chat's menu is set later");
                return Ok(Some(LATER));
            }
        };
        let (db, menu) = (Arc::clone(&self.db), menu.to_owned());
        let noted =
            blocking(move || {
                db.write(move |tx| {
                    if is_blocked { users::block(tx, user) } else { menus::note(tx, user, &menu) }
                })
            });
        noted.await.map(|()| None)
    }
}

/// What a menu in this language is called in the database: the language and a hash of the
/// commands, so that changed texts reach the chats.
fn name(words: &Words, language: Language) -> String {
    let mut hasher = DefaultHasher::new();
    commands(&words.voice(language)).hash(&mut hasher);
    format!("{} {:016x}", language.code(), hasher.finish())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::chat::settings::Settings;
    use crate::clock::SystemClock;
    use crate::store::users::Profile;
    use crate::telegram::scripted::{Answer, Call, Scripted, scripted};

    struct Fixture {
        server: Scripted,
        menus: Menus,
        _folder: tempfile::TempDir,
    }

    const ANN: UserId = UserId(7);

    async fn fixture(script: Vec<Answer>) -> Fixture {
        let (server, bot) = scripted(script).await;
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SystemClock);
        let db = Arc::new(Db::open(&folder.path().join("reelbot.db"), clock).unwrap());
        let menus = Menus::new(bot, db, Settings::default().live());
        let profile =
            Profile { id: ANN, username: None, first_name: "Ann".into(), language_code: None };
        menus.db.write(move |tx| users::see(tx, &profile)).unwrap();
        Fixture { server, menus, _folder: folder }
    }

    impl Fixture {
        fn chooses(&self, language: Language) {
            self.menus.db.write(move |tx| users::choose_language(tx, ANN, language)).unwrap();
        }

        /// The languages of the menus that were set, by the first description.
        fn set(&self) -> Vec<&'static str> {
            let calls = self.server.calls();
            let bodies = calls.iter().map(Call::json);
            let first = |body: Value| {
                assert_eq!(body["scope"], json!({"type": "chat", "chat_id": 7}));
                assert_eq!(body.get("language_code"), None);
                let russian = commands(&Words::shipped().voice(Language::Ru));
                if body["commands"][0]["description"] == russian[0].1 { "ru" } else { "en" }
            };
            bodies.map(first).collect()
        }
    }

    #[tokio::test]
    async fn each_choice_sets_the_menu_once() {
        let fixture = fixture(vec![]).await;
        assert_eq!(fixture.menus.set_due().await.unwrap(), None);
        assert!(fixture.set().is_empty(), "nobody has chosen");
        for language in [Language::En, Language::Ru, Language::Ru] {
            fixture.chooses(language);
            fixture.menus.set_due().await.unwrap();
            fixture.menus.set_due().await.unwrap();
        }
        assert_eq!(fixture.set(), ["en", "ru", "ru"]);
    }

    #[tokio::test]
    async fn a_menu_that_was_set_and_not_noted_is_set_again() {
        let fixture = fixture(vec![]).await;
        fixture.chooses(Language::En);
        fixture.menus.set_due().await.unwrap();
        // The process dies after the call for Russian, and before its note; then the choice is taken
        // back: what the database knew last is not what the chat shows.
        fixture.chooses(Language::Ru);
        fixture.chooses(Language::En);
        fixture.menus.set_due().await.unwrap();
        assert_eq!(fixture.set(), ["en", "en"]);
        // And a call that comes to its end after another choice.
        let late = name(&Words::shipped(), Language::Ru);
        fixture.menus.db.write(move |tx| menus::note(tx, ANN, &late)).unwrap();
        fixture.menus.set_due().await.unwrap();
        assert_eq!(fixture.set(), ["en", "en", "en"]);
    }

    #[tokio::test]
    async fn other_texts_reach_the_chats_that_have_a_menu_of_their_own() {
        let fixture = fixture(vec![]).await;
        fixture.chooses(Language::En);
        fixture.menus.set_due().await.unwrap();
        let own = tempfile::tempdir().unwrap();
        std::fs::write(own.path().join("en.ftl"), "command-start = Begin anew").unwrap();
        let words = Words::new(Some(own.path())).unwrap();
        fixture.menus.settings.store(Arc::new(Settings { words, ..Settings::default() }));
        fixture.menus.set_due().await.unwrap();
        fixture.menus.set_due().await.unwrap();
        let calls = fixture.server.calls();
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[1].json()["commands"][0]["description"], "Begin anew");
    }

    #[tokio::test]
    async fn what_passes_is_tried_again_and_what_does_not_is_not() {
        let flood = json!({"ok": false, "error_code": 429, "description": "Too Many Requests",
            "parameters": {"retry_after": 7}});
        for (answer, wait, calls) in [
            (Answer::text(429, &flood.to_string()), Some(Duration::from_secs(7)), 2),
            (Answer::text(502, "<html>"), Some(LATER), 2),
            (Answer::error(401, "Unauthorized"), Some(LATER), 2),
            (Answer::error(400, "Bad Request: no"), None, 1),
            (Answer::error(403, "Forbidden: bot was blocked by the user"), None, 1),
        ] {
            let fixture = fixture(vec![answer]).await;
            fixture.chooses(Language::En);
            assert_eq!(fixture.menus.set_due().await.unwrap(), wait);
            assert_eq!(fixture.menus.set_due().await.unwrap(), None);
            assert_eq!(fixture.server.calls().len(), calls);
        }
    }
}
