//! The door to people: updates come in through the poller, messages and
//! videos go out through the outbox and the courier.

pub mod stop;

pub mod blocking;

pub mod trouble;

pub mod bot;

pub mod scripted;

pub mod raw;

pub mod parse;

pub mod answer;

pub mod poller;

pub mod pace;

pub mod message;

pub mod outcome;

pub mod rings;

pub mod round;

pub mod outbox;

pub mod mp4;

pub mod courier;

pub mod photos;

pub mod setup;

pub mod handler;

pub mod door;
