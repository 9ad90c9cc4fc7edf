//! The chat in the browser: several people side by side.

pub mod view;

pub mod reading;

pub mod sending;

pub mod routes;
