//! One file per screen.

pub(crate) mod help;

pub(crate) mod start;

pub(crate) mod photo;

pub(crate) mod prompt;

pub(crate) mod album;

pub(crate) mod own_text;

pub(crate) mod script;

pub(crate) mod order;

pub(crate) mod closing;

pub(crate) mod series;

pub(crate) mod balance;

pub(crate) mod language;

pub(crate) mod hint;

pub(crate) mod alert;
