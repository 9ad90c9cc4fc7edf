//! `reelbot keys …`: the KIE API keys.

pub mod choose;

pub mod state;

pub mod ask;

pub mod add;

pub mod list;

pub mod test;

pub mod switch;

pub mod remove;

pub mod args;
