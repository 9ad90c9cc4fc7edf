//! `reelbot credits …`: people's credits.

pub(crate) mod book;

pub(crate) mod show;

pub(crate) mod args;
