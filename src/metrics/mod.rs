//! Numbers and health for programs that watch the bot, over HTTP on this machine.

pub(crate) mod registry;

pub(crate) mod server;
