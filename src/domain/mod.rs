//! The domain: values and rules without I/O.

pub mod id;

pub mod time;

pub mod secret;

pub mod credits;

pub mod user;

pub mod key;

pub mod photo;

pub mod video;

pub mod preset;

pub mod draft;

pub mod job;

pub mod failure;

pub mod job_move;

pub mod job_row;

pub mod retry;

pub mod notification;

pub mod ports;
