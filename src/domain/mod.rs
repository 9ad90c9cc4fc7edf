//! The words of the house: values and rules without I/O.

pub mod id;

pub mod time;

pub mod secret;

pub mod credits;

pub mod user;

pub mod key;

pub mod photo;

pub mod video;

pub mod preset;

pub mod job;

pub mod failure;

pub mod retry;

pub mod outage;

pub mod notification;

pub mod ports;

pub mod strange;
