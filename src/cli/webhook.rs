//! `reelbot webhook …`: whether Telegram pushes the bot's updates elsewhere.

use std::{future::Future, path::Path};

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;

use crate::app::runtime;
use crate::cli::{
    context::Context,
    exit::{CliError, Exit},
    open::open,
    output::{note, print, print_done, print_json},
    run::no_token,
    table::shown,
};
use crate::config::{findings, load::Loaded};
use crate::telegram::{
    bot::Bot,
    error::TelegramError,
    setup::identify,
    webhook::{Webhook, delete_webhook, webhook},
};

const WEBHOOK: &str = "\
Examples:
  reelbot webhook show
  reelbot webhook delete";

const SHOW: &str = "\
Examples:
  reelbot webhook show
  reelbot webhook show --json";

const DELETE: &str = "\
Examples:
  reelbot webhook delete
  reelbot webhook delete --json
  reelbot webhook delete --config ./reelbot.toml";

/// Whether Telegram pushes the bot's updates to a web address.
///
/// While it does, they cannot be fetched, and `reelbot run` ends.
#[derive(Args, Clone, Debug)]
#[command(after_help = WEBHOOK)]
pub(crate) struct WebhookArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: WebhookCommand,
}

/// What can be done with the webhook.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Show where updates are pushed, and how many wait
    #[command(after_help = SHOW)]
    Show(WebhookForm),
    /// End the pushing; the updates that wait are kept
    #[command(after_help = DELETE)]
    Delete(WebhookForm),
}

/// The form of the answer.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct WebhookForm {
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What `webhook show --json` prints.
#[derive(Serialize)]
struct ShownWebhook {
    /// The name of the bot, without the `@`.
    bot: String,
    #[serde(flatten)]
    webhook: Webhook,
}

impl WebhookArgs {
    /// Runs the command.
    pub(crate) fn run(&self, context: &Context) -> Result<(), CliError> {
        let loaded = context.load()?;
        let telegram = &loaded.config.telegram;
        if telegram.token.is_empty() {
            return Err(no_token(context));
        }
        let bot = Bot::new(telegram).map_err(|e| CliError::because(Exit::Config, e))?;
        let mut found = answer(webhook(&bot))?;
        found.url = without_secrets(&found.url);
        match self.command {
            WebhookCommand::Show(form) if form.json => {
                let bot = answer(identify(&bot))?.username;
                print_json(&ShownWebhook { bot, webhook: found })
            }
            WebhookCommand::Show(_) => print(&described(&found)),
            WebhookCommand::Delete(form) => form.delete(context, &loaded, &bot, &found),
        }
    }
}

impl WebhookForm {
    fn delete(
        self,
        context: &Context,
        loaded: &Loaded,
        bot: &Bot,
        found: &Webhook,
    ) -> Result<(), CliError> {
        let is_set = !found.url.is_empty();
        let mut done = "there is no webhook\n".to_owned();
        if is_set {
            answer(delete_webhook(bot))?;
            log(context, loaded, &found.url);
            done = format!("the webhook is deleted; it was {}\n", found.url);
        }
        let json = self
            .json
            .then(|| json!({ "url": found.url, "pending": found.pending, "already": !is_set }));
        print_done(&done, json.as_ref());
        Ok(())
    }
}

/// Notes the deed where there is a database: a machine may have none yet. It is done, so what fails
/// here is only told.
fn log(context: &Context, loaded: &Loaded, url: &str) {
    if !loaded.database().is_ok_and(Path::exists) {
        return;
    }
    let (operator, url) = (context.operator.clone(), url.to_owned());
    let logged = open(loaded)
        .and_then(|db| Ok(db.write(move |tx| operator.log(tx, "webhook delete", &url, None))?));
    if let Err(failed) = logged {
        note(&format!("the operators' log was not written: {:#}", failed.error));
    }
}

/// Waits for Telegram's answer.
fn answer<T>(call: impl Future<Output = Result<T, TelegramError>>) -> Result<T, CliError> {
    let answer = runtime().map_err(anyhow::Error::from)?.block_on(call);
    answer.map_err(|error| match error {
        TelegramError::TokenWrong(_) => CliError::because(Exit::Config, error)
            .hint("copy the token again from @BotFather: /mybots, your bot, API Token"),
        _ => CliError::because(Exit::Unavailable, error)
            .hint("check the network, telegram.api_url and telegram.proxy, and try again"),
    })
}

fn described(found: &Webhook) -> String {
    let Webhook { url, pending, last_error } = found;
    if url.is_empty() {
        return format!("there is no webhook; {pending} updates wait to be fetched\n");
    }
    let error =
        last_error.as_ref().map_or(String::new(), |e| format!("; last error: {}", shown(e)));
    format!("updates are pushed to {url}; {pending} wait{error}\n")
}

/// Programs put tokens and passwords into the addresses of their webhooks.
fn without_secrets(url: &str) -> String {
    let (place, query) = url.split_once('?').map_or((url, ""), |(place, _)| (place, "?…"));
    shown(&findings::shown(place)) + query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_webhook_is_shown_without_its_secrets() {
        let url = "https://user:pass@h/hook/123456789:AAHs3cret?key=s3cret";
        assert_eq!(without_secrets(url), "https://…@h/hook/…?…");
        assert_eq!(without_secrets("https://h/x"), "https://h/x");
    }

    #[test]
    fn a_webhook_is_described_with_what_waits_and_what_failed() {
        let none = Webhook { pending: 3, ..Webhook::default() };
        assert_eq!(described(&none), "there is no webhook; 3 updates wait to be fetched\n");
        let last_error = Some("Connection refused".to_owned());
        let some = Webhook { url: "https://h/x".to_owned(), pending: 0, last_error };
        let text = "updates are pushed to https://h/x; 0 wait; last error: Connection refused\n";
        assert_eq!(described(&some), text);
    }
}
