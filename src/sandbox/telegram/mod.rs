//! A stand-in for Telegram: the Bot API as bots see it, and the people who use it.

pub mod error;

pub mod formatted_text;

pub mod html;

pub mod keyboard;

pub mod files;

pub mod params;

pub mod fault;

pub mod flood;

pub mod message;

pub mod updates;

pub mod calls;

pub mod state;

pub mod stand_in;

pub mod shown;

pub mod person;

pub mod attachments;

pub mod methods;

pub mod decode;

pub mod stream;

pub mod poll;

pub mod server;
