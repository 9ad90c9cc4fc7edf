//! What the bot does when a person does something: one file per subject.

pub mod start;

pub mod command;

pub mod photo;

pub mod text;

pub mod draft;

pub mod order;

pub mod alert;

pub mod language;

pub mod tap;
