//! The Telegram bot: updates come in through the poller, messages and videos go
//! out through the outbox and the courier.

pub(crate) mod pause;

pub(crate) mod blocking;

pub(crate) mod error;

pub(crate) mod bot;

pub(crate) mod scripted;

pub(crate) mod api;

pub(crate) mod attachment;

mod service_notes;

pub(crate) mod answered;

pub(crate) mod parse;

pub(crate) mod received;

pub(crate) mod toasts;

pub(crate) mod answer;

pub(crate) mod checkouts;

pub(crate) mod streak;

pub(crate) mod setup;

pub(crate) mod menus;

pub(crate) mod webhook;

pub(crate) mod unconfirmed;

pub(crate) mod poller;

pub(crate) mod pace;

pub(crate) mod mp4;

pub(crate) mod parts;

pub(crate) mod message;

pub(crate) mod contents;

pub(crate) mod outcome;

pub(crate) mod in_flight;

pub(crate) mod statuses;

pub(crate) mod outbox;

pub(crate) mod courier;

pub(crate) mod photos;

pub(crate) mod handler;

pub(crate) mod service;
