//! The Telegram bot: updates come in through the poller, messages and videos go
//! out through the outbox and the courier.

pub mod pause;

pub mod blocking;

pub mod error;

pub mod bot;

pub mod scripted;

pub mod api;

pub mod arrival;

pub mod parse;

pub mod answer;

pub mod poller;

pub mod pace;

pub mod message;

pub mod outcome;

pub mod in_flight;

pub mod outbox;

pub mod mp4;

pub mod courier;

pub mod photos;

pub mod setup;

pub mod handler;

pub mod service;
