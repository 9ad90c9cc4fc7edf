//! Whether Telegram pushes the bot's updates to a web address: while it does, they cannot be fetched.

use serde::Serialize;
use serde_json::Value;
use teloxide::payloads::{DeleteWebhook, GetWebhookInfo};

use crate::telegram::{
    bot::{Bot, CALL},
    error::TelegramError,
};

/// What Telegram knows of a bot's webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Webhook {
    /// Where updates are pushed; empty: nowhere, so they can be fetched.
    pub url: String,
    /// How many updates wait at Telegram.
    pub pending: u64,
    /// Why the last push failed, if one did.
    pub last_error: Option<String>,
}

/// Asks for the webhook.
pub(crate) async fn webhook(bot: &Bot) -> Result<Webhook, TelegramError> {
    let info = bot.call(&GetWebhookInfo::new(), CALL).await?;
    let text = |name: &str| info.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(Webhook {
        url: text("url").unwrap_or_default(),
        pending: info.get("pending_update_count").and_then(Value::as_u64).unwrap_or_default(),
        last_error: text("last_error_message"),
    })
}

/// Ends the pushing. The updates that wait are kept: a payment may be among them.
pub(crate) async fn delete_webhook(bot: &Bot) -> Result<(), TelegramError> {
    let mut payload = DeleteWebhook::new();
    payload.drop_pending_updates = Some(false);
    bot.call(&payload, CALL).await.map(drop)
}
