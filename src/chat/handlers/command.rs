//! A command besides `/start`.

use crate::chat::{
    conversation::Conversation,
    handlers::{my::on_my, settings::on_settings, start::on_start, status::status},
    input::Command,
    reply::Reply,
    screens::{balance, help, hint, language},
};
use crate::store::{choices, error::StoreError};

/// Answers a command.
pub(crate) fn on_command(
    conversation: &mut Conversation<'_>,
    command: Command,
) -> Result<Reply, StoreError> {
    let (voice, settings) = (conversation.voice(), conversation.settings);
    let support = settings.support.as_str();
    Ok(Reply::Message(match command {
        Command::Menu => return on_start(conversation, None),
        Command::Cancel => return on_cancel(conversation),
        Command::My => return on_my(conversation),
        Command::Help => help::help(&voice, settings.listens()),
        Command::Balance => {
            let chosen = choices::find(conversation.tx, conversation.user.id)?.options();
            let price = settings.rules.offered.price_of(chosen);
            balance::balance(&voice, conversation.user.credits, price, support)
        }
        Command::Settings => return on_settings(conversation),
        Command::Language => language::choose(&voice),
        Command::Support => help::support(&voice, support),
        Command::Terms => help::terms(&voice),
        Command::Privacy => help::privacy(&voice),
        Command::PaySupport => help::pay_support(&voice, support),
    }))
}

/// Nothing is awaited any longer. What is there already keeps its buttons. What can be called off of the
/// person's orders, they may have meant.
fn on_cancel(conversation: &mut Conversation<'_>) -> Result<Reply, StoreError> {
    let status = status(conversation)?;
    if conversation.awaited().is_some() {
        let cancellable = status.filter(|status| !status.buttons.is_empty());
        return Ok(Reply::Message(hint::cancelled(&conversation.voice(), cancellable)));
    }
    match status {
        Some(status) => Ok(Reply::Message(status)),
        None => Ok(Reply::Hint(hint::nothing_to_cancel(&conversation.voice()))),
    }
}
