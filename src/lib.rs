//! reelbot turns a product photo into short AI videos, in a Telegram chat.
//!
//! This page is the map of the code. The modules stand in reading order, and
//! reading order is dependency order: each uses only modules above it, so
//! there is no circle. Data falls through the floors once: input → screen →
//! action → step → notification.

/// WORDS: pure values and rules. No I/O, no SQL, no async.
mod domain;

/// TIME: the clocks that the bot can run by.
mod clock;

/// WILL: what the operator decided.
mod config;

/// SERVICE: how long-running threads and tasks are woken, stopped and kept going.
mod service;

/// MEMORY: the only module that speaks SQL.
mod store;

/// DEEDS: one file is one sentence is one transaction.
mod actions;

/// TALK: the conversation without Telegram.
mod chat;

/// HANDS: blocking threads that claim a step, do it through the ports, record it.
mod worker;

/// DOOR to KIE and to the chat-completions API: blocking calls, typed answers.
mod provider;

/// DOOR to people: the Telegram bot.
mod telegram;

/// DOOR for programs that watch: metrics and health over HTTP.
mod metrics;

/// What the HOUSE is built from.
mod plan;

/// The parts of the HOUSE before any thread runs.
mod components;

/// HOUSE: all modules put together, opened and closed.
mod app;

/// DOOR for trying everything without accounts: stand-ins that speak the real wire formats.
mod sandbox;

/// DOOR for the operator: one file per command.
pub mod cli;

/// TESTING: what tests, benches and fuzz targets outside the crate may name.
pub mod testing;
