//! What the bot does at the start: it asks for its name and registers its commands.

use std::time::Duration;

use serde_json::Value;
use teloxide::{
    payloads::{GetMe, SetMyCommands},
    types::BotCommand,
};

use crate::chat::{commands::commands, settings::LiveSettings, words::Words};
use crate::domain::user::Language;
use crate::service::{
    notify::{Channel, Notifiers},
    stop::Stop,
};
use crate::telegram::{
    bot::{Bot, CALL},
    error::TelegramError,
    pause::{pause, stopped},
};

/// The time between two attempts while Telegram does not answer.
const RETRY: Duration = Duration::from_secs(10);

/// The bot's identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BotName {
    /// Its Telegram id.
    pub id: i64,
    /// Without the `@`; empty where Telegram does not name it.
    pub username: String,
}

/// Asks Telegram for the bot's identity, which proves that the token is right.
pub(crate) async fn identify(bot: &Bot) -> Result<BotName, TelegramError> {
    let me = bot.call(&GetMe::new(), CALL).await?;
    let id = me.get("id").and_then(Value::as_i64);
    let id = id.ok_or_else(|| TelegramError::Unknown("getMe returned no id".to_owned()))?;
    let username = me.get("username").and_then(Value::as_str).unwrap_or_default();
    Ok(BotName { id, username: username.to_owned() })
}

/// Registers the list of commands in each language. Without it the bot works
/// all the same, so a failure is only logged.
pub(crate) async fn register_commands(bot: &Bot, words: &Words) {
    for language in Language::ALL {
        let listed = commands(&words.voice(language));
        let listed = listed.into_iter().map(|(name, text)| BotCommand::new(name, text));
        let mut payload = SetMyCommands::new(listed);
        // The list without a language is for everybody whose language has none.
        let for_everybody = language == Language::default();
        payload.language_code = (!for_everybody).then(|| language.code().to_owned());
        if let Err(error) = bot.call(&payload, CALL).await {
            tracing::warn!(%error, language = language.code(), "no list of commands");
        }
    }
}

/// Asks until Telegram answers, then registers the commands, and again when their words change.
pub(crate) async fn set_up(bot: &Bot, settings: &LiveSettings, notifiers: &Notifiers, stop: &Stop) {
    loop {
        match identify(bot).await {
            Ok(name) => {
                tracing::info!(bot = name.username, "Telegram knows the bot");
                return keep_commands(bot, settings, notifiers, stop).await;
            }
            // Where the token is wrong indeed, the poller ends the run.
            Err(error) => tracing::debug!(%error, "Telegram does not answer yet"),
        }
        if !pause(stop, RETRY).await {
            return;
        }
    }
}

async fn keep_commands(bot: &Bot, settings: &LiveSettings, notifiers: &Notifiers, stop: &Stop) {
    let listed = |words: &Words| Language::ALL.map(|language| commands(&words.voice(language)));
    let mut registered = None;
    while !stop.is_set() {
        let current = settings.load_full();
        let lists = listed(&current.words);
        if registered.as_ref() != Some(&lists) {
            register_commands(bot, &current.words).await;
            registered = Some(lists);
        }
        tokio::select! {
            () = stopped(stop) => {}
            () = notifiers.get(Channel::Settings).notified() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::telegram::scripted::{Answer, scripted};

    #[tokio::test]
    async fn a_bare_getme_is_enough() {
        let bare = Answer::ok(&json!({"id": 42, "username": "reel_bot"}));
        let (_server, bot) = scripted(vec![bare, Answer::error(401, "Unauthorized")]).await;
        let name = BotName { id: 42, username: "reel_bot".into() };
        assert_eq!(identify(&bot).await, Ok(name));
        assert_eq!(identify(&bot).await, Err(TelegramError::TokenWrong("Unauthorized".into())));
    }

    #[tokio::test]
    async fn each_language_has_its_commands_and_english_is_for_everybody() {
        let (server, bot) = scripted(vec![Answer::error(400, "Bad Request: no")]).await;
        register_commands(&bot, &Words::shipped()).await;
        let calls = server.calls();
        assert_eq!(server.methods(), ["SetMyCommands", "SetMyCommands"]);
        assert_eq!(calls[0].json()["language_code"], "ru");
        assert_eq!(calls[1].json().get("language_code"), None);
        assert_eq!(calls[1].json()["commands"][0]["command"], "start");
    }
}
