//! A command besides `/start`.

use crate::chat::{
    conversation::Conversation,
    handlers::start::on_start,
    input::Command,
    reply::Reply,
    screens::{balance, help, language},
};
use crate::store::error::StoreError;

/// Answers a command.
pub(crate) fn on_command(
    conversation: &mut Conversation<'_>,
    command: Command,
) -> Result<Reply, StoreError> {
    let (voice, settings) = (conversation.voice(), conversation.settings);
    let (price, support) = (settings.rules.price, settings.support.as_str());
    Ok(Reply::Message(match command {
        Command::Menu => return on_start(conversation, false),
        Command::Help => help::help(&voice),
        Command::Balance => balance::balance(&voice, conversation.user.credits, price, support),
        Command::Language => language::choose(&voice),
        Command::Support => help::support(&voice, support),
        Command::Terms => help::terms(&voice),
        Command::Privacy => help::privacy(&voice),
        Command::PaySupport => help::pay_support(&voice, support),
    }))
}
