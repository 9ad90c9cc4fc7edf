//! Of [`crate::service`].

pub use crate::service::stop::Stop;
