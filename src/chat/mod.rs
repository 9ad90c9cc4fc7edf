//! The conversation without Telegram: pure functions from facts to screens.

pub mod text;

pub mod tap;

pub mod screen;

pub mod key;

pub mod ftl;

pub mod check;

pub mod words;

pub mod voice;

pub mod overrides;

pub mod input;

pub mod own_text;

pub mod commands;

pub mod caption;

pub mod refusal;

pub mod screens;

pub mod notification;

pub mod settings;

pub mod reply;

pub mod conversation;

pub mod handlers;

pub mod router;

mod gallery;
