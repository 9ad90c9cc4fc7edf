//! Of `config`.

pub use crate::config::{
    check::check,
    dotenv::{Dotenv, Variables, dotenv},
    error::ConfigError,
    findings::Finding,
    parse::parse,
    proxy::Proxy,
    settings::Config,
};
