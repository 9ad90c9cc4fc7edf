//! What the bot does when a person does something: one file per subject.

pub(crate) mod start;

pub(crate) mod status;

pub(crate) mod command;

pub(crate) mod photo;

pub(crate) mod text;

pub(crate) mod script;

pub(crate) mod options;

pub(crate) mod draft;

pub(crate) mod order;

pub(crate) mod alert;

pub(crate) mod language;

pub(crate) mod tap;
