//! What the bot does at the start: it asks for its name and registers its commands.

use std::time::Duration;

use serde_json::Value;
use teloxide::{
    payloads::{GetMe, SetMyCommands},
    types::BotCommand,
};

use crate::chat::{
    commands::commands,
    settings::{LiveSettings, Settings},
    words::Words,
};
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

/// The call that sets the list of commands in a language.
pub(crate) fn command_list(words: &Words, language: Language) -> SetMyCommands {
    let listed = commands(&words.voice(language));
    SetMyCommands::new(listed.into_iter().map(|(name, text)| BotCommand::new(name, text)))
}

/// Registers the list of commands for the speakers of each language, as the texts are chosen, and
/// one without a language for all others. Without it the bot works all the same, so a failure is
/// only logged.
pub(crate) async fn register_commands(bot: &Bot, settings: &Settings) {
    let own = Language::ALL.map(|language| (Some(language.code()), language));
    let beside = Language::BESIDE_RUSSIAN.map(|code| (Some(code), Language::Ru));
    let others = (None, settings.language);
    for (code, language) in own.into_iter().chain(beside).chain([others]) {
        let mut payload = command_list(&settings.words, language);
        payload.language_code = code.map(str::to_owned);
        if let Err(error) = bot.call(&payload, CALL).await {
            tracing::warn!(%error, language = code.unwrap_or("any"), "no list of commands");
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
    let listed = |settings: &Settings| {
        let lists = Language::ALL.map(|language| commands(&settings.words.voice(language)));
        (settings.language, lists)
    };
    let mut registered = None;
    while !stop.is_set() {
        let current = settings.load_full();
        let lists = listed(&current);
        if registered.as_ref() != Some(&lists) {
            register_commands(bot, &current).await;
            registered = Some(lists);
            notifiers.get(Channel::Menus).notify_one();
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
    use crate::telegram::scripted::{Answer, Call, scripted};

    #[tokio::test]
    async fn a_bare_getme_is_enough() {
        let bare = Answer::ok(&json!({"id": 42, "username": "reel_bot"}));
        let (_server, bot) = scripted(vec![bare, Answer::error(401, "Unauthorized")]).await;
        let name = BotName { id: 42, username: "reel_bot".into() };
        assert_eq!(identify(&bot).await, Ok(name));
        assert_eq!(identify(&bot).await, Err(TelegramError::TokenWrong("Unauthorized".into())));
    }

    #[tokio::test]
    async fn each_language_has_its_commands_and_the_fallback_is_for_everybody() {
        for fallback in Language::ALL {
            let (server, bot) = scripted(vec![Answer::error(400, "Bad Request: no")]).await;
            let settings = Settings { language: fallback, ..Settings::default() };
            register_commands(&bot, &settings).await;
            let described = |language| {
                let listed = commands(&Words::shipped().voice(language));
                json!(listed[0].1)
            };
            let lists: Vec<(Value, Value)> = server
                .calls()
                .iter()
                .map(Call::json)
                .map(|call| (call["language_code"].clone(), call["commands"][0].clone()))
                .collect();
            let expected = [
                ("ru", Language::Ru),
                ("en", Language::En),
                ("uk", Language::Ru),
                ("be", Language::Ru),
                ("kk", Language::Ru),
                ("uz", Language::Ru),
                ("ky", Language::Ru),
                ("tg", Language::Ru),
                ("hy", Language::Ru),
            ];
            let expected = expected.map(|(code, language)| (json!(code), language));
            let expected = expected.into_iter().chain([(Value::Null, fallback)]);
            let expected = expected.map(|(code, language)| {
                (code, json!({"command": "start", "description": described(language)}))
            });
            assert_eq!(lists, expected.collect::<Vec<_>>());
        }
    }
}
