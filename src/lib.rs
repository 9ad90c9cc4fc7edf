//! reelbot turns a product photo into short AI videos, in a Telegram chat.
//!
//! This page is the map of the house. The rooms stand in reading order, and
//! reading order is dependency order: each room uses only rooms above it, so
//! there is no circle. Data falls through the floors once: input → screen →
//! deed → step → told.

/// WORDS: pure values and rules. No I/O, no SQL, no async.
pub mod domain;

/// TIME: the clocks that the house can live by.
pub mod clock;

/// MEMORY: the only room that speaks SQL.
pub mod store;

/// TALK: the conversation without Telegram.
pub mod chat;

/// DOOR to people: the Telegram bot.
pub mod telegram;
