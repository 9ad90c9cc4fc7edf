//! The domain: values and rules without I/O.

pub(crate) mod text;

pub(crate) mod article;

pub(crate) mod id;

pub(crate) mod album;

pub(crate) mod time;

pub(crate) mod rfc3339;

pub(crate) mod zone;

pub(crate) mod quiet;

pub(crate) mod vote;

pub(crate) mod export;

pub(crate) mod checkpoints;

pub(crate) mod pasted;

pub(crate) mod secret;

pub(crate) mod credits;

pub(crate) mod user;

pub(crate) mod key;

pub(crate) mod video;

pub(crate) mod photo;

pub(crate) mod voice_message;

pub(crate) mod mp4_box;

pub(crate) mod preset;

pub(crate) mod contact;

pub(crate) mod model;

pub(crate) mod options;

pub(crate) mod draft;

pub(crate) mod awaited;

pub(crate) mod job;

pub(crate) mod failure;

pub(crate) mod brief;

pub(crate) mod job_move;

pub(crate) mod job_row;

pub(crate) mod retry;

pub(crate) mod notification;

pub(crate) mod lane;

pub(crate) mod parcel;

pub(crate) mod ports;
