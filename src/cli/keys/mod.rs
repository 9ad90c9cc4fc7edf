//! `reelbot keys …`: the KIE API keys.

pub(crate) mod choose;

pub(crate) mod state;

pub(crate) mod ask;

pub(crate) mod add;

pub(crate) mod list;

pub(crate) mod test;

pub(crate) mod switch;

pub(crate) mod remove;

pub(crate) mod args;
