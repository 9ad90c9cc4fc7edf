//! Of `config`.

pub use crate::config::{
    check::check, environment::dotenv, error::ConfigError, parse::parse, proxy::Proxy,
    settings::Config,
};
