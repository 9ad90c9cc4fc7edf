//! Of [`crate::config`].

pub use crate::config::check::check;
pub use crate::config::environment::dotenv;
pub use crate::config::error::ConfigError;
pub use crate::config::parse::parse;
pub use crate::config::settings::Config;
