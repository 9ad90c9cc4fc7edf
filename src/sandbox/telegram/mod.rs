//! A stand-in for Telegram: the Bot API as bots see it, and the people who use it.

pub(crate) mod error;

pub(crate) mod formatted_text;

pub(crate) mod html;

pub(crate) mod keyboard;

pub(crate) mod files;

pub(crate) mod params;

pub(crate) mod fault;

pub(crate) mod flood;

pub(crate) mod message;

pub(crate) mod updates;

pub(crate) mod calls;

pub(crate) mod state;

pub(crate) mod stand_in;

pub(crate) mod shown;

pub(crate) mod person;

pub(crate) mod attachments;

pub(crate) mod picked;

pub(crate) mod payments;

pub(crate) mod methods;

pub(crate) mod decode;

pub(crate) mod stream;

pub(crate) mod poll;

pub(crate) mod server;
