//! What tests, benches and fuzz targets outside the crate may name, module by module, and what
//! the tests inside it share. Nothing else of the crate can be reached from outside.

pub mod malformed;

pub mod domain;

pub mod clock;

pub mod config;

pub mod service;

pub mod store;

pub mod actions;

pub mod chat;

pub mod worker;

pub mod provider;

pub mod telegram;

pub mod app;

pub mod sandbox;

pub mod cli;
