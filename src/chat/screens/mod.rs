//! One file per screen.

pub mod help;

pub mod start;

pub mod photo;

pub mod prompt;

pub mod own_text;

pub mod script;

pub mod order;

pub mod closing;

pub mod balance;

pub mod language;

pub mod hint;

pub mod alert;
