//! Of `service`.

pub use crate::service::stop::Stop;
