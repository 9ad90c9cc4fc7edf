//! The chat in the browser: several people side by side.

pub(crate) mod plays;

pub(crate) mod troubles;

pub(crate) mod view;

pub(crate) mod reading;

pub(crate) mod sending;

pub(crate) mod gallery;

pub(crate) mod routes;
