//! The chat in the browser: several people side by side, as on their phones.

pub mod view;

pub mod reading;

pub mod sending;

pub mod routes;
